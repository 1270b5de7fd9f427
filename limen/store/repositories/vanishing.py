"""Pages that vanish and return, and bytes that are put by until they are seen a second time.

One visit proves neither: a page is gone when a second visit finds it gone too, and a text that smells of a stale cache or of
half a page is a version when a second visit finds the same text again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Update, select, update
from sqlalchemy.orm import Session

from limen.domain.document import DocumentVersion
from limen.domain.snapshot import SECOND_VISIT, Snapshot
from limen.store.tables import DocumentRow, SnapshotRow


def miss(session: Session, row: SnapshotRow, *, at: datetime) -> bool:
    """Record that the page of a newest row was found gone. Returns True if this visit confirms it: then so is its document.

    False for the first visit in a row, for one that comes too soon after it, and for a page that is known to be gone.
    """
    if row.gone_at is not None:
        return False
    if row.missing_since is None:
        row.missing_since = at
        session.flush()
        return False
    if at - row.missing_since < SECOND_VISIT:
        return False
    row.gone_at = at
    session.execute(_document(row.source_id, row.url).values(gone_at=at))
    session.flush()
    return True


def answer(session: Session, row: SnapshotRow) -> None:
    """Record that the page or attachment of a newest row answers: it is not missing, and its document is not gone."""
    if row.gone_at is not None:
        session.execute(_document(row.source_id, row.url).values(gone_at=None))
    row.missing_since = row.gone_at = None


def see_again(row: SnapshotRow) -> None:
    """Record that the bytes of a newest row were seen once more: if they were put by, they are to be read after all."""
    if row.held_at is not None:
        row.read_at = None


def hold(session: Session, snapshot_ids: Iterable[int], *, text_sha256: str, at: datetime) -> None:
    """Put bytes by that a doubtful text was made of, until they are seen again."""
    values = {"held_at": at, "held_text": text_sha256, "read_at": at}
    session.execute(update(SnapshotRow).where(SnapshotRow.id.in_(list(snapshot_ids))).values(values))


def release(session: Session, source_id: str, page_url: str) -> None:
    """End the holds of a page and its attachments: what was put by is read, or no longer what stands there."""
    session.execute(update(SnapshotRow).where(*_held(source_id, page_url)).values(held_at=None, held_text=None))


def held_text(session: Session, source_id: str, page_url: str) -> str | None:
    """Return the digest of the text of a page that is put by, also if other bytes have come since; None if none is."""
    return session.scalar(select(SnapshotRow.held_text).where(*_held(source_id, page_url)).limit(1))


def held_pages(session: Session, source_id: str) -> tuple[str, ...]:
    """Return the pages of a source that wait for a second visit, those that wait longest first."""
    query = (
        select(SnapshotRow.url, SnapshotRow.page_url)
        .where(SnapshotRow.source_id == source_id, SnapshotRow.held_at.is_not(None))
        .order_by(SnapshotRow.held_at, SnapshotRow.id)
    )
    return tuple(dict.fromkeys(page_url or url for url, page_url in session.execute(query)))


def lost_attachments(session: Session, version: DocumentVersion, *, present: Sequence[Snapshot]) -> frozenset[str]:
    """Return the digests of the attachments that a version was read with and that its page does not link to any more.

    `present` is the page with its attachments as they are now. Whatever took the place of a lost attachment makes up for
    it: a file that is replaced by another under another address is not lost.
    """
    linked = {attachment.url for attachment in present[0].attachments}
    digests = {snapshot.sha256 for snapshot in present}
    former = set(version.snapshots[1:]) - digests
    query = select(SnapshotRow.sha256, SnapshotRow.url).where(
        SnapshotRow.source_id == version.source_id, SnapshotRow.sha256.in_(version.snapshots[1:])
    )
    known = session.execute(query).all()
    lost = former - {sha256 for sha256, url in known if url in linked}
    come = linked - {url for _, url in known} - set(version.unread)
    return frozenset(lost) if len(lost) > len(come) else frozenset()


def _held(source_id: str, page_url: str) -> tuple[ColumnElement[bool], ...]:
    return (
        SnapshotRow.source_id == source_id,
        (SnapshotRow.url == page_url) | (SnapshotRow.page_url == page_url),
        SnapshotRow.held_at.is_not(None),
    )


def _document(source_id: str, url: str) -> Update:
    return update(DocumentRow).where(DocumentRow.source_id == source_id, DocumentRow.url == url)
