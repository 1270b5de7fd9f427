"""The last thing a request passes on its way out: the gate of its host."""

from __future__ import annotations

from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from limen.crawler.host_gate import GateAbandoned, GateClosed, HostGate
from limen.crawler.middlewares.errors import CrawlStopped, HostResting
from limen.crawler.recorder import Recorder
from limen.crawler.source_spec import SourceSpec

_ENTERED = "limen_gate"


class PolitenessMiddleware:
    """Holds requests back until their host may be asked, whichever sources ask it."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._gate: HostGate = crawler.settings["LIMEN_HOST_GATE"]

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PolitenessMiddleware:
        """Build the middleware as Scrapy asks for it."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Return when the request may be sent.

        Raises:
            HostResting: the host has asked for more peace than a run waits for.
            CrawlStopped: the crawl was asked to end meanwhile.
        """
        spider = self._crawler.spider
        spec: SourceSpec = spider.spec  # type: ignore[union-attr]
        recorder: Recorder = spider.recorder  # type: ignore[union-attr]
        host = host_of(request.url)
        if not self._gate.knows(host) and (seconds := await recorder.resting_seconds(host)) > 0:
            self._gate.rest(host, seconds=seconds)
        try:
            await self._gate.enter(
                host,
                delay=spec.politeness.delay,
                concurrency=spec.politeness.concurrency,
                alive=lambda: bool(self._crawler.crawling),
            )
        except GateClosed as closed:
            parts = urlsplit(request.url)
            raise HostResting(str(closed), url=f"{parts.scheme}://{parts.netloc}/") from closed
        except GateAbandoned as abandoned:
            raise CrawlStopped(f"{request.url}: the crawl was stopped while it waited for its host") from abandoned
        request.meta[_ENTERED] = host

    def process_response(self, request: Request, response: Response) -> Response:
        """Let the next one through."""
        self._leave(request)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:  # noqa: ARG002 - Scrapy's signature
        """Let the next one through."""
        self._leave(request)

    def _leave(self, request: Request) -> None:
        host = request.meta.pop(_ENTERED, None)
        if host is not None:
            self._gate.leave(host)


def host_of(url: str) -> str:
    """Return the host and port of an address: what is asked gently, whatever the pages."""
    return urlsplit(url).netloc.rpartition("@")[2].lower()
