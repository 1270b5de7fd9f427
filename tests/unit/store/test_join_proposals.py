from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from limen.domain.instrument import JoinReason
from limen.domain.review import ReviewState
from limen.store.errors import NotStored
from limen.store.records import JoinProposal
from limen.store.repositories import instruments, join_proposals
from limen.store.review_queries import proposed_join, proposed_joins
from tests.unit.store.samples import DAY, DAY_1, a_version, keep


def proposed(session: Session, *, score: float = 0.8, url: str = "u", rule: int | None = None) -> JoinProposal:
    version, _ = keep(session, a_version("text", url=url))
    if rule is None:
        rule = instruments.add(session, title="Rule", jurisdiction="CN", language="en", at=DAY_1).id
    return join_proposals.propose(session, version.document_id, rule, reason=JoinReason.TITLE, score=score, at=DAY_1)


def test_what_is_proposed_twice_is_asked_once(session: Session) -> None:
    first = proposed(session)
    assert (first.state, first.decided_at) == (ReviewState.AWAITING, None)
    join_proposals.decide(session, first.id, ReviewState.REJECTED, at=DAY_1 + DAY)
    again = join_proposals.propose(
        session, first.document_id, first.instrument_id, reason=JoinReason.SERIES, score=0.9, at=DAY_1 + DAY
    )
    assert again == join_proposals.by_id(session, first.id)
    assert (again.state, again.reason, again.decided_at) == (ReviewState.REJECTED, JoinReason.TITLE, DAY_1 + DAY)
    assert join_proposals.rejected(session, first.document_id) == {first.instrument_id}


def test_the_surest_is_shown_first(session: Session) -> None:
    low, high = proposed(session, score=0.71), proposed(session, score=0.84, url="v")
    assert [entry.id for entry in proposed_joins(session)] == [high.id, low.id]
    assert [entry.id for entry in proposed_joins(session, limit=1)] == [high.id]
    assert proposed_joins(session, source_id="other") == ()
    assert proposed_joins(session, jurisdiction="US") == ()
    entry = proposed_join(session, low.id)
    assert (entry.url, entry.instrument, entry.home_id, entry.score) == ("u", "Rule", None, 0.71)


def test_a_question_moves_to_another_instrument_unless_it_is_asked_there(session: Session) -> None:
    one, other = proposed(session), proposed(session, url="v")
    both = join_proposals.propose(
        session, one.document_id, other.instrument_id, reason=JoinReason.TITLE, score=0.7, at=DAY_1
    )
    join_proposals.take_over(session, one.instrument_id, other_id=other.instrument_id)
    assert [(entry.id, entry.instrument_id) for entry in proposed_joins(session)] == [
        (one.id, one.instrument_id),
        (other.id, one.instrument_id),
    ]
    with pytest.raises(NotStored, match=f"'join-{both.id}'"):
        join_proposals.by_id(session, both.id)


def test_an_unknown_proposal_is_named(session: Session) -> None:
    with pytest.raises(NotStored, match="no proposed join 'join-7'"):
        join_proposals.decide(session, 7, ReviewState.ACCEPTED, at=DAY_1)
    with pytest.raises(NotStored, match="no proposed join 'join-7'"):
        proposed_join(session, 7)
