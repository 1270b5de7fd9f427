"""Documents from the posts of WordPress sites."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from enum import Enum
from http import HTTPStatus

from scrapy import Request
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from limen.crawler.errors import PageError
from limen.crawler.failures import issue_for
from limen.crawler.middlewares.errors import CrawlStopped, RobotsDenied
from limen.crawler.pages.wordpress import feed_url, page_count, posts_url, read_posts
from limen.crawler.source_spec import SourceKind
from limen.crawler.spiders.base import DocumentSpider
from limen.crawler.spiders.feed import feed_entries


class Way(Enum):
    """How posts are asked for. Each is tried where the one before is closed."""

    API = 1
    PLAIN_API = 2
    FEED = 3


class WordPressSpider(DocumentSpider):
    """Takes the posts modified last. A site that closes its API is read through its feed."""

    name = "wordpress"
    kind = SourceKind.WORDPRESS

    def first_requests(self) -> Iterable[Request]:
        """Yield the requests for the first page of posts of each site."""
        for entry in self.spec.entry:
            yield self._asked(entry, Way.API, page=1)

    async def discover(self, response: Response) -> AsyncIterator[Request]:
        """Take the posts and yield the request for the next page, or for the next way where this one gives none.

        Raises `PageError` if the last way gives none either.
        """
        entry, way, page = (response.meta[key] for key in ("limen_entry", "limen_way", "limen_page"))
        if way is Way.FEED:
            self.take(feed_entries(response, self.spec))
            return
        try:
            entries = read_posts(response.body, url=response.url)
        except PageError:
            if page > 1:
                raise
            yield self._asked(entry, Way(way.value + 1), page=1)
            return
        self.take(entries)
        header = response.headers.get("X-WP-TotalPages")
        pages = page_count(header.decode("latin-1") if header else None)
        # A cache may have dropped the header; then a full page may have another one after it.
        more = page < pages if pages is not None else len(entries) >= self.spec.wordpress.per_page
        if more and page < self.spec.wordpress.max_pages and self.may_take_more:
            yield self._asked(entry, way, page=page + 1)

    async def refused(self, failure: Failure) -> AsyncIterator[Request]:
        """Yield the request for the next way where a site refuses one; every other failure is an issue."""
        meta = failure.request.meta  # type: ignore[attr-defined]
        error = failure.value
        status = error.response.status if isinstance(error, HttpError) else None
        if meta["limen_page"] > 1 and status == HTTPStatus.BAD_REQUEST:
            return  # WordPress says so to a page after the last
        if meta["limen_page"] == 1 and isinstance(error, RobotsDenied):
            yield self._asked(meta["limen_entry"], Way.FEED, page=1)
        elif meta["limen_page"] == 1 and status not in (None, HTTPStatus.TOO_MANY_REQUESTS):
            yield self._asked(meta["limen_entry"], Way(meta["limen_way"].value + 1), page=1)
        elif not isinstance(error, CrawlStopped):
            await self.lists.lost(issue_for(failure))

    def _asked(self, entry: str, way: Way, *, page: int) -> Request:
        if way is Way.FEED:
            url = feed_url(entry)
        else:
            url = posts_url(entry, rules=self.spec.wordpress, page=page, pretty=way is Way.API)
        return self.list_request(
            url,
            callback=self.discover,
            errback=None if way is Way.FEED else self.refused,
            limen_entry=entry,
            limen_way=way,
            limen_page=page,
        )
