"""The text of an answer, whatever it says of its encoding."""

from __future__ import annotations

from scrapy.http import Response, TextResponse

from limen.crawler.browser import RENDERED
from limen.crawler.errors import PageError
from limen.crawler.source_spec import SourceSpec


def page_text(response: Response, spec: SourceSpec) -> str:
    """Return the text of a page in the encoding that the source's TOML names, else in its own.

    What a browser has rendered is in the encoding that the browser chose.

    Raises:
        PageError: the answer is no text (a file, a picture).
    """
    if not isinstance(response, TextResponse):
        raise PageError(f"{response.url}: expected a page, but the answer is no text; look for the page's new address")
    if spec.encoding is None or RENDERED in response.meta:
        return response.text
    return response.body.decode(spec.encoding, "replace")
