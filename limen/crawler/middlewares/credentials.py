"""Keys of services go to the services only."""

from __future__ import annotations

from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler

from limen.crawler.source_spec import SourceSpec


class CredentialsMiddleware:
    """Takes the source's key off requests that a redirect or an answer leads elsewhere than to its entry points.

    Scrapy does so for `Authorization` and cookies, and knows of no other header.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CredentialsMiddleware:
        """Build the middleware as Scrapy asks for it."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Let a request pass, without the key where scheme, host and port are those of no entry point."""
        spec: SourceSpec = self._crawler.spider.spec  # type: ignore[union-attr]
        if spec.credentials is not None and _origin(request.url) not in map(_origin, spec.entry):
            request.headers.pop(spec.credentials.header, None)


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.lower()
