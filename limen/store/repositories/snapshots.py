"""Snapshots: what was fetched, when it was last seen unchanged, and what is still to be read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from limen.domain.snapshot import Snapshot
from limen.store.mapping import snapshot_from_row, snapshot_values
from limen.store.records import SavedSnapshot, StoredSnapshot
from limen.store.tables import SnapshotRow


def latest(session: Session, source_id: str, url: str) -> StoredSnapshot | None:
    """Return the newest bytes of a URL with their validators and attachments; None if it was never fetched."""
    row = _latest_row(session, source_id, url)
    return None if row is None else snapshot_from_row(row)


def save(session: Session, snapshot: Snapshot) -> SavedSnapshot:
    """Keep a fetch. If its bytes are those of the fetch before, only its time, validators and hints are updated."""
    row = _latest_row(session, snapshot.source_id, snapshot.url)
    if row is not None and row.sha256 == snapshot.sha256:
        row.last_confirmed_at = max(row.last_confirmed_at, snapshot.fetched_at)
        row.etag = snapshot.header("etag")
        row.last_modified = snapshot.header("last-modified")
        row.hint_title = snapshot.hints.title or row.hint_title
        row.hint_published = snapshot.hints.published or row.hint_published
        row.hint_comment_deadline = snapshot.hints.comment_deadline or row.hint_comment_deadline
        session.flush()
        return SavedSnapshot(id=row.id, is_new=False)
    row = SnapshotRow(**snapshot_values(snapshot))
    session.add(row)
    session.flush()
    return SavedSnapshot(id=row.id, is_new=True)


def confirm(session: Session, source_id: str, url: str, *, at: datetime) -> bool:
    """Record that a URL was seen unchanged (304). Returns False if it was never fetched."""
    row = _latest_row(session, source_id, url)
    if row is None:
        return False
    row.last_confirmed_at = max(row.last_confirmed_at, at)
    session.flush()
    return True


def known_pages(session: Session, source_id: str, *, since: datetime) -> frozenset[str]:
    """Return the URLs of the pages (not the attachments) of a source that were fetched or confirmed since a time."""
    query = select(SnapshotRow.url).where(
        SnapshotRow.source_id == source_id,
        SnapshotRow.last_confirmed_at >= since,
        SnapshotRow.page_url.is_(None),
    )
    return frozenset(session.scalars(query.distinct()))


def pending_pages(session: Session, *, limit: int) -> tuple[tuple[str, str], ...]:
    """Return (source id, page URL) of the pages with bytes that nobody has read, their own or an attachment's, oldest first."""
    page = func.coalesce(SnapshotRow.page_url, SnapshotRow.url)
    query = (
        select(SnapshotRow.source_id, page)
        .where(SnapshotRow.read_at.is_(None))
        .group_by(SnapshotRow.source_id, page)
        .order_by(func.min(SnapshotRow.id))
        .limit(limit)
    )
    return tuple((source_id, url) for source_id, url in session.execute(query))


def page_with_attachments(session: Session, source_id: str, page_url: str) -> tuple[StoredSnapshot, ...]:
    """Return the newest bytes of a page, then those of each attachment it links to now and that was fetched, in its order.

    Empty if the page itself was never fetched.
    """
    page = latest(session, source_id, page_url)
    if page is None:
        return ()
    found = (latest(session, source_id, attachment.url) for attachment in page.snapshot.attachments)
    return page, *(snapshot for snapshot in found if snapshot is not None)


def mark_read(session: Session, source_id: str, page_url: str, *, up_to_id: int, at: datetime) -> None:
    """Record that text was made of a page and its attachments, as far as they were fetched up to a snapshot id.

    Bytes that arrived while the page was being read have a higher id and stay pending.
    """
    session.execute(
        update(SnapshotRow)
        .where(
            SnapshotRow.source_id == source_id,
            (SnapshotRow.url == page_url) | (SnapshotRow.page_url == page_url),
            SnapshotRow.id <= up_to_id,
            SnapshotRow.read_at.is_(None),
        )
        .values(read_at=at)
    )


def mark_unread(session: Session, snapshot_ids: Iterable[int]) -> None:
    """Put snapshots back among those to be read, for a reader that has learnt something new."""
    session.execute(update(SnapshotRow).where(SnapshotRow.id.in_(list(snapshot_ids))).values(read_at=None))


def _latest_row(session: Session, source_id: str, url: str) -> SnapshotRow | None:
    query = (
        select(SnapshotRow)
        .where(SnapshotRow.source_id == source_id, SnapshotRow.url == url)
        .order_by(SnapshotRow.id.desc())
        .limit(1)
    )
    return session.scalars(query).one_or_none()
