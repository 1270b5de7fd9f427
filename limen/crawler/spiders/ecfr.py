"""Pieces of the Code of Federal Regulations as they read today, from the eCFR."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date

from scrapy import Request
from scrapy.http import Response

from limen.crawler.errors import PageError
from limen.crawler.pages.canonical import identity_of
from limen.crawler.pages.ecfr import (
    PAGE_SIZE,
    Version,
    Watched,
    page_url,
    parse_watched,
    read_document,
    read_titles,
    read_versions,
    versions_url,
)
from limen.crawler.source_spec import SourceKind
from limen.crawler.spiders.base import DocumentSpider


class EcfrSpider(DocumentSpider):
    """Asks for the versions of each watched piece, and takes those that are new as one document each.

    The entry point is the service's list of titles, which says until which day it is up to date.
    """

    name = "ecfr"
    kind = SourceKind.ECFR

    async def discover(self, response: Response) -> AsyncIterator[Request]:
        """Yield a request for the versions of each piece, then raise `PageError` for those that cannot be asked for."""
        titles = read_titles(response.body, url=response.url)
        faults = []
        for each in self.spec.watch:
            try:
                piece = parse_watched(each)
            except PageError as error:
                faults.append(str(error))
                continue
            if piece.title in titles:
                yield self._versions(response.url, piece, as_of=titles[piece.title], page=1, rows=())
            else:
                faults.append(f"{response.url}: title {piece.title} has no text; correct {piece.path!r} in watch")
        if faults:
            raise PageError("; ".join(faults))

    async def take_versions(self, response: Response) -> AsyncIterator[Request]:
        """Take a piece when all its rows are there, else yield a request for more of them. Raises `PageError`."""
        meta = response.meta
        api, piece, as_of = meta["limen_api"], meta["limen_piece"], meta["limen_as_of"]
        found = read_versions(response.body, url=response.url)
        rows = (*meta["limen_rows"], *found)
        if len(found) >= PAGE_SIZE:
            yield self._versions(api, piece, as_of=as_of, page=meta["limen_page"] + 1, rows=rows)
            return
        identity = identity_of(page_url(api, piece), self.spec.canonical)
        last = (await self.recorder.known([identity])).get(identity)
        known = last.revision if last is not None else None
        self.take([read_document(piece, rows, api=api, as_of=as_of, zone=self.spec.timezone, known=known)])

    def _versions(self, api: str, piece: Watched, *, as_of: date, page: int, rows: tuple[Version, ...]) -> Request:
        return self.list_request(
            versions_url(api, piece, page=page),
            callback=self.take_versions,
            handle_httpstatus_list=[400],
            limen_api=api,
            limen_piece=piece,
            limen_as_of=as_of,
            limen_page=page,
            limen_rows=rows,
        )
