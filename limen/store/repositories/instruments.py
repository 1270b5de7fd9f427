"""Instruments: rules, their official numbers and the documents that belong to them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVarTuple

from sqlalchemy import Row, Select, String, cast, delete, or_, select, update
from sqlalchemy.orm import Session

from limen.domain.document_event import EventKind
from limen.domain.instrument import JoinReason
from limen.store.errors import NotStored
from limen.store.pieces import in_pieces
from limen.store.records import Origin, StoredInstrument
from limen.store.repositories.documents import OFFICIAL
from limen.store.scope import is_newest
from limen.store.tables import (
    ComparisonRow,
    DocumentEventRow,
    DocumentRow,
    DocumentVersionRow,
    InstrumentReferenceRow,
    InstrumentRow,
    PressClaimRow,
    PressLinkRow,
    RequirementRow,
    SourceRow,
)

Columns = TypeVarTuple("Columns")


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What an instrument is called, and the titles and numbers by which its texts speak of rules that they end."""

    title: str
    references: set[str] = field(default_factory=set)
    phrases: set[str] = field(default_factory=set)


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


def describe(
    session: Session,
    instrument_id: int,
    *,
    title: str,
    language: str,
    series_key: str | None,
    edition: str | None,
    references: Iterable[str],
) -> StoredInstrument:
    """Say anew what an instrument is called, and under which official numbers it is known: these and no others.

    Raises:
        NotStored: there is no such instrument.
    """
    row = _row(session, instrument_id)
    row.title, row.language, row.series_key, row.edition = title, language, series_key, edition
    wanted = set(references)
    row.references = [each for each in row.references if each.reference in wanted]
    _add_references(session, row, sorted(wanted))
    return _stored(row)


def by_id(session: Session, instrument_id: int) -> StoredInstrument:
    """Return an instrument. Raises `NotStored`."""
    return _stored(_row(session, instrument_id))


def load_all(session: Session, *, jurisdiction: str | None = None) -> tuple[StoredInstrument, ...]:
    """Return all instruments, of one jurisdiction or of all, oldest first."""
    query = _all()
    return _find(session, query if jurisdiction is None else query.where(InstrumentRow.jurisdiction == jurisdiction))


def names(session: Session, *, jurisdiction: str, language: str) -> dict[int, Names]:
    """Return what the instruments of a jurisdiction and language are called and which rules their texts speak of, by id.

    That is what a document's instrument is sought by first: few columns, since there may be many instruments.
    """
    row, reference = InstrumentRow, InstrumentReferenceRow
    wanted = (row.jurisdiction == jurisdiction, row.language == language)
    titles = session.execute(select(row.id, row.title).where(*wanted).order_by(row.id))
    found = {instrument_id: Names(title=title) for instrument_id, title in titles}
    numbers = select(reference.instrument_id, reference.reference).join(row, row.id == reference.instrument_id)
    for instrument_id, number in session.execute(numbers.where(*wanted)):
        found[instrument_id].references.add(number)
    version = DocumentVersionRow
    phrases = (
        select(DocumentRow.instrument_id, version.replaces, version.repeals)
        .join(version.document)
        .join(row, row.id == DocumentRow.instrument_id)
        .where(*wanted, or_(cast(version.replaces, String) != "[]", cast(version.repeals, String) != "[]"), is_newest())
    )
    for home, replaces, repeals in session.execute(phrases):
        assert home is not None
        found[home].phrases.update(replaces, repeals)
    return found


def metrics(session: Session, instrument_ids: Collection[int]) -> dict[int, frozenset[str]]:
    """Return what instruments regulate now: instrument id to metric ids, where any is known."""
    query = (
        select(DocumentRow.instrument_id, RequirementRow.metric_id)
        .join(DocumentVersionRow, DocumentVersionRow.document_id == DocumentRow.id)
        .join(RequirementRow, RequirementRow.version_id == DocumentVersionRow.id)
        .where(
            RequirementRow.metric_id.is_not(None),
            RequirementRow.current,
            is_newest(),
        )
        .distinct()
    )
    found: dict[int, set[str]] = {}
    for instrument_id, metric_id in _of_some(session, query, instrument_ids):
        assert instrument_id is not None
        assert metric_id is not None
        found.setdefault(instrument_id, set()).add(metric_id)
    return {instrument_id: frozenset(ids) for instrument_id, ids in found.items()}


def origins(session: Session, instrument_ids: Collection[int]) -> dict[int, Origin]:
    """Return where instruments come from, by id: those that have an official document at all."""
    document, version = DocumentRow, DocumentVersionRow
    query = (
        select(document.instrument_id, SourceRow.publisher, version.issued_by, version.replaces, version.repeals)
        .join(version.document)
        .join(document.source)
        .where(
            document.document_class.in_(OFFICIAL),
            version.extracted_at.is_not(None),
            is_newest(),
        )
    )
    found: dict[int, Origin] = {}
    for instrument_id, publisher, issued_by, replaces, repeals in _of_some(session, query, instrument_ids):
        assert instrument_id is not None
        known = found.get(instrument_id, Origin())
        found[instrument_id] = Origin(
            publishers=known.publishers | {publisher},
            issuers=known.issuers | {canonical or name or "" for name, canonical in issued_by},
            replaces=known.replaces | set(replaces),
            repeals=known.repeals | set(repeals),
        )
    return found


def attach_document(
    session: Session,
    document_id: int,
    instrument_id: int | None,
    *,
    reason: JoinReason | None = None,
    score: float | None = None,
) -> None:
    """Make a document part of an instrument, in place of the one before; None takes it out of any. Raises `NotStored`.

    What was found in its versions before goes with it. `reason` and `score` are why it belongs there and how sure that is.
    """
    document = _document(session, document_id)
    if instrument_id is not None:
        _row(session, instrument_id)
    document.instrument_id = instrument_id
    document.join_reason = None if reason is None else reason.value
    document.join_score = score
    own = select(DocumentVersionRow.id).where(DocumentVersionRow.document_id == document_id)
    found_in = ((ComparisonRow, ComparisonRow.new_version_id), (DocumentEventRow, DocumentEventRow.version_id))
    for table, version_id in found_in:
        session.execute(update(table).where(version_id.in_(own)).values(instrument_id=instrument_id))
    session.flush()


def official_documents(session: Session, instrument_id: int) -> tuple[int, ...]:
    """Return the ids of the official documents of an instrument, in the order in which their first versions were valid."""
    query = (
        select(DocumentRow.id)
        .join(DocumentVersionRow, DocumentVersionRow.document_id == DocumentRow.id)
        .where(
            DocumentRow.instrument_id == instrument_id,
            DocumentRow.document_class.in_(OFFICIAL),
            DocumentVersionRow.number == 1,
        )
        .order_by(DocumentVersionRow.valid_from, DocumentRow.id)
    )
    return tuple(session.scalars(query))


def printed_references(session: Session, instrument_id: int) -> frozenset[str]:
    """Return the official numbers that the versions of the official documents of an instrument give as their own."""
    document, version = DocumentRow, DocumentVersionRow
    query = (
        select(version.references)
        .join(version.document)
        .where(document.instrument_id == instrument_id, document.document_class.in_(OFFICIAL))
    )
    return frozenset(reference for found in session.scalars(query) for reference in found)


def of_document(session: Session, document_id: int) -> int | None:
    """Return the id of the instrument of a document, None where it has none. Raises `NotStored`."""
    return _document(session, document_id).instrument_id


def join_reason(session: Session, document_id: int) -> JoinReason | None:
    """Return why a document belongs to its instrument, None where that was not kept. Raises `NotStored`."""
    reason = _document(session, document_id).join_reason
    return None if reason is None else JoinReason(reason)


def take_over_news(session: Session, instrument_id: int, *, other_id: int) -> None:
    """Let the news that reports on one instrument report on another, where it does not already, with its events."""
    for table, own in ((PressLinkRow, PressLinkRow.document_id), (PressClaimRow, PressClaimRow.requirement_id)):
        known = select(own).where(table.instrument_id == instrument_id)
        session.execute(delete(table).where(table.instrument_id == other_id, own.in_(known)))
        session.execute(update(table).where(table.instrument_id == other_id).values(instrument_id=instrument_id))
    of_press = [kind.value for kind in EventKind if kind.is_of_press]
    event = DocumentEventRow
    session.execute(
        update(event)
        .where(event.instrument_id == other_id, event.kind.in_(of_press))
        .values(instrument_id=instrument_id)
    )
    session.expire_all()


def _of_some(session: Session, query: Select[*Columns], instrument_ids: Collection[int]) -> Iterator[Row[*Columns]]:
    """Yield what a query for documents finds of some instruments."""
    for some in in_pieces(instrument_ids):
        yield from session.execute(query.where(DocumentRow.instrument_id.in_(some)))


def _all() -> Select[InstrumentRow]:
    return select(InstrumentRow).order_by(InstrumentRow.id)


def _document(session: Session, document_id: int) -> DocumentRow:
    document = session.get(DocumentRow, document_id)
    if document is None:
        raise NotStored("document", document_id)
    return document


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
