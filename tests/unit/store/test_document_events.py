"""Events of documents: kept once per version and kind, told once, and withdrawals as often as they happen."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from limen.domain.document_event import DocumentEvent, EventKind
from limen.domain.instrument import JoinReason
from limen.store import event_queries
from limen.store.errors import NotStored
from limen.store.queries import deliveries as listed_deliveries
from limen.store.records import StoredVersion
from limen.store.repositories import deliveries, document_events, instruments, snapshots
from tests.unit.store.samples import DAY, DAY_1, a_delivery, a_snapshot, a_version, keep

FINAL = DocumentEvent(kind=EventKind.STAGE, before="draft", after="final")
EXTENDED = DocumentEvent(kind=EventKind.COMMENT_EXTENDED, before="2024-05-13", after="2024-06-13")
GONE = DocumentEvent(kind=EventKind.WITHDRAWN, before="A notice", after=None)


@pytest.fixture
def version(session: Session) -> StoredVersion:
    snapshots.save(session, a_snapshot(at=DAY_1))
    stored, _ = keep(session, a_version("text"))
    return stored


def go(session: Session, version: StoredVersion, *, days: int) -> None:
    """Let two visits find the page gone, the second one so many days after it was fetched."""
    url = version.version.url
    assert not snapshots.miss(session, "cn-miit", url, at=DAY_1 + days * DAY - DAY / 2)
    assert snapshots.miss(session, "cn-miit", url, at=DAY_1 + days * DAY)


def test_a_version_has_one_event_of_a_kind(session: Session, version: StoredVersion) -> None:
    assert len(document_events.save(session, version.id, [FINAL, EXTENDED], at=DAY_1)) == 2
    assert document_events.save(session, version.id, [FINAL], at=DAY_1 + DAY) == ()
    assert [entry.kept.event for entry in event_queries.events(session)] == [EXTENDED, FINAL]


def test_the_events_of_a_version_and_rule_are_told_together_and_once(session: Session, version: StoredVersion) -> None:
    rule = instruments.add(session, title="Conditions", jurisdiction="CN", language="zh", at=DAY_1)
    other, _ = keep(session, a_version("text", url="https://cn-miit.example/final"))
    mine = document_events.save(session, version.id, [FINAL, EXTENDED], instrument_id=rule.id, at=DAY_1)
    theirs = document_events.save(session, other.id, [FINAL], old_version_id=version.id, at=DAY_1)
    assert document_events.untold(session) == (mine, theirs)
    document_events.mark_told(session, mine, at=DAY_1)
    assert document_events.untold(session) == (theirs,)
    alert = document_events.alert(session, mine)
    assert (alert.instrument, alert.jurisdiction, alert.old, alert.new.version_id) == (
        "Conditions",
        "CN",
        None,
        version.id,
    )
    assert tuple(each.event for each in alert.events) == (FINAL, EXTENDED)
    compared = document_events.alert(session, theirs)
    assert compared.old is not None
    assert (compared.old.version_id, compared.instrument) == (version.id, "A notice")
    with pytest.raises(NotStored):
        document_events.alert(session, (999,))


def test_a_message_is_listed_with_its_events(session: Session, version: StoredVersion) -> None:
    ids = document_events.save(session, version.id, [FINAL, EXTENDED], at=DAY_1)
    deliveries.add(session, [a_delivery()], event_ids=(*ids, ids[0]))
    (entry,) = listed_deliveries(session)
    assert (entry.event_ids, entry.change_ids) == (ids, ())


def test_a_document_that_goes_twice_is_withdrawn_twice(session: Session, version: StoredVersion) -> None:
    assert document_events.withdrawals(session) == ()
    go(session, version, days=1)
    (first,) = document_events.withdrawals(session)
    assert (first.version.id, first.gone_at, first.was_standing) == (version.id, DAY_1 + DAY, True)
    document_events.withdraw(session, first, GONE, at=DAY_1)  # by a clock that is behind
    assert document_events.withdrawals(session) == ()
    snapshots.save(session, a_snapshot(at=DAY_1 + 2 * DAY))
    assert document_events.withdrawals(session) == ()
    go(session, version, days=4)
    (second,) = document_events.withdrawals(session)
    document_events.withdraw(session, second, GONE, at=DAY_1 + 5 * DAY)
    assert document_events.withdrawals(session) == ()
    assert len(event_queries.events(session, kind=EventKind.WITHDRAWN)) == 2


def test_a_document_of_the_rule_that_still_stands_has_taken_the_place(session: Session, version: StoredVersion) -> None:
    moved, _ = keep(session, a_version("text", url="https://cn-miit.example/moved"))
    rule = instruments.add(session, title="Conditions", jurisdiction="CN", language="zh", at=DAY_1)
    for each in (version, moved):
        instruments.attach_document(session, each.document_id, rule.id, reason=JoinReason.FIRST, score=1.0)
    go(session, version, days=1)
    assert document_events.withdrawals(session) == ()


def test_events_are_listed_by_what_they_are_of(session: Session, version: StoredVersion) -> None:
    rule = instruments.add(session, title="Conditions", jurisdiction="EU", language="zh", at=DAY_1)
    document_events.save(session, version.id, [FINAL], instrument_id=rule.id, at=DAY_1)
    for found in (
        event_queries.events(session, source_id="cn-miit"),
        event_queries.events(session, jurisdiction="CN"),
        event_queries.events(session, jurisdiction="EU"),
        event_queries.events(session, since=DAY_1),
        event_queries.events(session, kind=EventKind.STAGE),
    ):
        assert [(entry.kept.event, entry.instrument) for entry in found] == [(FINAL, "Conditions")]
    for nothing in (
        event_queries.events(session, source_id="other"),
        event_queries.events(session, jurisdiction="US"),
        event_queries.events(session, since=DAY_1 + DAY),
        event_queries.events(session, kind=EventKind.TITLE),
        event_queries.events(session, offset=1),
    ):
        assert nothing == ()
