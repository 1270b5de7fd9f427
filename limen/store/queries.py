"""What people look at: lists with everything a line needs, as frozen rows. Nothing here writes.

Issues and crawl runs are shown as they are kept: `repositories.issues.load` and `repositories.runs.latest`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, func, select
from sqlalchemy.orm import DeclarativeBase, Session, contains_eager, joinedload, selectinload

from limen.domain.change import Change, ChangeKind, Direction, DocumentSide
from limen.domain.delivery import Delivery, DeliveryState
from limen.domain.document import Stage
from limen.domain.instrument import JoinReason
from limen.domain.source import DocumentClass, Source
from limen.store.errors import NotStored
from limen.store.mapping import change_from_row, delivery_from_row, side_from_row, source_from_row
from limen.store.records import StoredInstrument
from limen.store.repositories import instruments as instrument_repository
from limen.store.repositories import near_duplicates
from limen.store.scope import is_newest, is_reported
from limen.store.tables import (
    ChangeRow,
    ComparisonRow,
    CrawlRunRow,
    DeliveryChangeRow,
    DeliveryEventRow,
    DeliveryRow,
    DocumentRow,
    DocumentVersionRow,
    InstrumentRow,
    IssueRow,
    RequirementRow,
    SnapshotRow,
    SourceRow,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """How much is kept. `requirements` counts those of the newest reading of every version."""

    sources: int
    snapshots: int
    documents: int
    versions: int
    requirements: int
    changes: int
    issues: int
    deliveries: dict[DeliveryState, int]
    last_run_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionEntry:
    """One version of a document. `requirements` counts the current ones; None until the version was extracted.

    `gone_at` is since when the document is not there any more; None while it is. `group` holds the ids of the documents
    that tell the same story, this one among them; empty where there is no other. `join_reason` is why the document belongs
    to its instrument and `join_score` how sure that is (0 to 1); None where it has none or that was not kept.
    """

    id: int
    document_id: int
    number: int
    source_id: str
    publisher: str
    jurisdiction: str
    url: str
    document_class: DocumentClass
    title: str
    language: str
    stage: Stage
    published: datetime | None
    fetched_at: datetime
    valid_from: datetime
    comment_deadline: date | None
    effective_on: date | None
    references: tuple[str, ...]
    instrument_id: int | None
    join_reason: JoinReason | None
    join_score: float | None
    requirements: int | None
    gone_at: datetime | None
    group: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupEntry:
    """Documents that tell the same story, each by its newest version, smallest document id first: that id is the group's."""

    id: int
    members: tuple[VersionEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeEntry:
    """One change with its rule and both documents. `key` is the requirement's identity over versions."""

    id: int
    comparison_id: int
    key: str
    change: Change
    source: Source
    instrument_id: int | None
    instrument: str
    old: DocumentSide
    new: DocumentSide
    detected_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryEntry:
    """One message of the outbox, and the changes or events it tells of. `finished_at` is None while it is pending."""

    delivery: Delivery
    change_ids: tuple[int, ...]
    event_ids: tuple[int, ...]
    finished_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InstrumentEntry:
    """One rule and the versions of its documents, in the order in which they were valid."""

    instrument: StoredInstrument
    versions: tuple[VersionEntry, ...]


def overview(session: Session) -> Overview:
    """Return how much of everything is kept."""
    states = session.execute(select(DeliveryRow.state, func.count()).group_by(DeliveryRow.state))
    counted = {DeliveryState(state): count for state, count in states}
    return Overview(
        sources=_count(session, SourceRow),
        snapshots=_count(session, SnapshotRow),
        documents=_count(session, DocumentRow),
        versions=_count(session, DocumentVersionRow),
        requirements=_count(session, RequirementRow, is_reported()),
        changes=_count(session, ChangeRow, ~ChangeRow.held),
        issues=_count(session, IssueRow),
        deliveries={state: counted.get(state, 0) for state in DeliveryState},
        last_run_at=session.scalar(select(func.max(CrawlRunRow.started_at))),
    )


def documents(
    session: Session,
    *,
    source_id: str | None = None,
    jurisdiction: str | None = None,
    limit: int = 50,
    offset: int = 0,
) -> tuple[VersionEntry, ...]:
    """Return the newest version of each document, those fetched last first."""
    conditions = [is_newest()]
    if source_id is not None:
        conditions.append(DocumentRow.source_id == source_id)
    if jurisdiction is not None:
        conditions.append(SourceRow.jurisdiction == jurisdiction)
    order = (DocumentVersionRow.fetched_at.desc(), DocumentVersionRow.id.desc())
    return _versions(session, conditions, order=order, limit=limit, offset=offset)


def versions(session: Session, document_id: int) -> tuple[VersionEntry, ...]:
    """Return the versions of a document, oldest first."""
    return _versions(session, [DocumentRow.id == document_id], order=(DocumentVersionRow.number,))


def duplicates(
    session: Session, *, document_id: int | None = None, limit: int = 50, offset: int = 0
) -> tuple[GroupEntry, ...]:
    """Return the groups of documents that tell the same story, those that began last first; with an id only its own."""
    chosen = near_duplicates.shared_groups().order_by(DocumentRow.group_id.desc()).limit(limit).offset(offset)
    if document_id is not None:
        chosen = chosen.where(
            DocumentRow.group_id.in_(select(DocumentRow.group_id).where(DocumentRow.id == document_id))
        )
    found = session.scalars(chosen).all()
    of_group: dict[int, list[VersionEntry]] = {each: [] for each in found if each is not None}
    conditions = [is_newest(), DocumentRow.group_id.in_(found)]
    for entry in _versions(session, conditions, order=(DocumentRow.id,)):
        of_group[entry.group[0]].append(entry)
    return tuple(GroupEntry(id=each, members=tuple(entries)) for each, entries in of_group.items())


def changes(
    session: Session,
    *,
    since: datetime | None = None,
    source_id: str | None = None,
    jurisdiction: str | None = None,
    instrument_id: int | None = None,
    kind: ChangeKind | None = None,
    direction: Direction | None = None,
    limit: int = 50,
    offset: int = 0,
    with_texts: bool = False,
) -> tuple[ChangeEntry, ...]:
    """Return changes, newest first, in the order of the text where one comparison brought several.

    Those that wait for the review of a side, or have a rejected one, are left out. `with_texts` gives both documents
    their stored texts.
    """
    query = _with_context(select(ChangeRow).where(~ChangeRow.held)).limit(limit).offset(offset)
    if since is not None:
        query = query.where(ComparisonRow.detected_at >= since)
    if source_id is not None:
        query = query.where(DocumentRow.source_id == source_id)
    if jurisdiction is not None:
        query = query.where(SourceRow.jurisdiction == jurisdiction)
    if instrument_id is not None:
        query = query.where(ComparisonRow.instrument_id == instrument_id)
    if kind is not None:
        query = query.where(ChangeRow.kind == kind.value)
    if direction is not None:
        query = query.where(ChangeRow.direction == direction.value)
    return tuple(_change_entry(row, with_texts=with_texts) for row in session.scalars(query))


def deliveries(
    session: Session, *, state: DeliveryState | None = None, limit: int = 50, offset: int = 0
) -> tuple[DeliveryEntry, ...]:
    """Return the messages of the outbox, newest first."""
    query = select(DeliveryRow).order_by(DeliveryRow.created_at.desc(), DeliveryRow.id).limit(limit).offset(offset)
    if state is not None:
        query = query.where(DeliveryRow.state == state.value)
    rows = session.scalars(query).all()
    ids = [row.id for row in rows]
    changed, happened = DeliveryChangeRow, DeliveryEventRow
    of_changes = select(changed.delivery_id, changed.change_id).where(changed.delivery_id.in_(ids))
    of_events = select(happened.delivery_id, happened.event_id).where(happened.delivery_id.in_(ids))
    told_changes = _by_delivery(session, of_changes.order_by(changed.change_id))
    told_events = _by_delivery(session, of_events.order_by(happened.event_id))
    return tuple(
        DeliveryEntry(
            delivery=delivery_from_row(row),
            change_ids=told_changes.get(row.id, ()),
            event_ids=told_events.get(row.id, ()),
            finished_at=row.finished_at,
        )
        for row in rows
    )


def instruments(session: Session, *, jurisdiction: str | None = None) -> tuple[InstrumentEntry, ...]:
    """Return the rules that have documents, with the versions of these, oldest rule first."""
    found = instrument_repository.load_all(session, jurisdiction=jurisdiction)
    chosen: ColumnElement[bool] = DocumentRow.instrument_id.is_not(None)
    if jurisdiction is not None:
        chosen = DocumentRow.instrument_id.in_(
            select(InstrumentRow.id).where(InstrumentRow.jurisdiction == jurisdiction)
        )
    of_rule: dict[int, list[VersionEntry]] = {each.id: [] for each in found}
    order = (DocumentVersionRow.valid_from, DocumentVersionRow.id)
    for entry in _versions(session, [chosen], order=order):
        if entry.instrument_id in of_rule:
            of_rule[entry.instrument_id].append(entry)
    return tuple(
        InstrumentEntry(instrument=each, versions=tuple(of_rule[each.id])) for each in found if of_rule[each.id]
    )


def instrument(session: Session, instrument_id: int) -> InstrumentEntry:
    """Return one rule with the versions of its documents. Raises `NotStored`, also where it has no documents any more."""
    found = instrument_repository.by_id(session, instrument_id)
    order = (DocumentVersionRow.valid_from, DocumentVersionRow.id)
    versions = _versions(session, [DocumentRow.instrument_id == instrument_id], order=order)
    if not versions:
        raise NotStored("instrument with documents", instrument_id)
    return InstrumentEntry(instrument=found, versions=versions)


def _with_context(query: Select[ChangeRow]) -> Select[ChangeRow]:
    """Return a query for changes that also loads their documents, sources and instruments, newest first."""
    return (
        query.join(ChangeRow.comparison)
        .join(ComparisonRow.new_version)
        .join(DocumentVersionRow.document)
        .join(DocumentRow.source)
        .options(
            contains_eager(ChangeRow.comparison).options(
                contains_eager(ComparisonRow.new_version)
                .contains_eager(DocumentVersionRow.document)
                .contains_eager(DocumentRow.source),
                # a join to a version, its document and its source would make SQLite go through all of them
                selectinload(ComparisonRow.old_version),
                joinedload(ComparisonRow.instrument),
            ),
            joinedload(ChangeRow.old),
            joinedload(ChangeRow.new),
        )
        .order_by(ComparisonRow.detected_at.desc(), ComparisonRow.id.desc(), ChangeRow.id)
    )


def _by_delivery(session: Session, links: Select[str, int]) -> dict[str, tuple[int, ...]]:
    told: dict[str, tuple[int, ...]] = {}
    for delivery_id, linked in session.execute(links):
        told[delivery_id] = (*told.get(delivery_id, ()), linked)
    return told


def _count(session: Session, table: type[DeclarativeBase], *conditions: SQLColumnExpression[bool]) -> int:
    return session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0


def _versions(
    session: Session,
    conditions: list[ColumnElement[bool]],
    *,
    order: tuple[SQLColumnExpression[Any], ...],
    limit: int | None = None,
    offset: int = 0,
) -> tuple[VersionEntry, ...]:
    count = (
        select(func.count()).where(RequirementRow.version_id == DocumentVersionRow.id, is_reported()).scalar_subquery()
    )
    query = (
        select(DocumentVersionRow, count)
        .join(DocumentVersionRow.document)
        .join(DocumentRow.source)
        .options(contains_eager(DocumentVersionRow.document).contains_eager(DocumentRow.source))
        .where(*conditions)
        .order_by(*order)
        .limit(limit)
        .offset(offset)
    )
    found = session.execute(query).all()
    groups = near_duplicates.members(session, {row.document.group_id for row, _ in found})
    return tuple(_version_entry(row, requirements, groups=groups) for row, requirements in found)


def _version_entry(
    row: DocumentVersionRow, requirements: int, *, groups: Mapping[int | None, tuple[int, ...]]
) -> VersionEntry:
    document = row.document
    group = groups.get(document.group_id, ())
    return VersionEntry(
        id=row.id,
        document_id=document.id,
        number=row.number,
        source_id=document.source_id,
        publisher=document.source.publisher,
        jurisdiction=document.source.jurisdiction,
        url=document.url,
        document_class=DocumentClass(document.document_class),
        title=row.title,
        language=row.language,
        stage=Stage(row.stage),
        published=row.published,
        fetched_at=row.fetched_at,
        valid_from=row.valid_from,
        comment_deadline=row.comment_deadline,
        effective_on=row.effective_on,
        references=tuple(row.references),
        instrument_id=document.instrument_id,
        join_reason=None if document.join_reason is None else JoinReason(document.join_reason),
        join_score=document.join_score,
        requirements=None if row.extracted_at is None else requirements,
        gone_at=document.gone_at,
        group=group if len(group) > 1 else (),
    )


def _change_entry(row: ChangeRow, *, with_texts: bool) -> ChangeEntry:
    comparison = row.comparison
    shown = row.new or row.old
    assert shown is not None
    return ChangeEntry(
        id=row.id,
        comparison_id=comparison.id,
        key=shown.key,
        change=change_from_row(row),
        source=source_from_row(comparison.new_version.document.source),
        instrument_id=comparison.instrument_id,
        instrument=comparison.new_version.title if comparison.instrument is None else comparison.instrument.title,
        old=side_from_row(comparison.old_version, with_text=with_texts),
        new=side_from_row(comparison.new_version, with_text=with_texts),
        detected_at=comparison.detected_at,
    )
