"""Documents of American dockets, from regulations.gov."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from datetime import datetime, timedelta

from scrapy import Request
from scrapy.http import Response

from limen.crawler.pages.canonical import identity_of
from limen.crawler.pages.entry import Entry
from limen.crawler.pages.regulations_gov import read_record, read_search, search_url
from limen.crawler.source_spec import SourceKind
from limen.crawler.spiders.base import DocumentSpider

WINDOW = timedelta(days=30)
"""How long ago a document may have changed to be asked for."""
TRUSTED = timedelta(days=3)
"""For how long a document is taken for unchanged because its list says so. Its record must be asked for again before the
text is, since only the record says where that is."""
_REFUSALS = [400, 401, 403]
"""Answers that say in words what is wrong: a condition, the key, the hourly number of requests."""


class RegulationsGovSpider(DocumentSpider):
    """Asks what changed lately, then for the record of each document that did: only that says where its text is."""

    name = "regulations_gov"
    kind = SourceKind.REGULATIONS_GOV

    def first_requests(self) -> Iterable[Request]:
        """Return a request for each search. Raises `CrawlerError` if a key is needed and missing."""
        # the start of a day, so that the answers of one day can be told to be the same
        since = (self.recorder.clock() - WINDOW).replace(hour=0, minute=0, second=0, microsecond=0)
        for entry in self.spec.entry:
            yield self._search(entry, since=since, page=1)

    async def discover(self, response: Response) -> AsyncIterator[Request]:
        """Yield requests for the records of changed documents, and for what follows. Raises `PageError`."""
        meta, zone = response.meta, self.spec.timezone
        page = read_search(response.body, url=response.url, zone=zone, page=meta["limen_page"])
        current = await self._unchanged([each.entry for each in page.listed])
        for each in page.listed:
            if self._identity(each.entry) in current:
                self.take([each.entry])
            else:
                yield self._record(each.record_url, revision=each.entry.revision)
        following: tuple[datetime, int] | None = None
        if page.next_page is not None:
            following = meta["limen_since"], page.next_page
        elif page.next_since is not None and page.next_since > meta["limen_since"]:
            following = page.next_since, 1
        if following is not None and self.may_take_more:
            yield self._search(meta["limen_entry"], since=following[0], page=following[1])

    def take_record(self, response: Response) -> Iterable[Request]:
        """Take the document of a record; one without files is counted. Raises `PageError`."""
        revision = response.meta["limen_revision"]
        entry = read_record(response.body, url=response.url, zone=self.spec.timezone, revision=revision)
        if entry is None:
            self.recorder.emit("without_file", url=response.url)
        else:
            self.take([entry])
        return ()

    async def _unchanged(self, entries: list[Entry]) -> set[str]:
        """Return the identities of documents that were seen lately with the mark that the list gives them now."""
        marks = {self._identity(entry): entry.revision for entry in entries}
        known = await self.recorder.known(list(marks))
        since = self.recorder.clock() - TRUSTED
        return {
            identity
            for identity, last in known.items()
            if last.revision is not None and last.revision == marks[identity] and last.confirmed_at > since
        }

    def _identity(self, entry: Entry) -> str:
        return identity_of(entry.document_url or entry.url, self.spec.canonical)

    def _search(self, entry: str, *, since: datetime, page: int) -> Request:
        return self.list_request(
            search_url(entry, self.spec.query, since=since, zone=self.spec.timezone, page=page),
            callback=self.discover,
            headers=self.api_headers(),
            handle_httpstatus_list=_REFUSALS,
            limen_entry=entry,
            limen_since=since,
            limen_page=page,
        )

    def _record(self, url: str, *, revision: str | None) -> Request:
        return self.list_request(
            url,
            callback=self.take_record,
            headers=self.api_headers(),
            handle_httpstatus_list=_REFUSALS,
            limen_revision=revision,
        )
