"""Norms of Chile, followed by their numbers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from scrapy.http import Response

from limen.crawler.pages.entry import Entry
from limen.crawler.pages.leychile import read_norm_hints, watched_norm
from limen.crawler.source_spec import SourceKind
from limen.crawler.spiders.watching import WatchingSpider
from limen.domain.snapshot import Hints


class LeyChileSpider(WatchingSpider):
    """Asks for the version in force of each watched norm."""

    kind: ClassVar[SourceKind] = SourceKind.LEYCHILE
    name = kind.value

    def watched(self) -> Iterable[Entry]:
        """Yield the entry of each norm. Raises `PageError` for what is no number."""
        return (watched_norm(number, service=self.spec.entry[0]) for number in self.spec.watch)

    def page_hints(self, response: Response, hints: Hints) -> Hints:
        """Return what the norm says of its version. Raises `PageError` if the page is none."""
        return read_norm_hints(response.body, url=response.url, hints=hints, zone=self.spec.timezone)
