"""A spider whose code breaks where a test wants it to, in place of the one for feeds."""

from __future__ import annotations

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from limen.crawler.source_spec import SourceKind, SourceSpec
from limen.crawler.spiders.base import DocumentSpider
from limen.crawler.spiders.feed import FeedSpider
from limen.domain.snapshot import Hints


class BrokenFeedSpider(DocumentSpider):
    """Breaks at lists and pages that have `broken` in their address, and before all where the source is `unprepared`."""

    name = "feed"
    kind = SourceKind.FEED

    def prepare(self, crawler: Crawler, spec: SourceSpec) -> None:
        if spec.id == "unprepared":
            raise OSError("no space left on device")
        super().prepare(crawler, spec)

    def discover(self, response: Response) -> list[Request]:
        if "broken" in response.url:
            raise KeyError("channel")
        return list(FeedSpider.discover(self, response))  # type: ignore[arg-type]

    def page_hints(self, response: Response, hints: Hints) -> Hints:
        if "broken" in response.url:
            raise AttributeError("no such thing")
        return hints
