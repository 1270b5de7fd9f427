"""Keys that services ask for. They come from the environment, and go nowhere but into the headers of requests to the service."""

from __future__ import annotations

import os

from limen.crawler.errors import CrawlerError
from limen.crawler.source_spec import SourceSpec


def api_headers(spec: SourceSpec) -> dict[str, str]:
    """Return the header with the key of a source; empty if it needs none, or can do without and none is set.

    Raises:
        CrawlerError: the key is required and its environment variable is not set.
    """
    credentials = spec.credentials
    if credentials is None:
        return {}
    key = os.environ.get(credentials.env, "").strip() or credentials.fallback
    if key:
        return {credentials.header: key}
    if credentials.required:
        raise CrawlerError(
            f"{spec.id}: the service asks for a key; get one from {spec.homepage} and set the environment variable "
            f"{credentials.env}, or switch the source off"
        )
    return {}
