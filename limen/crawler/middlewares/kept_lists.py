"""Lists, feeds and sitemaps are asked for only if they have changed; what is unchanged is read from the last run's answer."""

from __future__ import annotations

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes

from limen.crawler.browser import RENDERED
from limen.crawler.ports import KeptList
from limen.crawler.recorder import Recorder

LIST = "limen_list"
"""Meta key of requests for lists."""
KEPT = "limen_kept"
"""Meta key with the answer of the last run; still there in a response that is this answer."""


class KeptListsMiddleware:
    """Adds the validators of the newest answer to requests for lists (RFC 9110, 13), and gives that answer for a 304."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> KeptListsMiddleware:
        """Build the middleware as Scrapy asks for it."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Add the validators once; a retry or redirect keeps them."""
        if LIST not in request.meta or request.method != "GET" or KEPT in request.meta or RENDERED in request.meta:
            return
        recorder: Recorder = self._crawler.spider.recorder  # type: ignore[union-attr]
        kept = request.meta[KEPT] = await recorder.kept_list(request.url)
        if kept is None:
            return
        if kept.etag:
            request.headers["If-None-Match"] = kept.etag
        if kept.last_modified:
            request.headers["If-Modified-Since"] = kept.last_modified

    def process_response(self, request: Request, response: Response) -> Response:
        """Return the kept answer in place of a 304."""
        kept: KeptList | None = request.meta.get(KEPT)
        if response.status != 304 or kept is None:
            request.meta.pop(KEPT, None)
            return response
        headers = Headers(dict(kept.headers))
        kind = responsetypes.from_args(headers=headers, url=response.url, body=kept.body)
        return kind(response.url, status=200, headers=headers, body=kept.body, flags=["unchanged"], request=request)


def kept_list(response: Response, *, even_if_unconditional: bool = False) -> KeptList | None:
    """Return what to keep of a list's answer; None if it is the kept one, or could not be asked for conditionally."""
    if "unchanged" in response.flags or response.request is None:
        return None
    etag, last_modified = _header(response, "ETag"), _header(response, "Last-Modified")
    by_server = response.request.method == "GET" and RENDERED not in response.request.meta
    conditional = by_server and bool(etag or last_modified)
    if not conditional and not even_if_unconditional:
        return None
    headers = tuple((name, value) for name in ("Content-Type", "X-WP-TotalPages") if (value := _header(response, name)))
    return KeptList(etag=etag, last_modified=last_modified, headers=headers, body=response.body)


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None
