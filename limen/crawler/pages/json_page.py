"""Pages that a service gives as JSON with the HTML of a document in it."""

from __future__ import annotations

from limen.crawler.errors import PageError
from limen.crawler.pages.json_path import first_text, parse_json


def page_html(body: bytes, *, path: str, url: str) -> str:
    """Return the HTML at a path of a JSON answer.

    Raises:
        PageError: the answer is no JSON, or holds no text there.
    """
    markup = first_text(parse_json(body, url=url), path)
    if markup is None:
        raise PageError(
            f"{url}: the answer holds no text at {path!r}; the service has changed: correct [detail] content "
            "in the source's TOML"
        )
    return markup
