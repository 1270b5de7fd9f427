"""Consultations of the United Kingdom's government, from GOV.UK."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable

from scrapy import Request
from scrapy.http import Response

from limen.crawler.errors import PageError
from limen.crawler.pages.govuk import find_files, merge, read_facts, read_search, search_url
from limen.crawler.source_spec import SourceKind
from limen.crawler.spiders.base import DocumentSpider
from limen.domain.snapshot import Attachment, Hints


class GovUkSpider(DocumentSpider):
    """Follows the results of a search to their content, which says until when comments are open."""

    name = "govuk"
    kind = SourceKind.GOVUK

    def first_requests(self) -> Iterable[Request]:
        """Return a request for each search."""
        for entry in self.spec.entry:
            yield self._search(entry, start=0)

    async def discover(self, response: Response) -> AsyncIterator[Request]:
        """Take the pages of an answer, and yield a request for what follows. Raises `PageError`."""
        start = response.meta["limen_start"]
        page = read_search(response.body, url=response.url, zone=self.spec.timezone, start=start)
        self.take(page.entries)
        if page.next_start is not None and self.may_take_more:
            yield self._search(response.meta["limen_entry"], start=page.next_start)

    def page_hints(self, response: Response, hints: Hints) -> Hints:
        """Return what the content says of its consultation; what is no content item the reader reports."""
        try:
            return merge(hints, read_facts(response.body, url=response.url, zone=self.spec.timezone))
        except PageError:
            return hints

    def page_attachments(self, response: Response) -> tuple[Attachment, ...]:
        """Return the documents that the content carries."""
        try:
            return find_files(response.body, url=response.url, rules=self.spec.detail)
        except PageError:
            return ()

    def _search(self, entry: str, *, start: int) -> Request:
        # an unknown parameter is answered with 422 and its name
        return self.list_request(
            search_url(entry, self.spec.query, start=start),
            callback=self.discover,
            handle_httpstatus_list=[400, 422],
            limen_start=start,
            limen_entry=entry,
        )
