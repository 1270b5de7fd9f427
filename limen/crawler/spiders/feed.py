"""Documents from RSS and Atom feeds."""

from __future__ import annotations

from collections.abc import Iterable

from scrapy import Request
from scrapy.http import Response

from limen.crawler.pages.feed import read_feed
from limen.crawler.source_spec import SourceKind
from limen.crawler.spiders.base import DocumentSpider


class FeedSpider(DocumentSpider):
    """Follows the items of a feed."""

    name = "feed"
    kind = SourceKind.FEED

    def discover(self, response: Response) -> Iterable[Request]:
        """Take the items. Raises `PageError` if the feed is none any more."""
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1") or None
        if self.spec.encoding:
            content_type = f"application/xml; charset={self.spec.encoding}"
        self.take(
            read_feed(
                response.body,
                url=response.url,
                zone=self.spec.timezone,
                content_type=content_type,
                deadline=self.spec.deadline,
            )
        )
        return ()
