from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from limen.domain.delivery import DeliveryState
from limen.store.errors import NotStored
from limen.store.repositories import deliveries
from tests.unit.store.samples import DAY, DAY_1, a_delivery

MINUTE = timedelta(minutes=1)
LEASE = 10 * MINUTE


def claimed(session: Session, *, after: timedelta = MINUTE, limit: int = 10) -> list[str]:
    found = deliveries.claim_due(session, DAY_1 + after, limit=limit, lease=LEASE)
    return [each.id for each in found]


def test_a_message_comes_back_and_is_due_at_once(session: Session) -> None:
    assert deliveries.add(session, [a_delivery()]) == 1
    found = deliveries.by_id(session, "msg_1")
    assert found.payload == a_delivery().payload
    assert found.next_attempt_at == DAY_1
    assert claimed(session) == ["msg_1"]


def test_the_same_id_is_added_once(session: Session) -> None:
    deliveries.add(session, [a_delivery()])
    deliveries.claim_due(session, DAY_1, limit=1)
    deliveries.mark_sent(session, "msg_1", at=DAY_1)
    assert deliveries.add(session, [a_delivery(), a_delivery("msg_2")]) == 1
    assert deliveries.by_id(session, "msg_1").state is DeliveryState.SENT


def test_a_claim_holds_until_its_lease_ends_and_counts_as_a_try(session: Session) -> None:
    deliveries.add(session, [a_delivery()])
    assert claimed(session, after=0 * MINUTE) == ["msg_1"]
    assert claimed(session, after=LEASE - MINUTE) == []
    assert deliveries.next_due(session) == DAY_1 + LEASE
    assert claimed(session, after=LEASE) == ["msg_1"]
    assert deliveries.by_id(session, "msg_1").attempts == 2


def test_what_is_due_longest_comes_first_and_no_more_than_asked_for(session: Session) -> None:
    deliveries.add(session, [a_delivery(f"msg_{number}", at=DAY_1 - number * MINUTE) for number in range(5)])
    deliveries.add(session, [a_delivery("later", at=DAY_1 + DAY)])
    assert claimed(session, limit=2) == ["msg_4", "msg_3"]
    assert claimed(session) == ["msg_2", "msg_1", "msg_0"]


def test_a_failed_try_waits_for_the_next(session: Session) -> None:
    deliveries.add(session, [a_delivery()])
    claimed(session)
    deliveries.mark_failed(session, "msg_1", error="450 busy", at=DAY_1, next_attempt_at=DAY_1 + 5 * MINUTE)
    assert deliveries.by_id(session, "msg_1").last_error == "450 busy"
    assert claimed(session, after=4 * MINUTE) == []
    assert claimed(session, after=5 * MINUTE) == ["msg_1"]


def test_a_dead_message_rests_until_it_is_taken_up_again(session: Session) -> None:
    deliveries.add(session, [a_delivery(), a_delivery("msg_2")])
    claimed(session)
    for each in ("msg_1", "msg_2"):
        deliveries.mark_failed(session, each, error="550 unknown", at=DAY_1, next_attempt_at=None)
    assert claimed(session, after=9 * DAY) == []
    assert deliveries.next_due(session) is None
    assert [each.id for each in deliveries.load(session, state=DeliveryState.DEAD)] == ["msg_1", "msg_2"]
    assert deliveries.requeue(session, at=DAY_1, delivery_id="msg_1") == 1
    assert deliveries.requeue(session, at=DAY_1) == 1
    assert deliveries.requeue(session, at=DAY_1) == 0
    assert deliveries.by_id(session, "msg_1").attempts == 0
    assert sorted(claimed(session)) == ["msg_1", "msg_2"]


def test_what_was_sent_is_not_failed_by_a_slower_sender(session: Session) -> None:
    deliveries.add(session, [a_delivery()])
    claimed(session)
    claimed(session, after=LEASE + MINUTE)
    deliveries.mark_sent(session, "msg_1", at=DAY_1)
    deliveries.mark_failed(session, "msg_1", error="time-out", at=DAY_1, next_attempt_at=DAY_1)
    assert deliveries.by_id(session, "msg_1").state is DeliveryState.SENT
    assert claimed(session, after=9 * DAY) == []


def test_an_unknown_id_is_named(session: Session) -> None:
    with pytest.raises(NotStored, match="no delivery 'x'"):
        deliveries.mark_sent(session, "x", at=DAY_1)
    with pytest.raises(NotStored, match="no delivery 'x'"):
        deliveries.requeue(session, at=DAY_1, delivery_id="x")
