"""Consolidated regulations and acts of Canada, followed by the names of their files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from scrapy.http import Response

from limen.crawler.pages.entry import Entry
from limen.crawler.pages.justice_laws import read_law_hints, watched_law
from limen.crawler.source_spec import SourceKind
from limen.crawler.spiders.watching import WatchingSpider
from limen.domain.snapshot import Hints


class JusticeLawsCaSpider(WatchingSpider):
    """Asks for the consolidation of each watched regulation or act."""

    kind: ClassVar[SourceKind] = SourceKind.JUSTICE_LAWS_CA
    name = kind.value

    def watched(self) -> Iterable[Entry]:
        """Yield the entry of each regulation or act."""
        base, language = self.spec.entry[0], self.spec.language
        return (watched_law(name, base=base, language=language) for name in self.spec.watch)

    def page_hints(self, response: Response, hints: Hints) -> Hints:
        """Return the title and the date of the consolidation. Raises `PageError` if the page is none."""
        return read_law_hints(response.body, url=response.url, hints=hints, zone=self.spec.timezone)
