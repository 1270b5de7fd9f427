"""Events of documents: kept once, whoever saw them, and told once."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, exists, func, select, update
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from limen.domain.delivery import Silence
from limen.domain.document_event import WITHDRAWN_STATES, DocumentEvent, EventAlert, EventKind
from limen.store.errors import NotStored
from limen.store.mapping import event_from_row, side_from_row, source_from_row
from limen.store.records import StoredVersion
from limen.store.repositories.documents import OFFICIAL, last_extracted
from limen.store.repositories.reviews import is_free
from limen.store.tables import DocumentEventRow, DocumentRow, DocumentVersionRow, RequirementRow, SnapshotRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """An official document that is withdrawn, by its newest version.

    `gone_at` is when its page was found gone, None where its list says that it is withdrawn. `was_standing` is False where
    it was never seen otherwise.
    """

    version: StoredVersion
    gone_at: datetime | None
    was_standing: bool


def save(
    session: Session,
    version_id: int,
    events: Iterable[DocumentEvent],
    *,
    at: datetime,
    old_version_id: int | None = None,
    instrument_id: int | None = None,
) -> tuple[int, ...]:
    """Keep what was seen on a version against an earlier one, and return the ids of what was new.

    A version has one event of a kind: comparing it again adds nothing.
    """
    known = select(DocumentEventRow.kind).where(DocumentEventRow.version_id == version_id)
    kinds = set(session.scalars(known))
    rows = [
        _row(event, version_id, at=at, old_version_id=old_version_id, instrument_id=instrument_id)
        for event in events
        if event.kind.value not in kinds
    ]
    session.add_all(rows)
    session.flush()
    return tuple(row.id for row in rows)


def withdraw(
    session: Session, withdrawal: Withdrawal, event: DocumentEvent, *, at: datetime, silence: Silence | None = None
) -> int:
    """Keep that a document was withdrawn, and return the event's id. A document may be withdrawn more than once.

    With `silence` it is decided that nobody is told.
    """
    version = withdrawal.version
    row = _row(event, version.id, at=max(at, withdrawal.gone_at or at), instrument_id=version.instrument_id)
    if silence is not None:
        row.told_at, row.silence = at, silence.value
    session.add(row)
    session.flush()
    return row.id


def withdrawals(session: Session) -> tuple[Withdrawal, ...]:
    """Return the official documents that are withdrawn and of which no event says so, by document.

    These are the documents that their list calls so, and those that two visits found gone while no document of their
    instrument that is no older still stands: such a one has taken their place. A document that came back and went again is
    one of them again.
    """
    found = {withdrawal.version.document_id: withdrawal for withdrawal in (*_gone(session), *_listed(session))}
    return tuple(found[document_id] for document_id in sorted(found))


def untold(session: Session) -> tuple[tuple[int, ...], ...]:
    """Return the ids of the events of which it was not decided who is told, those of one message together, oldest first.

    Events about a number that awaits its review wait with it; those about a rejected one are never told.
    """
    row, claim, official = DocumentEventRow, aliased(RequirementRow), aliased(RequirementRow)
    query = (
        select(row.id, row.version_id, row.instrument_id)
        .outerjoin(claim, row.requirement_id == claim.id)
        .outerjoin(official, row.official_requirement_id == official.id)
        .where(row.told_at.is_(None), is_free(claim), is_free(official))
        .order_by(row.id)
    )
    found: dict[tuple[int, int | None], list[int]] = {}
    for event_id, version_id, instrument_id in session.execute(query):
        found.setdefault((version_id, instrument_id), []).append(event_id)
    return tuple(tuple(ids) for ids in found.values())


def decided(session: Session, *, since: datetime, until: datetime | None = None) -> tuple[tuple[int, ...], ...]:
    """Return the ids of the events that were seen in a time and decided on, those of one message together, oldest first.

    `until` is not in it.
    """
    row = DocumentEventRow
    query = (
        select(row.id, row.version_id, row.instrument_id, row.told_at)
        .where(row.detected_at >= since, row.told_at.is_not(None))
        .order_by(row.detected_at, row.id)
    )
    if until is not None:
        query = query.where(row.detected_at < until)
    found: dict[tuple[object, ...], list[int]] = {}
    for event_id, *message in session.execute(query):
        found.setdefault(tuple(message), []).append(event_id)
    return tuple(tuple(ids) for ids in found.values())


def alert(session: Session, event_ids: Collection[int]) -> EventAlert:
    """Return some events of one version and instrument, as a message needs them. Raises `NotStored` if there are none."""
    row = DocumentEventRow
    query = (
        select(row)
        .where(row.id.in_(event_ids))
        .order_by(row.id)
        .options(
            # a join to a version, its document and its source would make SQLite go through all of them
            selectinload(row.version),
            selectinload(row.old_version),
            joinedload(row.instrument),
            joinedload(row.requirement),
            joinedload(row.official_requirement).selectinload(RequirementRow.version),
        )
    )
    rows = session.scalars(query).all()
    if not rows:
        raise NotStored("document event", ", ".join(map(str, event_ids)))
    version, instrument = rows[0].version, rows[0].instrument
    source = source_from_row(version.document.source)
    old = next((each.old_version for each in rows if each.old_version is not None), None)
    return EventAlert(
        source=source,
        instrument=version.title if instrument is None else instrument.title,
        jurisdiction=source.jurisdiction if instrument is None else instrument.jurisdiction,
        old=None if old is None else side_from_row(old),
        new=side_from_row(version),
        events=tuple(event_from_row(each) for each in rows),
        detected_at=rows[0].detected_at,
    )


def mark_told(session: Session, event_ids: Collection[int], *, at: datetime) -> None:
    """Record that it was decided who is told of some events, if anybody."""
    session.execute(update(DocumentEventRow).where(DocumentEventRow.id.in_(event_ids)).values(told_at=at))


def _row(
    event: DocumentEvent,
    version_id: int,
    *,
    at: datetime,
    old_version_id: int | None = None,
    instrument_id: int | None = None,
) -> DocumentEventRow:
    return DocumentEventRow(
        kind=event.kind.value,
        version_id=version_id,
        old_version_id=old_version_id,
        instrument_id=instrument_id,
        before=event.before,
        after=event.after,
        detected_at=at,
    )


def _gone(session: Session) -> Iterable[Withdrawal]:
    row, other, version = DocumentRow, aliased(DocumentRow), aliased(DocumentVersionRow)
    begin = select(func.min(version.valid_from)).where(version.document_id == row.id).correlate(row).scalar_subquery()
    later = aliased(DocumentVersionRow)
    in_its_place = exists().where(
        other.instrument_id == row.instrument_id,
        other.id != row.id,
        other.document_class.in_(OFFICIAL),
        other.gone_at.is_(None),
        later.document_id == other.id,
        later.valid_from >= begin,
    )
    # that its list calls it withdrawn was the event, not that the page went after that
    listed = exists().where(_is_page_of(row), _says_withdrawn(SnapshotRow), _is_newest_page())
    query = select(row.id, row.gone_at).where(
        row.gone_at.is_not(None), row.document_class.in_(OFFICIAL), ~_told_since(row.gone_at), ~in_its_place, ~listed
    )
    for document_id, gone_at in session.execute(query).all():
        newest = last_extracted(session, document_id)
        if newest is not None and gone_at is not None:
            yield Withdrawal(version=newest, gone_at=gone_at, was_standing=True)


def _listed(session: Session) -> Iterable[Withdrawal]:
    row, page = DocumentRow, SnapshotRow
    query = (
        select(row.id, page.source_id, page.url)
        .join(page, _is_page_of(row))
        .where(
            _says_withdrawn(page), _is_newest_page(), row.document_class.in_(OFFICIAL), ~_told_since(page.fetched_at)
        )
    )
    for document_id, source_id, url in session.execute(query).all():
        since, was_standing = _listed_since(session, source_id, url)
        newest = last_extracted(session, document_id)
        told = session.scalar(_withdrawn_events(document_id).where(DocumentEventRow.detected_at >= since).limit(1))
        if newest is not None and told is None:
            yield Withdrawal(version=newest, gone_at=None, was_standing=was_standing)


def _listed_since(session: Session, source_id: str, url: str) -> tuple[datetime, bool]:
    """Return from when the bytes of a page are of which its list said without a break that it is withdrawn, and whether
    the page was ever seen otherwise: that is, in other bytes before, or in the same ones on an earlier visit."""
    row = SnapshotRow
    query = (
        select(row.fetched_at, row.last_confirmed_at, _says_withdrawn(row))
        .where(row.source_id == source_id, row.url == url)
        .order_by(row.id.desc())
    )
    since = seen = None
    for fetched_at, confirmed_at, is_withdrawn in session.execute(query):
        if not is_withdrawn:
            assert since is not None
            return since, True
        since, seen = fetched_at, confirmed_at
    assert since is not None
    return since, seen != since


def _is_page_of(row: type[DocumentRow]) -> ColumnElement[bool]:
    return and_(SnapshotRow.source_id == row.source_id, SnapshotRow.url == row.url)


def _is_newest_page() -> ColumnElement[bool]:
    page, newer = SnapshotRow, aliased(SnapshotRow)
    return ~exists().where(newer.source_id == page.source_id, newer.url == page.url, newer.id > page.id)


def _says_withdrawn(row: type[SnapshotRow]) -> ColumnElement[bool]:
    spelled = (form(word) for word in sorted(WITHDRAWN_STATES) for form in (str.lower, str.capitalize, str.upper))
    return row.hint_status.in_(list(spelled))


def _withdrawn_events(document_id: int | SQLColumnExpression[int]) -> Select[int]:
    event, version = DocumentEventRow, aliased(DocumentVersionRow)
    return (
        select(event.id)
        .join(version, event.version_id == version.id)
        .where(event.kind == EventKind.WITHDRAWN.value, version.document_id == document_id)
    )


def _told_since(moment: SQLColumnExpression[datetime | None] | SQLColumnExpression[datetime]) -> ColumnElement[bool]:
    return _withdrawn_events(DocumentRow.id).where(DocumentEventRow.detected_at >= moment).exists()
