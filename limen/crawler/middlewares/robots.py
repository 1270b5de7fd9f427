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

from limen.crawler.host_gate import HostGate
from limen.crawler.middlewares.address_policy import AddressRefused
from limen.crawler.middlewares.errors import CrawlStopped, HostResting, RobotsDenied, RobotsUnavailable


class _Closed(RobotParser):
    """The rules of a host that could not tell them: nothing is allowed. `why` is shown.

    `refused` if the policy forbids the host; `unasked` is why the rules were not even asked for, None if they were.
    """

    def __init__(self, why: str, *, refused: bool = False, unasked: HostResting | CrawlStopped | None = None) -> None:
        self.why = why
        self.refused = refused
        self.unasked = unasked

    @classmethod
    def from_crawler(cls, crawler: Any, robotstxt_body: bytes) -> _Closed:  # noqa: ARG003 - the base class's signature
        """Return rules that allow nothing, whatever the body says, and give no reason."""
        return cls("")

    def allowed(self, url: str | bytes, user_agent: str | bytes) -> bool:  # noqa: ARG002 - the base class's signature
        """Return False for every address."""
        return False


class StrictRobotsMiddleware(RobotsTxtMiddleware):
    """Scrapy's middleware, but 5xx, 429 and failures close the host for this run, and Crawl-delay is kept."""

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        """Let an allowed request pass.

        Raises:
            RobotsDenied: the rules forbid it.
            RobotsUnavailable: the rules could not be had.
            AddressRefused: the host may not be called at all.
            HostResting: the host wants to be left alone.
            CrawlStopped: the crawl was asked to end before the rules were there.
        """
        if isinstance(rp, _Closed):
            if rp.unasked is not None:
                raise rp.unasked
            if rp.refused:
                raise AddressRefused(rp.why, request)
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
        if isinstance(exc, HostResting | CrawlStopped):
            self._close(netloc, str(exc), unasked=exc)
        elif isinstance(exc, AddressRefused) and not exc.redirected:
            self._close(netloc, exc.reason, refused=True)
        else:
            self._close(netloc, f"{netloc}/robots.txt cannot be fetched: {describe(exc)}")

    def _close(
        self, netloc: str, why: str, *, refused: bool = False, unasked: HostResting | CrawlStopped | None = None
    ) -> None:
        self._stats.inc_value("robotstxt/unavailable")
        waiting = self._parsers[netloc]
        assert isinstance(waiting, Deferred)
        closed = _Closed(why, refused=refused, unasked=unasked)
        self._parsers[netloc] = closed
        waiting.callback(closed)

    def _keep_delay(self, netloc: str) -> None:
        rules = self._parsers[netloc]
        if rules is None or isinstance(rules, Deferred | _Closed):
            return
        delay = rules.crawl_delay(self._robotstxt_useragent or self._default_useragent)
        gate: HostGate = self.crawler.settings["LIMEN_HOST_GATE"]
        if delay:
            gate.slow_down(netloc.rpartition("@")[2].lower(), crawl_delay=float(delay))


def describe(error: BaseException) -> str:
    """Return an error in a line: its own words, or its name where it has none."""
    return " ".join(str(error).split())[:300] or type(error).__name__
