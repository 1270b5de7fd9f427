"""Retries that come when the server wants them to."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.http import Response
from scrapy.settings import BaseSettings

from limen.crawler.host_gate import HostGate
from limen.crawler.middlewares.errors import HostResting
from limen.crawler.middlewares.politeness import host_of
from limen.crawler.recorder import Recorder

_ASKING = (429, 503)
_LONGEST_REST = 30 * 86_400.0
"""Seconds; a server that names more has mistaken seconds for something else, and is asked again after so long."""


class RetryAfterMiddleware(RetryMiddleware):
    """Scrapy's retries, with 429, 503 and `Retry-After` (RFC 9110, 10.2.3) obeyed by all requests to the host.

    A refusal without a time doubles the pause with each one in a row, from `RETRY_BACKOFF` seconds. A host that asks for
    more than `RETRY_AFTER_LONGEST` seconds is asked nothing more in this run, nor by others until the time has passed.
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
        self._backoff = settings.getfloat("RETRY_BACKOFF")
        self._gate: HostGate = settings["LIMEN_HOST_GATE"]

    async def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """Note what the host asks for, then retry as Scrapy does. Raises `HostResting`."""
        host = host_of(request.url)
        if response.status not in _ASKING:
            self._gate.answered(host)
        else:
            refusals = self._gate.refused(host)
            stated = retry_after(response, now=datetime.now(UTC))
            seconds = self._backoff * 2.0 ** (refusals - 1) if stated is None else stated
            self._gate.rest(host, seconds=seconds)
            if stated or seconds > self._longest:
                recorder: Recorder = self.crawler.spider.recorder  # type: ignore[union-attr]
                await recorder.rest(host, seconds=seconds)
            if seconds > self._longest:
                parts = urlsplit(request.url)
                raise HostResting(
                    f"{host} asks for {seconds:.0f} seconds of peace", url=f"{parts.scheme}://{parts.netloc}/"
                )
        answer: Request | Response = super().process_response(request, response)
        return answer


def retry_after(response: Response, *, now: datetime) -> float | None:
    """Return the seconds that a server asks to wait, or None if it names none (or writes nonsense)."""
    value = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if value.isascii() and value.isdigit():
        return min(float(value), _LONGEST_REST)
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max(0.0, (moment - now).total_seconds()), _LONGEST_REST)
