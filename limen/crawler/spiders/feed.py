"""Documents from RSS and Atom feeds."""

from __future__ import annotations

from collections.abc import Iterable

from scrapy import Request
from scrapy.http import Response

from limen.crawler.pages.entry import Entry
from limen.crawler.pages.feed import read_feed
from limen.crawler.source_spec import SourceKind, SourceSpec
from limen.crawler.spiders.base import DocumentSpider


class FeedSpider(DocumentSpider):
    """Follows the items of a feed."""

    name = "feed"
    kind = SourceKind.FEED

    def discover(self, response: Response) -> Iterable[Request]:
        """Take the items. Raises `PageError` if the feed is none any more."""
        self.take(feed_entries(response, self.spec))
        return ()


def feed_entries(response: Response, spec: SourceSpec) -> tuple[Entry, ...]:
    """Return the entries of a feed as its source wants them read. Raises `PageError` if it is none."""
    return read_feed(
        response.body,
        url=response.url,
        zone=spec.timezone,
        content_type=(response.headers.get("Content-Type") or b"").decode("latin-1") or None,
        encoding=spec.encoding,
        deadline=spec.deadline,
    )
