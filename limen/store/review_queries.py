"""The review queue, for people to look at: frozen rows with the document and the words around. Nothing here writes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, contains_eager, undefer

from limen.domain.clause import clause_around
from limen.domain.instrument import JoinReason
from limen.domain.requirement import Requirement
from limen.domain.review import ReviewState
from limen.store.errors import NotStored
from limen.store.mapping import requirement_from_row
from limen.store.scope import is_newest
from limen.store.tables import (
    ChangeRow,
    DocumentRow,
    DocumentVersionRow,
    InstrumentRow,
    JoinProposalRow,
    RequirementRow,
    ReviewDecisionRow,
    SourceRow,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewEntry:
    """One requirement that is or was up for review. `held` counts the changes that wait for it.

    `mark` is what a decision is taken by; `decided_at` is None until there is one.
    """

    mark: str
    state: ReviewState
    requirement: Requirement
    sentence: str
    title: str
    url: str
    source_id: str
    jurisdiction: str
    valid_from: datetime
    held: int
    decided_at: datetime | None


def queue(
    session: Session,
    *,
    state: ReviewState = ReviewState.AWAITING,
    source_id: str | None = None,
    jurisdiction: str | None = None,
    limit: int = 50,
) -> tuple[ReviewEntry, ...]:
    """Return what is at this state of its review, in the newest texts or in a change that is held: the newest document
    first, then in the order of the text; what says the same twice comes once."""
    query = _chosen().where(RequirementRow.review == state.value)
    if source_id is not None:
        query = query.where(DocumentRow.source_id == source_id)
    if jurisdiction is not None:
        query = query.where(SourceRow.jurisdiction == jurisdiction)
    found: dict[str, RequirementRow] = {}
    for row in session.scalars(query):
        found.setdefault(row.mark, row)
        if len(found) == limit:
            break
    return tuple(_entry(session, row) for row in found.values())


def reviewed(session: Session, mark: str) -> ReviewEntry:
    """Return what stands under a mark, as it was read last. Raises `NotStored`."""
    query = _of_documents(select(RequirementRow)).where(RequirementRow.mark == mark, RequirementRow.review.is_not(None))
    row = session.scalars(query.order_by(RequirementRow.id.desc()).limit(1)).one_or_none()
    if row is None:
        raise NotStored("requirement for review", mark)
    return _entry(session, row)


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinEntry:
    """An instrument that a document may belong to. `instrument_id` and `instrument` are those that are proposed.

    `home_id` is the instrument that the document is part of now. `score` is how sure the match is (0 to 1);
    `decided_at` is None until there is a decision.
    """

    id: int
    state: ReviewState
    reason: JoinReason
    score: float
    document_id: int
    title: str
    url: str
    source_id: str
    jurisdiction: str
    valid_from: datetime
    home_id: int | None
    instrument_id: int
    instrument: str
    proposed_at: datetime
    decided_at: datetime | None


def proposed_joins(
    session: Session,
    *,
    state: ReviewState = ReviewState.AWAITING,
    source_id: str | None = None,
    jurisdiction: str | None = None,
    limit: int = 50,
) -> tuple[JoinEntry, ...]:
    """Return the proposed joins at this state of their review, the surest first."""
    query = _of_proposals().where(JoinProposalRow.state == state.value)
    if source_id is not None:
        query = query.where(DocumentRow.source_id == source_id)
    if jurisdiction is not None:
        query = query.where(SourceRow.jurisdiction == jurisdiction)
    query = query.order_by(JoinProposalRow.score.desc(), JoinProposalRow.id).limit(limit)
    return tuple(_join_entry(row, version, target) for row, version, target in session.execute(query))


def proposed_join(session: Session, proposal_id: int) -> JoinEntry:
    """Return one proposed join. Raises `NotStored`."""
    found = session.execute(_of_proposals().where(JoinProposalRow.id == proposal_id)).one_or_none()
    if found is None:
        raise NotStored("proposed join", f"join-{proposal_id}")
    row, version, target = found
    return _join_entry(row, version, target)


def _of_proposals() -> Select[JoinProposalRow, DocumentVersionRow, InstrumentRow]:
    return (
        select(JoinProposalRow, DocumentVersionRow, InstrumentRow)
        .join(DocumentRow, DocumentRow.id == JoinProposalRow.document_id)
        .join(DocumentVersionRow, DocumentVersionRow.document_id == DocumentRow.id)
        .join(InstrumentRow, InstrumentRow.id == JoinProposalRow.instrument_id)
        .join(SourceRow, SourceRow.id == DocumentRow.source_id)
        .where(is_newest())
    )


def _join_entry(row: JoinProposalRow, version: DocumentVersionRow, instrument: InstrumentRow) -> JoinEntry:
    document = version.document
    return JoinEntry(
        id=row.id,
        state=ReviewState(row.state),
        reason=JoinReason(row.reason),
        score=row.score,
        document_id=document.id,
        title=version.title,
        url=document.url,
        source_id=document.source_id,
        jurisdiction=document.source.jurisdiction,
        valid_from=version.valid_from,
        home_id=document.instrument_id,
        instrument_id=instrument.id,
        instrument=instrument.title,
        proposed_at=row.proposed_at,
        decided_at=row.decided_at,
    )


def _chosen() -> Select[RequirementRow]:
    held = select(ChangeRow.id).where(
        ChangeRow.held,
        or_(ChangeRow.old_requirement_id == RequirementRow.id, ChangeRow.new_requirement_id == RequirementRow.id),
    )
    version = DocumentVersionRow
    return (
        _of_documents(select(RequirementRow))
        .where(or_(RequirementRow.current & is_newest(), held.exists()))
        .order_by(version.valid_from.desc(), version.id.desc(), RequirementRow.ordinal)
    )


def _of_documents(query: Select[RequirementRow]) -> Select[RequirementRow]:
    version = contains_eager(RequirementRow.version)
    return (
        query.join(RequirementRow.version)
        .join(DocumentVersionRow.document)
        .join(DocumentRow.source)
        .options(
            version.contains_eager(DocumentVersionRow.document).contains_eager(DocumentRow.source),
            version.options(undefer(DocumentVersionRow.text)),
        )
    )


def _entry(session: Session, row: RequirementRow) -> ReviewEntry:
    version = row.version
    requirement = requirement_from_row(row)
    decision = session.get(ReviewDecisionRow, row.mark)
    assert row.review is not None
    return ReviewEntry(
        mark=row.mark,
        state=ReviewState(row.review),
        requirement=requirement,
        sentence=" ".join(clause_around(version.text, requirement.evidence).split()),
        title=version.title,
        url=version.document.url,
        source_id=version.document.source_id,
        jurisdiction=version.document.source.jurisdiction,
        valid_from=version.valid_from,
        held=_held_changes(session, row.mark),
        decided_at=None if decision is None else decision.decided_at,
    )


def _held_changes(session: Session, mark: str) -> int:
    of_mark = select(RequirementRow.id).where(RequirementRow.mark == mark)
    sides = or_(ChangeRow.old_requirement_id.in_(of_mark), ChangeRow.new_requirement_id.in_(of_mark))
    return len(session.scalars(select(ChangeRow.id).where(ChangeRow.held, sides)).all())
