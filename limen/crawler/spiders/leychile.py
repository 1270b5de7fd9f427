"""Norms of Chile, followed by their numbers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from typing import ClassVar

from scrapy import Request
from scrapy.http import Response

from limen.crawler.errors import PageError
from limen.crawler.pages.leychile import read_norm_hints, watched_norm
from limen.crawler.source_spec import SourceKind
from limen.crawler.spiders.base import DocumentSpider
from limen.domain.snapshot import Hints


class LeyChileSpider(DocumentSpider):
    """Asks for the version in force of each watched norm; there is no list to read."""

    kind: ClassVar[SourceKind] = SourceKind.LEYCHILE
    name = kind.value

    def first_requests(self) -> Iterable[Request]:
        """Take up what is watched; nothing is left to ask for."""
        self.take(watched_norm(number, service=self.spec.entry[0]) for number in self.spec.watch)
        self.recorder.counts["lists"] += 1  # the TOML itself is the list, and it was read
        return ()

    def discover(self, response: Response) -> AsyncIterator[Request]:
        """Never called, since no list is asked for. Raises `PageError`."""
        raise PageError(f"{response.url}: norms are asked for by their numbers, and no list is read")

    def page_hints(self, response: Response, hints: Hints) -> Hints:
        """Return what the norm says of its version. Raises `PageError` if the page is none."""
        return read_norm_hints(response.body, url=response.url, hints=hints, zone=self.spec.timezone)
