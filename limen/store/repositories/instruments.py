"""Instruments: rules, their official numbers and the documents that belong to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from limen.store.errors import NotStored
from limen.store.records import StoredInstrument
from limen.store.scope import is_newest
from limen.store.tables import (
    DocumentRow,
    DocumentVersionRow,
    InstrumentReferenceRow,
    InstrumentRow,
    RequirementRow,
)


def add(
    session: Session,
    *,
    title: str,
    jurisdiction: str,
    language: str,
    at: datetime,
    series_key: str | None = None,
    edition: str | None = None,
    references: Iterable[str] = (),
) -> StoredInstrument:
    """Keep a new instrument."""
    row = InstrumentRow(
        title=title,
        jurisdiction=jurisdiction,
        language=language,
        series_key=series_key,
        edition=edition,
        created_at=at,
    )
    session.add(row)
    session.flush()
    _add_references(session, row, references)
    return _stored(row)


def update(
    session: Session,
    instrument_id: int,
    *,
    title: str | None = None,
    series_key: str | None = None,
    edition: str | None = None,
    references: Iterable[str] = (),
) -> StoredInstrument:
    """Give an instrument a new title, series or edition (None leaves it as it is) and further official numbers.

    Raises:
        NotStored: there is no such instrument.
    """
    row = _row(session, instrument_id)
    row.title = title or row.title
    row.series_key = series_key or row.series_key
    row.edition = edition or row.edition
    _add_references(session, row, references)
    return _stored(row)


def by_id(session: Session, instrument_id: int) -> StoredInstrument:
    """Return an instrument. Raises `NotStored`."""
    return _stored(_row(session, instrument_id))


def find_by_references(
    session: Session, references: Sequence[str], *, jurisdiction: str
) -> tuple[StoredInstrument, ...]:
    """Return the instruments of a jurisdiction that have any of these official numbers, oldest first."""
    known = select(InstrumentReferenceRow.instrument_id).where(InstrumentReferenceRow.reference.in_(list(references)))
    return _find(session, _all().where(InstrumentRow.id.in_(known), InstrumentRow.jurisdiction == jurisdiction))


def find_by_series(
    session: Session, series_key: str, *, jurisdiction: str, language: str
) -> tuple[StoredInstrument, ...]:
    """Return the instruments of a series, oldest first; more than one only where a person split them."""
    row = InstrumentRow
    wanted = (row.series_key == series_key, row.jurisdiction == jurisdiction, row.language == language)
    return _find(session, _all().where(*wanted))


def load_all(session: Session, *, jurisdiction: str | None = None) -> tuple[StoredInstrument, ...]:
    """Return all instruments, of one jurisdiction or of all, oldest first."""
    query = _all()
    return _find(session, query if jurisdiction is None else query.where(InstrumentRow.jurisdiction == jurisdiction))


def metrics(session: Session, *, jurisdiction: str) -> dict[int, frozenset[str]]:
    """Return what the instruments of a jurisdiction regulate now: instrument id to metric ids, where any is known."""
    query = (
        select(DocumentRow.instrument_id, RequirementRow.metric_id)
        .join(DocumentVersionRow, DocumentVersionRow.document_id == DocumentRow.id)
        .join(RequirementRow, RequirementRow.version_id == DocumentVersionRow.id)
        .join(InstrumentRow, InstrumentRow.id == DocumentRow.instrument_id)
        .where(
            InstrumentRow.jurisdiction == jurisdiction,
            RequirementRow.metric_id.is_not(None),
            RequirementRow.current,
            is_newest(),
        )
        .distinct()
    )
    found: dict[int, set[str]] = {}
    for instrument_id, metric_id in session.execute(query):
        assert instrument_id is not None
        assert metric_id is not None
        found.setdefault(instrument_id, set()).add(metric_id)
    return {instrument_id: frozenset(ids) for instrument_id, ids in found.items()}


def attach_document(session: Session, document_id: int, instrument_id: int | None) -> None:
    """Make a document part of an instrument, in place of the one before; None takes it out of any. Raises `NotStored`."""
    document = session.get(DocumentRow, document_id)
    if document is None:
        raise NotStored("document", document_id)
    if instrument_id is not None:
        _row(session, instrument_id)
    document.instrument_id = instrument_id
    session.flush()


def _all() -> Select[InstrumentRow]:
    return select(InstrumentRow).order_by(InstrumentRow.id)


def _row(session: Session, instrument_id: int) -> InstrumentRow:
    row = session.get(InstrumentRow, instrument_id)
    if row is None:
        raise NotStored("instrument", instrument_id)
    return row


def _add_references(session: Session, row: InstrumentRow, references: Iterable[str]) -> None:
    known = {each.reference for each in row.references}
    for reference in dict.fromkeys(references):
        if reference not in known:
            row.references.append(InstrumentReferenceRow(reference=reference))
    session.flush()


def _find(session: Session, query: Select[InstrumentRow]) -> tuple[StoredInstrument, ...]:
    return tuple(_stored(row) for row in session.scalars(query))


def _stored(row: InstrumentRow) -> StoredInstrument:
    return StoredInstrument(
        id=row.id,
        title=row.title,
        jurisdiction=row.jurisdiction,
        language=row.language,
        series_key=row.series_key,
        edition=row.edition,
        references=tuple(sorted(each.reference for each in row.references)),
    )
