"""What the crawler remembers beside documents: the newest answers of lists, and hosts that want to be left alone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from limen.store.records import StoredList
from limen.store.tables import CrawlListRow, HostRestRow


def kept_list(session: Session, source_id: str, url: str) -> StoredList | None:
    """Return the newest answer of a list; None if there is none."""
    row = session.get(CrawlListRow, (source_id, url))
    if row is None:
        return None
    return _stored(row)


def lists(session: Session, source_id: str) -> tuple[tuple[str, StoredList], ...]:
    """Return the lists of a source with their newest answers, in the order in which they came."""
    query = select(CrawlListRow).where(CrawlListRow.source_id == source_id).order_by(CrawlListRow.checked_at)
    return tuple((row.url, _stored(row)) for row in session.scalars(query))


def keep_list(session: Session, source_id: str, url: str, kept: StoredList, *, at: datetime) -> str | None:
    """Keep the answer of a list, and return the digest of the answer it replaces, if that is no list's answer any more."""
    row = session.get(CrawlListRow, (source_id, url))
    before = None if row is None else row.sha256
    session.merge(
        CrawlListRow(
            source_id=source_id,
            url=url,
            etag=kept.etag,
            last_modified=kept.last_modified,
            headers=[list(header) for header in kept.headers],
            sha256=kept.sha256,
            checked_at=at,
        )
    )
    session.flush()
    used = select(CrawlListRow.url).where(CrawlListRow.sha256 == before).limit(1)
    return before if before is not None and session.scalar(used) is None else None


def resting_until(session: Session, host: str) -> datetime | None:
    """Return until when a host wants to be left alone; None if it never asked."""
    row = session.get(HostRestRow, host)
    return None if row is None else row.until


def rest(session: Session, host: str, *, until: datetime) -> None:
    """Record that a host wants to be left alone. The longest of its wishes holds."""
    before = resting_until(session, host)
    session.merge(HostRestRow(host=host, until=until if before is None else max(before, until)))
    session.flush()


def _stored(row: CrawlListRow) -> StoredList:
    headers = tuple((name, value) for name, value in row.headers)
    return StoredList(etag=row.etag, last_modified=row.last_modified, headers=headers, sha256=row.sha256)
