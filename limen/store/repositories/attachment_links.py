"""Which pages have linked to which files: a file that changes is part of the text of each of them."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from limen.store.pieces import in_pieces
from limen.store.tables import AttachmentLinkRow


def add(session: Session, source_id: str, links: Collection[tuple[str, str]]) -> None:
    """Keep links of pages to files, given as (page URL, file URL). Links are never taken away."""
    row = AttachmentLinkRow
    known: set[tuple[str, str]] = set()
    for some in in_pieces({page_url for page_url, _ in links}):
        query = select(row.page_url, row.url).where(row.source_id == source_id, row.page_url.in_(some))
        known.update((page_url, url) for page_url, url in session.execute(query))
    new = [{"source_id": source_id, "page_url": page_url, "url": url} for page_url, url in sorted(set(links) - known)]
    if new:
        session.execute(insert(row), new)


def pages(session: Session, source_id: str, urls: Collection[str]) -> frozenset[str]:
    """Return the pages that link to any of the files, or did so once."""
    row = AttachmentLinkRow
    return frozenset(
        page_url
        for some in in_pieces(urls)
        for page_url in session.scalars(select(row.page_url).where(row.source_id == source_id, row.url.in_(some)))
    )
