"""Ask only for what has changed: ETag and Last-Modified of the newest stored bytes go with the request (RFC 9110, 13)."""

from __future__ import annotations

from scrapy import Request
from scrapy.crawler import Crawler

from limen.crawler.recorder import Recorder

DOCUMENT = "limen_document"
"""Meta key of requests for pages and attachments, with the canonical URL that they are stored under."""


class ConditionalGetMiddleware:
    """Adds validators to requests for documents; a 304 then reaches the spider as it is."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ConditionalGetMiddleware:
        """Build the middleware as Scrapy asks for it."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Add the validators once; a retry or redirect keeps them."""
        url = request.meta.get(DOCUMENT)
        if url is None or "limen_conditional" in request.meta:
            return
        recorder: Recorder = self._crawler.spider.recorder  # type: ignore[union-attr]
        known = await recorder.last(url)
        request.meta["limen_conditional"] = known is not None
        if known is None:
            return
        request.meta["handle_httpstatus_list"] = [304]
        if known.etag:
            request.headers["If-None-Match"] = known.etag
        if known.last_modified:
            request.headers["If-Modified-Since"] = known.last_modified
