"""The events of documents for people to look at, as frozen rows. Nothing here writes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from limen.domain.change import DocumentSide
from limen.domain.document_event import EventKind, KeptEvent
from limen.domain.source import Source
from limen.store.mapping import event_from_row, side_from_row, source_from_row
from limen.store.tables import (
    DocumentEventRow,
    DocumentRow,
    DocumentVersionRow,
    InstrumentRow,
    RequirementRow,
    SourceRow,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventEntry:
    """One event with its rule and documents. `old` is None where the document was compared with no other.

    `told_at` is when it was decided who is told; None until then.
    """

    kept: KeptEvent
    source: Source
    instrument_id: int | None
    instrument: str
    old: DocumentSide | None
    new: DocumentSide
    detected_at: datetime
    told_at: datetime | None


def events(
    session: Session,
    *,
    kind: EventKind | None = None,
    since: datetime | None = None,
    source_id: str | None = None,
    jurisdiction: str | None = None,
    limit: int = 50,
    offset: int = 0,
) -> tuple[EventEntry, ...]:
    """Return events, newest first. The jurisdiction is that of the source or of the rule, which differ for news."""
    row, version = DocumentEventRow, DocumentVersionRow
    query = (
        select(row)
        .join(row.version)
        .join(version.document)
        .join(DocumentRow.source)
        .outerjoin(row.instrument)
        .options(
            contains_eager(row.version).contains_eager(version.document).contains_eager(DocumentRow.source),
            contains_eager(row.instrument),
            # a join to a version, its document and its source would make SQLite go through all of them
            selectinload(row.old_version),
            joinedload(row.requirement),
            joinedload(row.official_requirement).selectinload(RequirementRow.version),
        )
        .order_by(row.detected_at.desc(), row.id.desc())
        .limit(limit)
        .offset(offset)
    )
    if kind is not None:
        query = query.where(row.kind == kind.value)
    if since is not None:
        query = query.where(row.detected_at >= since)
    if source_id is not None:
        query = query.where(DocumentRow.source_id == source_id)
    if jurisdiction is not None:
        query = query.where(or_(SourceRow.jurisdiction == jurisdiction, InstrumentRow.jurisdiction == jurisdiction))
    return tuple(_entry(each) for each in session.scalars(query))


def _entry(row: DocumentEventRow) -> EventEntry:
    return EventEntry(
        kept=event_from_row(row),
        source=source_from_row(row.version.document.source),
        instrument_id=row.instrument_id,
        instrument=row.version.title if row.instrument is None else row.instrument.title,
        old=None if row.old_version is None else side_from_row(row.old_version),
        new=side_from_row(row.version),
        detected_at=row.detected_at,
        told_at=row.told_at,
    )
