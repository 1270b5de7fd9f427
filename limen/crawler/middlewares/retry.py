"""Retries that come when the server wants them to."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.http import Response
from scrapy.settings import BaseSettings

from limen.crawler.middlewares.closed_host import CrawlStopped, HostClosed

_ASKING = (429, 503)
_STEP = 0.5
"""Seconds after which a waiting request looks whether the crawl still goes on."""


class HostResting(HostClosed):
    """The host asked for more peace than a run can give it. It is left alone until the next run."""


class RetryAfterMiddleware(RetryMiddleware):
    """Scrapy's retries, with `Retry-After` (RFC 9110, 10.2.3) obeyed by all requests to the host.

    A host that asks for more than `RETRY_AFTER_LONGEST` seconds is asked nothing more in this run.
    """

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RetryAfterMiddleware:
        """Build the middleware as Scrapy asks for it."""
        middleware = cls(crawler.settings)
        middleware.crawler = crawler
        return middleware

    def __init__(self, settings: BaseSettings) -> None:
        super().__init__(settings)
        self._longest = settings.getfloat("RETRY_AFTER_LONGEST")
        self._not_before: dict[str, float] = {}

    async def process_request(self, request: Request) -> None:
        """Hold a request back while its host has asked for peace.

        Raises:
            HostResting: that would take too long.
            CrawlStopped: the crawl was asked to end meanwhile.
        """
        while (wait := self._wait(request)) > 0:
            if wait > self._longest:
                raise self._resting(request, wait)
            if not self.crawler.crawling:
                raise CrawlStopped(f"{request.url}: the crawl was stopped while its host wanted peace")
            await asyncio.sleep(min(wait, _STEP))

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """Note what the host asks for, then retry as Scrapy does. Raises `HostResting`."""
        seconds = retry_after(response, now=datetime.now(UTC)) if response.status in _ASKING else None
        if seconds:
            host = urlsplit(request.url).netloc
            until = asyncio.get_running_loop().time() + seconds
            self._not_before[host] = max(until, self._not_before.get(host, 0.0))
            if seconds > self._longest:
                raise self._resting(request, seconds)
        answer: Request | Response = super().process_response(request, response)
        return answer

    def _wait(self, request: Request) -> float:
        return self._not_before.get(urlsplit(request.url).netloc, 0.0) - asyncio.get_running_loop().time()

    def _resting(self, request: Request, seconds: float) -> HostResting:
        parts = urlsplit(request.url)
        return HostResting(f"asks for {seconds:.0f} seconds of peace", url=f"{parts.scheme}://{parts.netloc}/")


def retry_after(response: Response, *, now: datetime) -> float | None:
    """Return the seconds that a server asks to wait, or None if it names none (or writes nonsense)."""
    value = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())
