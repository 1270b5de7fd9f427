"""Instruments that documents may belong to, for a person to decide."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from limen.domain.instrument import JoinReason
from limen.domain.review import ReviewState
from limen.store.errors import NotStored
from limen.store.records import JoinProposal
from limen.store.tables import JoinProposalRow


def propose(
    session: Session, document_id: int, instrument_id: int, *, reason: JoinReason, score: float, at: datetime
) -> JoinProposal:
    """Keep that a document may belong to an instrument. What was proposed before is returned as it is, decided or not."""
    row = JoinProposalRow
    query = select(row).where(row.document_id == document_id, row.instrument_id == instrument_id)
    known = session.scalars(query).one_or_none()
    if known is None:
        known = JoinProposalRow(
            document_id=document_id,
            instrument_id=instrument_id,
            reason=reason.value,
            score=score,
            state=ReviewState.AWAITING.value,
            proposed_at=at,
        )
        session.add(known)
        session.flush()
    return _stored(known)


def by_id(session: Session, proposal_id: int) -> JoinProposal:
    """Return a proposal. Raises `NotStored`."""
    return _stored(_row(session, proposal_id))


def decide(session: Session, proposal_id: int, state: ReviewState, *, at: datetime) -> None:
    """Keep what a person decided; a later decision takes the place of an earlier one. Raises `NotStored`."""
    row = _row(session, proposal_id)
    row.state, row.decided_at = state.value, at
    session.flush()


def rejected(session: Session, document_id: int) -> frozenset[int]:
    """Return the instruments to which, as a person said, a document does not belong."""
    row = JoinProposalRow
    query = select(row.instrument_id).where(row.document_id == document_id, row.state == ReviewState.REJECTED.value)
    return frozenset(session.scalars(query))


def settle(session: Session, document_id: int, instrument_id: int, *, at: datetime) -> None:
    """Take what awaits a decision about a document and an instrument for accepted: it belongs there now."""
    row = JoinProposalRow
    query = select(row).where(
        row.document_id == document_id,
        row.instrument_id == instrument_id,
        row.state == ReviewState.AWAITING.value,
    )
    for found in session.scalars(query):
        found.state, found.decided_at = ReviewState.ACCEPTED.value, at
    session.flush()


def take_over(session: Session, instrument_id: int, *, other_id: int) -> None:
    """Let what awaits a decision about one instrument be asked of another, where it was not already."""
    row = JoinProposalRow
    known = set(session.scalars(select(row.document_id).where(row.instrument_id == instrument_id)))
    awaiting = select(row).where(row.instrument_id == other_id, row.state == ReviewState.AWAITING.value)
    for found in session.scalars(awaiting).all():
        if found.document_id in known:
            session.delete(found)
        else:
            found.instrument_id = instrument_id
    session.flush()


def _row(session: Session, proposal_id: int) -> JoinProposalRow:
    row = session.get(JoinProposalRow, proposal_id)
    if row is None:
        raise NotStored("proposed join", f"join-{proposal_id}")
    return row


def _stored(row: JoinProposalRow) -> JoinProposal:
    return JoinProposal(
        id=row.id,
        document_id=row.document_id,
        instrument_id=row.instrument_id,
        reason=JoinReason(row.reason),
        score=row.score,
        state=ReviewState(row.state),
        decided_at=row.decided_at,
    )
