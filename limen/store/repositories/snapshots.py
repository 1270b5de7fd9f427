"""Snapshots: what was fetched, when it was last seen unchanged, and what is still to be read."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from sqlalchemy import Select, case, func, insert, select, true, update
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased, defer

from limen.domain.document import DocumentVersion
from limen.domain.fetched import Confirmed, Fetched
from limen.domain.snapshot import Attachment, Hints, Snapshot
from limen.store.errors import NotStored
from limen.store.mapping import hint_values, snapshot_from_row, snapshot_values
from limen.store.pieces import in_pieces
from limen.store.records import SavedSnapshot, StoredSnapshot
from limen.store.repositories import attachment_links, vanishing
from limen.store.tables import SnapshotRow


def latest(session: Session, source_id: str, url: str) -> StoredSnapshot | None:
    """Return the newest bytes of a URL with their validators and attachments; None if it was never fetched."""
    row = _latest_row(session, source_id, url)
    return None if row is None else snapshot_from_row(row)


def known(session: Session, source_id: str, identities: Collection[str]) -> dict[str, Fetched]:
    """Return what a crawl must know of the newest bytes of documents and attachments, by their identities.

    Those never fetched are left out.
    """
    row = SnapshotRow
    columns = (
        *(row.identity, row.url, row.etag, row.last_modified, row.sha256, row.attachments, row.fetched_at),
        *(row.last_confirmed_at, row.revision, row.missing_since, row.gone_at, row.held_at),
    )
    found = {}
    for newest in _newest_ids(source_id, row.identity, identities):
        for each in session.execute(select(*columns).where(row.id.in_(newest))):
            found[each.identity] = Fetched(
                url=each.url,
                etag=each.etag,
                last_modified=each.last_modified,
                sha256=each.sha256,
                attachments=tuple(Attachment(url=url, label=label) for url, label in each.attachments),
                fetched_at=each.fetched_at,
                confirmed_at=each.last_confirmed_at,
                revision=each.revision,
                missing_since=each.missing_since,
                gone_at=each.gone_at,
                held=each.held_at is not None,
            )
    return found


def save(session: Session, snapshot: Snapshot) -> SavedSnapshot:
    """Keep a fetch. If its bytes are those of the fetch before, only its time, validators and hints are updated."""
    added = save_all(session, [snapshot])
    row = _latest_row(session, snapshot.source_id, snapshot.url)
    assert row is not None
    return SavedSnapshot(id=row.id, is_new=added == 1)


def save_all(session: Session, snapshots: Sequence[Snapshot]) -> int:
    """Keep fetches of one source, each as `save` does, and return how many brought new bytes.

    Where those are of files, all pages that link to them now are to be read again.
    """
    if not snapshots:
        return 0
    source_id = snapshots[0].source_id
    addresses = {snapshot.url for snapshot in snapshots}
    newest = {row.url: row for row in _newest(session, source_id, SnapshotRow.url, addresses)}
    new: dict[tuple[str, str], Snapshot] = {}
    for snapshot in snapshots:
        row = newest.get(snapshot.url)
        if row is not None:
            vanishing.answer(session, row)
        if row is not None and row.sha256 == snapshot.sha256:
            _seen_again(row, snapshot)
        else:
            new[snapshot.url, snapshot.sha256] = snapshot
    session.flush()
    if new:
        session.execute(insert(SnapshotRow), [snapshot_values(snapshot) for snapshot in new.values()])
    links = {(each.url, attachment.url) for each in snapshots for attachment in each.attachments}
    attachment_links.add(session, source_id, links)
    _wake_pages(session, source_id, {each.url for each in new.values() if each.page_url is not None})
    return len(new)


def confirm(session: Session, source_id: str, sightings: Sequence[Confirmed]) -> int:
    """Record that URLs were seen unchanged, and return how many of them had ever been fetched.

    Bytes that were put by until they are seen again are handed to the reader once more.
    """
    newest = {row.url: row for row in _newest(session, source_id, SnapshotRow.url, {seen.url for seen in sightings})}
    for seen in sightings:
        row = newest.get(seen.url)
        if row is None:
            continue
        vanishing.answer(session, row)
        vanishing.see_again(row)
        row.last_confirmed_at = max(row.last_confirmed_at, seen.at)
        row.revision = seen.revision or row.revision
        row.etag = seen.etag or row.etag
        row.last_modified = seen.last_modified or row.last_modified
        if seen.hints is not None:
            _update_hints(row, seen.hints)
    session.flush()
    return len(newest)


def miss(session: Session, source_id: str, url: str, *, at: datetime) -> bool:
    """Record that a page was found gone. Returns True if this visit confirms it; False also for one that was never fetched."""
    row = _latest_row(session, source_id, url)
    return row is not None and vanishing.miss(session, row, at=at)


def recheck(
    session: Session, source_id: str, *, changed_since: datetime, unseen_since: datetime | None = None, limit: int
) -> tuple[tuple[str, str], ...]:
    """Return (identity, URL) of the pages to look at again, of all or of those not seen since a time.

    Those that wait for a second visit come first, then those whose newest bytes came since a time, the longest unseen first;
    last those that were gone since then, in case they return.
    """
    newer = aliased(SnapshotRow)
    waits = SnapshotRow.url.in_(vanishing.held_pages(session, source_id)) | (
        SnapshotRow.missing_since.is_not(None) & SnapshotRow.gone_at.is_(None)
    )
    changed = SnapshotRow.gone_at.is_(None) & (SnapshotRow.fetched_at >= changed_since)
    gone = SnapshotRow.gone_at.is_not(None) & (SnapshotRow.gone_at >= changed_since)
    query = (
        select(SnapshotRow.identity, SnapshotRow.url)
        .where(
            SnapshotRow.source_id == source_id,
            SnapshotRow.page_url.is_(None),
            true() if unseen_since is None else SnapshotRow.last_confirmed_at < unseen_since,
            waits | changed | gone,
            ~select(newer.id)
            .where(newer.source_id == source_id, newer.url == SnapshotRow.url, newer.id > SnapshotRow.id)
            .exists(),
        )
        .order_by(case((waits, 0), (changed, 1), else_=2), SnapshotRow.last_confirmed_at, SnapshotRow.id)
        .limit(limit)
    )
    return tuple((identity, url) for identity, url in session.execute(query))


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


def of_version(session: Session, version: DocumentVersion) -> tuple[StoredSnapshot, ...]:
    """Return the fetches that a version was read from, in its order: the page first, then its attachments.

    Where the same bytes were fetched from several addresses, the page's own attachments come first, then the newest.

    Raises:
        NotStored: a fetch of the version is not kept.
    """
    row = SnapshotRow
    query = (
        select(row)
        .where(row.source_id == version.source_id, row.sha256.in_(version.snapshots))
        .order_by(row.fetched_at <= version.fetched_at, row.page_url.is_not_distinct_from(version.url), row.id)
    )
    # what is written later takes the place of what was before
    by_place = {(each.sha256, each.url): each for each in session.scalars(query)}
    by_digest = {sha256: each for (sha256, _), each in by_place.items()}
    found: list[SnapshotRow] = []
    for sha256 in version.snapshots:
        linked = [version.url] if not found else [url for url, _ in found[0].attachments]
        taken = {each.url for each in found}
        own = (by_place.get((sha256, url)) for url in linked if url not in taken)
        best = next(filter(None, own), by_digest.get(sha256))
        if best is None:
            raise NotStored("snapshot", sha256)
        found.append(best)
    return tuple(snapshot_from_row(each) for each in found)


def label_of(session: Session, source_id: str, page_url: str, url: str) -> str | None:
    """Return the words of the link by which a page led to a file, as it had it last; None if it never had one."""
    row = SnapshotRow
    query = select(row.attachments).where(row.source_id == source_id, row.url == page_url).order_by(row.id.desc())
    links = (link for attachments in session.scalars(query) for link in attachments)
    return next((label for linked, label in links if linked == url), None)


def holds(session: Session, sha256: str) -> bool:
    """Tell whether a snapshot of any source has these bytes."""
    return session.scalar(select(SnapshotRow.id).where(SnapshotRow.sha256 == sha256).limit(1)) is not None


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


def mark_unread(session: Session, snapshot_ids: Collection[int]) -> None:
    """Put snapshots back among those to be read, for a reader that has learnt something new."""
    for some in in_pieces(snapshot_ids):
        session.execute(update(SnapshotRow).where(SnapshotRow.id.in_(some)).values(read_at=None))


def _wake_pages(session: Session, source_id: str, files: Collection[str]) -> None:
    """Put the pages that link to files now back among those to be read."""
    if not files:
        return
    pages = attachment_links.pages(session, source_id, files)
    columns = (SnapshotRow.id, SnapshotRow.read_at, SnapshotRow.attachments)
    read = []
    for newest in _newest_ids(source_id, SnapshotRow.url, pages):
        for row_id, read_at, attachments in session.execute(select(*columns).where(SnapshotRow.id.in_(newest))):
            if read_at is not None and any(url in files for url, _ in attachments):
                read.append(row_id)
    mark_unread(session, read)


def _latest_row(session: Session, source_id: str, url: str) -> SnapshotRow | None:
    query = (
        select(SnapshotRow)
        .where(SnapshotRow.source_id == source_id, SnapshotRow.url == url)
        .order_by(SnapshotRow.id.desc())
        .limit(1)
    )
    return session.scalars(query).one_or_none()


def _newest(
    session: Session, source_id: str, column: InstrumentedAttribute[str], values: Collection[str]
) -> tuple[SnapshotRow, ...]:
    """Return the newest row of each value of a column, without what only a reader needs."""
    query = select(SnapshotRow).options(defer(SnapshotRow.headers), defer(SnapshotRow.attachments))
    return tuple(
        row
        for newest in _newest_ids(source_id, column, values)
        for row in session.scalars(query.where(SnapshotRow.id.in_(newest)))
    )


def _newest_ids(source_id: str, column: InstrumentedAttribute[str], values: Collection[str]) -> Iterator[Select[int]]:
    """Yield questions for the ids of the newest rows of the values of a column, some values at a time."""
    for some in in_pieces(values):
        # SQLite keeps each question that it has prepared: ask in few lengths, not in five hundred.
        some += some[-1:] * ((1 << (len(some) - 1).bit_length()) - len(some))
        yield (
            select(func.max(SnapshotRow.id))
            .where(SnapshotRow.source_id == source_id, column.in_(some))
            .group_by(column)
        )


def _seen_again(row: SnapshotRow, snapshot: Snapshot) -> None:
    row.last_confirmed_at = max(row.last_confirmed_at, snapshot.fetched_at)
    row.etag = snapshot.header("etag")
    row.last_modified = snapshot.header("last-modified")
    row.attachments = [[attachment.url, attachment.label] for attachment in snapshot.attachments]
    row.revision = snapshot.revision or row.revision
    vanishing.see_again(row)
    _update_hints(row, snapshot.hints)


def _update_hints(row: SnapshotRow, hints: Hints) -> None:
    """Take over what a list says now; what it does not say any more stays, and so does what these bytes were called."""
    for name, value in hint_values(hints).items():
        if value and name != "hint_editorial":
            setattr(row, name, value)
