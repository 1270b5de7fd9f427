"""Acts and proposals of the European Union, named by CELLAR's SPARQL service and fetched from it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from datetime import timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from scrapy import Request
from scrapy.http import Response

from limen.crawler.errors import PageError
from limen.crawler.pages.eurlex import (
    PAGE_SIZE,
    acts_query,
    missing_acts,
    new_acts_query,
    query_url,
    read_acts,
    read_rows,
    split_watch,
)
from limen.crawler.source_spec import SourceKind
from limen.crawler.spiders.base import DocumentSpider

_NEW = timedelta(days=60)
"""How far back acts are new: some reach CELLAR weeks after their date."""
_PATIENCE = 180
"""Seconds; the service takes up to a minute for a question."""


class EurLexSpider(DocumentSpider):
    """Follows watched acts with their consolidated versions and corrigenda, and new acts of watched kinds."""

    kind: ClassVar[SourceKind] = SourceKind.EURLEX
    name = kind.value

    def first_requests(self) -> Iterable[Request]:
        """Yield one question for the watched acts, and one for each watched kind. Raises `PageError` for a wrong watch."""
        acts, kinds = split_watch(self.spec.watch)
        if acts:
            yield self._ask(acts_query(acts))
        for kind in kinds:
            yield self._ask(self._new_acts(kind, offset=0), limen_kind=kind)

    async def discover(self, response: Response) -> AsyncIterator[Request]:
        """Take up acts, and yield the question for the rows after them.

        Raises:
            PageError: the answer is no SPARQL result, or lacks acts that are watched.
        """
        rows = read_rows(response.body, url=response.url)
        self.take(read_acts(rows, service=self.spec.entry[0], zone=self.spec.timezone))
        kind = response.meta.get("limen_kind")
        if kind is None and (missing := missing_acts(split_watch(self.spec.watch)[0], rows)):
            raise PageError(f"CELLAR names no English text of {', '.join(missing)}; correct watch in the source's TOML")
        if kind is not None and len(rows) == PAGE_SIZE and self.may_take_more:
            offset = response.meta.get("limen_offset", 0) + PAGE_SIZE
            yield self._ask(self._new_acts(kind, offset=offset), limen_kind=kind, limen_offset=offset)

    def _new_acts(self, kind: str, *, offset: int) -> str:
        today = self.recorder.clock().astimezone(ZoneInfo(self.spec.timezone)).date()
        return new_acts_query(kind, since=today - _NEW, until=today, offset=offset)

    def _ask(self, query: str, **meta: Any) -> Request:
        url = query_url(self.spec.entry[0], query)
        return self.list_request(url, callback=self.discover, download_timeout=_PATIENCE, **meta)
