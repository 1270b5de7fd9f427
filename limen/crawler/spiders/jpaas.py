"""Documents from the columns of a jpaas publish server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable

from scrapy import Request
from scrapy.http import Response

from limen.crawler.pages.jpaas import Unit, find_unit, page_size_of, read_rows, unit_of_rules, unit_url
from limen.crawler.source_spec import SourceKind
from limen.crawler.spiders.base import DocumentSpider
from limen.crawler.spiders.page_text import page_text


class JpaasSpider(DocumentSpider):
    """Asks the server's API for the rows of a column; what the TOML does not say of it the column page tells."""

    name = "jpaas"
    kind = SourceKind.JPAAS

    def first_requests(self) -> Iterable[Request]:
        """Yield requests for the rows, or for the column pages where they are needed to ask for rows."""
        for column in self.spec.entry:
            unit = unit_of_rules(self.spec.jpaas, column_url=column)
            if unit is None:
                yield self.list_request(column, callback=self.discover)
            else:
                yield self._page(unit, column, page=1, seen=frozenset())

    async def discover(self, response: Response) -> AsyncIterator[Request]:
        """Yield the request for the rows of a column page. Raises `PageError` if the page does not name them."""
        unit = find_unit(page_text(response, self.spec), column_url=response.url, rules=self.spec.jpaas)
        yield self._page(unit, response.url, page=1, seen=frozenset())

    async def read_rows(self, response: Response) -> AsyncIterator[Request]:
        """Take the rows and yield the request for the next page. Raises `PageError` if there are none."""
        meta = response.meta
        column, page, seen = meta["limen_column"], meta["limen_page"], meta["limen_seen"]
        entries = read_rows(
            response.body,
            url=response.url,
            column_url=column,
            listing=self.spec.listing,
            zone=self.spec.timezone,
            page=page,
            deadline=self.spec.deadline,
        )
        self.take(entries)
        listed = {entry.url for entry in entries}
        last = self.spec.listing.max_pages if self.spec.listing is not None else 1
        # A server that does not count pages gives the first one again.
        if page < last and not listed <= seen and self.may_take_more:
            yield self._page(meta["limen_unit"], column, page=page + 1, seen=seen | listed)

    def _page(self, unit: Unit, column: str, *, page: int, seen: frozenset[str]) -> Request:
        return self.list_request(
            unit_url(unit, page=page, page_size=page_size_of(self.spec.jpaas, self.spec.listing)),
            callback=self.read_rows,
            # As the column page asks: without the page that it is for, some servers refuse.
            headers={"Accept": "application/json", "Referer": column},
            limen_unit=unit,
            limen_column=column,
            limen_page=page,
            limen_seen=seen,
        )
