"""Texts that are followed by their names, without a list that names them."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable

from scrapy import Request
from scrapy.http import Response

from limen.crawler.errors import PageError
from limen.crawler.pages.entry import Entry
from limen.crawler.spiders.base import DocumentSpider


class WatchingSpider(DocumentSpider):
    """Asks for each text that the source names in `watch`: its TOML is the only list."""

    @abstractmethod
    def watched(self) -> Iterable[Entry]:
        """Yield the entry of each text. Raises `PageError` for a name that is none."""

    def first_requests(self) -> Iterable[Request]:
        """Take up what is watched; nothing is left to ask for."""
        self.take(self.watched())
        self.recorder.counts["lists"] += 1  # the TOML, which was read
        return ()

    def discover(self, response: Response) -> Iterable[Request]:
        """Never called, since no list is asked for. Raises `PageError`."""
        raise PageError(f"{response.url}: texts are asked for by their names, and no list is read")
