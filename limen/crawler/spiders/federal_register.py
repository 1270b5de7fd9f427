"""Rules, proposals and notices of the United States, from the Federal Register."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable

from scrapy import Request
from scrapy.http import Response

from limen.crawler.pages.federal_register import read_search, search_url
from limen.crawler.source_spec import SourceKind
from limen.crawler.spiders.base import DocumentSpider


class FederalRegisterSpider(DocumentSpider):
    """Follows the results of a search, page by page, the newest first."""

    name = "federal_register"
    kind = SourceKind.FEDERAL_REGISTER

    def first_requests(self) -> Iterable[Request]:
        """Return a request for each search."""
        for entry in self.spec.entry:
            yield self._search(search_url(entry, self.spec.query))

    async def discover(self, response: Response) -> AsyncIterator[Request]:
        """Take the documents of a result page, and yield a request for the next. Raises `PageError`."""
        page = read_search(response.body, url=response.url, zone=self.spec.timezone)
        self.take(page.entries)
        if page.next_url is not None and self.may_take_more:
            yield self._search(page.next_url)

    def _search(self, url: str) -> Request:
        # a refused condition is answered with 400 and the reason
        return self.list_request(url, callback=self.discover, handle_httpstatus_list=[400])
