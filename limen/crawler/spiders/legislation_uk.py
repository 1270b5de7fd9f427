"""Statutory instruments and acts from the feeds of legislation.gov.uk, and those that are followed by name."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from typing import ClassVar

from scrapy import Request
from scrapy.http import Response

from limen.crawler.pages.legislation_uk import read_instrument_hints, read_legislation_feed, watched_instrument
from limen.crawler.source_spec import SourceKind
from limen.crawler.spiders.base import DocumentSpider
from limen.domain.snapshot import Hints

_MAX_PAGES = 10
"""Of one feed, twenty instruments each, newest first: a feed goes back for decades."""


class LegislationUkSpider(DocumentSpider):
    """Follows Atom feeds to the XML of instruments, and watched ones in their current version."""

    kind: ClassVar[SourceKind] = SourceKind.LEGISLATION_UK
    name = kind.value

    def first_requests(self) -> Iterable[Request]:
        """Take up what is watched, and yield the requests for the feeds."""
        self.take(watched_instrument(name, site=self.spec.entry[0]) for name in self.spec.watch)
        return super().first_requests()

    async def discover(self, response: Response) -> AsyncIterator[Request]:
        """Take up a feed's entries, and yield the request for its next page. Raises `PageError` if it is no feed."""
        feed = read_legislation_feed(response.body, url=response.url, zone=self.spec.timezone)
        self.take(feed.entries)
        number = response.meta.get("limen_page", 1)
        if feed.following is not None and number < _MAX_PAGES and self.may_take_more:
            yield self.list_request(feed.following, callback=self.discover, limen_page=number + 1)

    def page_hints(self, response: Response, hints: Hints) -> Hints:
        """Return what the instrument says of itself beside what the feed said. Raises `PageError` if it is none."""
        return read_instrument_hints(response.body, url=response.url, hints=hints, zone=self.spec.timezone)
