"""robots.txt, obeyed strictly (RFC 9309): a server that cannot tell its rules is left alone."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from twisted.internet.defer import Deferred

from limen.crawler.middlewares.closed_host import HostClosed

LONGEST_DELAY = 120.0
"""Seconds of a Crawl-delay that are kept to; a site that asks for more is crawled at this pace."""


class RobotsDenied(IgnoreRequest):
    """The site's robots.txt forbids this page to Limen. It is left out; ask the site, or remove it from the source."""


class RobotsUnavailable(HostClosed):
    """The site's robots.txt could not be had (5xx, time-out, no connection), so nothing of the site may be fetched now."""


class _Closed(RobotParser):
    """The rules of a host that could not tell them: nothing is allowed. `why` is shown."""

    def __init__(self, why: str) -> None:
        self.why = why

    @classmethod
    def from_crawler(cls, crawler: Any, robotstxt_body: bytes) -> _Closed:  # noqa: ARG003 - the base class's signature
        return cls("")

    def allowed(self, url: str | bytes, user_agent: str | bytes) -> bool:  # noqa: ARG002 - the base class's signature
        return False


class StrictRobotsMiddleware(RobotsTxtMiddleware):
    """Scrapy's middleware, but 5xx, 429 and failures close the host for this run, and Crawl-delay is kept."""

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        """Let an allowed request pass.

        Raises:
            RobotsDenied: the rules forbid it.
            RobotsUnavailable: the rules could not be had.
        """
        if isinstance(rp, _Closed):
            parts = urlsplit(request.url)
            raise RobotsUnavailable(rp.why, url=f"{parts.scheme}://{parts.netloc}/robots.txt")
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest as error:
            raise RobotsDenied(f"{urlsplit(request.url).netloc}/robots.txt forbids it") from error

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500 or response.status == 429:
            self._close(netloc, f"{netloc}/robots.txt answers {response.status}")
            return
        if response.status >= 400:
            response = response.replace(body=b"")
        await super()._parse_robots(response, netloc, request)
        self._keep_delay(netloc)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        self._close(netloc, f"{netloc}/robots.txt cannot be fetched: {describe(exc)}")

    def _close(self, netloc: str, why: str) -> None:
        self._stats.inc_value("robotstxt/unavailable")
        waiting = self._parsers[netloc]
        assert isinstance(waiting, Deferred)
        closed = _Closed(why)
        self._parsers[netloc] = closed
        waiting.callback(closed)

    def _keep_delay(self, netloc: str) -> None:
        rules = self._parsers[netloc]
        if rules is None or isinstance(rules, Deferred | _Closed):
            return
        delay = rules.crawl_delay(self._robotstxt_useragent or self._default_useragent)
        downloader = self.crawler.engine.downloader if self.crawler.engine else None
        if not delay or downloader is None:
            return
        host = urlsplit(f"//{netloc}").hostname or netloc
        delay = max(min(float(delay), LONGEST_DELAY), self.crawler.settings.getfloat("DOWNLOAD_DELAY"))
        # The slot of now, and those that Scrapy makes after the host was idle for a minute.
        downloader.per_slot_settings[host] = {"delay": delay, "concurrency": 1, "jitter": 0.0}
        slot = downloader.slots.get(host)
        if slot is not None:
            slot.delay, slot.jitter, slot.concurrency = delay, 0.0, 1


def describe(error: BaseException) -> str:
    """Return an error in a line: its own words, or its name where it has none."""
    return " ".join(str(error).split())[:300] or type(error).__name__
