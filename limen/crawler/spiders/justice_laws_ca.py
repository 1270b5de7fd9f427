"""Consolidated regulations and acts of Canada, followed by the names of their files."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from typing import ClassVar

from scrapy import Request
from scrapy.http import Response

from limen.crawler.errors import PageError
from limen.crawler.pages.justice_laws import read_law_hints, watched_law
from limen.crawler.source_spec import SourceKind
from limen.crawler.spiders.base import DocumentSpider
from limen.domain.snapshot import Hints


class JusticeLawsCaSpider(DocumentSpider):
    """Asks for each watched text; there is no list to read."""

    kind: ClassVar[SourceKind] = SourceKind.JUSTICE_LAWS_CA
    name = kind.value

    def first_requests(self) -> Iterable[Request]:
        """Take up what is watched; nothing is left to ask for."""
        base, language = self.spec.entry[0], self.spec.language
        self.take(watched_law(name, base=base, language=language) for name in self.spec.watch)
        self.recorder.counts["lists"] += 1  # the TOML itself is the list, and it was read
        return ()

    def discover(self, response: Response) -> AsyncIterator[Request]:
        """Never called, since no list is asked for. Raises `PageError`."""
        raise PageError(f"{response.url}: texts are asked for by the names of their files, and no list is read")

    def page_hints(self, response: Response, hints: Hints) -> Hints:
        """Return the title and the date of the consolidation. Raises `PageError` if the page is none."""
        return read_law_hints(response.body, url=response.url, hints=hints, zone=self.spec.timezone)
