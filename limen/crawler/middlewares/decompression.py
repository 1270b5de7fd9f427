"""Answers are unpacked only as far as their source allows: a few bytes must not become gigabytes."""

from __future__ import annotations

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

HARMLESS = 1_000_000
"""Bytes that an answer may unpack to whatever its ratio: a page of spaces is no bomb."""
MOST_LAYERS = 2
"""How often an answer may be packed."""


class UnpacksTooFar(IgnoreRequest):
    """An answer unpacks to more than its source allows; unpacking ended there. The message says what to raise.

    `reason` is the message without the address.
    """

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"{url}: {reason}")
        self.reason = reason


class DecompressionMiddleware(HttpCompressionMiddleware):
    """Scrapy's middleware with a limit on the ratio (setting `LIMEN_MAX_RATIO`, from `[limits] max_ratio`)."""

    def __init__(self, *, crawler: Crawler) -> None:
        super().__init__(crawler=crawler)
        self._ratio = crawler.settings.getint("LIMEN_MAX_RATIO")
        self._most = crawler.settings.getint("DOWNLOAD_MAXSIZE")

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """Unpack an answer.

        Raises:
            UnpacksTooFar: it grows beyond `max_ratio` times its size, or beyond `max_bytes`.
        """
        if b"Content-Encoding" not in response.headers:
            return response
        layers = b",".join(response.headers.getlist("Content-Encoding")).count(b",") + 1
        if layers > MOST_LAYERS:
            raise UnpacksTooFar(response.url, f"the answer is packed {layers} times; open it by hand")
        packed, most = len(response.body), request.meta.get("download_maxsize", self._most)
        by_ratio = max(HARMLESS, packed * self._ratio)
        limit = min(most, by_ratio) if most else by_ratio
        limited = request.replace(meta={**request.meta, "download_maxsize": limit})
        try:
            answer: Request | Response = super().process_response(limited, response)
        except IgnoreRequest as error:
            key, value = ("max_ratio", self._ratio) if by_ratio == limit else ("max_bytes", most)
            raise UnpacksTooFar(
                response.url,
                f"its {packed} bytes unpack to more than {limit}; raise [limits] {key} (now {value}) "
                "in the source's TOML if you want it",
            ) from error
        return answer
