from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from limen.domain.change import ChangeKind, Direction
from limen.domain.delivery import DeliveryState
from limen.domain.diff import diff
from limen.domain.document import Stage
from limen.store import queries
from limen.store.repositories import changes, deliveries, documents, instruments, runs, sources
from tests.unit.store.samples import DAY, DAY_1, a_delivery, a_requirement, a_source, a_version, keep

OLD = "Cells shall reach at least 160 Wh/kg."
NEW = "Cells shall reach at least 165 Wh/kg. Packs shall reach at least 120 Wh/kg."


@pytest.fixture
def filled(session: Session) -> Session:
    """A draft in two versions with two changes, one of them delivered, and a page that nobody has read."""
    old, before = keep(session, a_version(OLD), a_requirement(OLD, "at least 160 Wh/kg", "160", "Wh/kg"))
    new, after = keep(
        session,
        a_version(NEW, at=DAY_1 + DAY),
        a_requirement(NEW, "at least 165 Wh/kg", "165", "Wh/kg"),
        a_requirement(NEW, "at least 120 Wh/kg", "120", "Wh/kg", metric="pack energy density"),
    )
    rule = instruments.add(session, title="The rule", jurisdiction="CN", language="en", at=DAY_1)
    instruments.attach_document(session, old.document_id, rule.id)
    saved = changes.save(
        session,
        old_version_id=old.id,
        new_version_id=new.id,
        difference=diff([each.requirement for each in before], [each.requirement for each in after]),
        detected_at=DAY_1 + DAY,
        instrument_id=rule.id,
    )
    deliveries.add(session, [a_delivery()], change_ids=saved.change_ids[:1])
    sources.save(session, a_source("press", jurisdiction="XX"))
    documents.add_version(session, a_version("News.", source_id="press", url="https://press.example/1"))
    runs.start(session, "press", at=DAY_1)
    return session


def test_the_overview_counts_everything(filled: Session) -> None:
    found = queries.overview(filled)
    assert (found.sources, found.snapshots, found.documents, found.versions) == (2, 0, 2, 3)
    assert (found.requirements, found.changes, found.issues, found.last_run_at) == (3, 2, 0, DAY_1)
    assert found.deliveries == {DeliveryState.PENDING: 1, DeliveryState.SENT: 0, DeliveryState.DEAD: 0}


def test_the_overview_of_nothing(session: Session) -> None:
    found = queries.overview(session)
    assert (found.documents, found.last_run_at) == (0, None)


def test_documents_are_listed_by_their_newest_version(filled: Session) -> None:
    draft, news = queries.documents(filled)
    assert (draft.number, draft.requirements, draft.stage, draft.jurisdiction) == (2, 2, Stage.DRAFT, "CN")
    assert (news.requirements, news.publisher) == (None, "Publisher of press")
    assert queries.documents(filled, source_id="press") == (news,)
    assert queries.documents(filled, jurisdiction="CN") == (draft,)
    assert queries.documents(filled, limit=1, offset=1) == (news,)


def test_versions_are_listed_in_their_order(filled: Session) -> None:
    newest = queries.documents(filled)[0]
    found = queries.versions(filled, newest.document_id)
    assert [(each.number, each.requirements) for each in found] == [(1, 1), (2, 2)]
    assert queries.versions(filled, 999) == ()


def test_a_change_is_listed_with_both_sides_and_their_evidence(filled: Session) -> None:
    changed, added = queries.changes(filled)
    assert changed.change.old is not None
    assert changed.change.new is not None
    assert (changed.change.old.evidence.quote, changed.change.new.evidence.quote) == (
        *("at least 160 Wh/kg", "at least 165 Wh/kg"),
    )
    assert (changed.instrument, changed.source.id, changed.old.fetched_at) == ("The rule", "cn-miit", DAY_1)
    assert (changed.new.url, changed.new.stage) == ("https://cn-miit.example/draft", Stage.DRAFT)
    assert added.change.kind is ChangeKind.ADDED
    assert added.key != changed.key


@pytest.mark.parametrize(
    ("conditions", "count"),
    [
        ({"kind": ChangeKind.ADDED}, 1),
        ({"kind": ChangeKind.REMOVED}, 0),
        ({"direction": Direction.TIGHTENED}, 2),
        ({"since": DAY_1 + DAY}, 2),
        ({"since": DAY_1 + 2 * DAY}, 0),
        ({"source_id": "press"}, 0),
        ({"jurisdiction": "CN", "kind": ChangeKind.VALUE}, 1),
        ({"instrument_id": 1}, 2),
        ({"instrument_id": 2}, 0),
        ({"limit": 1}, 1),
        ({"offset": 1}, 1),
    ],
)
def test_changes_can_be_chosen(filled: Session, conditions: dict[str, Any], count: int) -> None:
    assert len(queries.changes(filled, **conditions)) == count


def test_deliveries_are_listed_with_their_changes(filled: Session) -> None:
    (entry,) = queries.deliveries(filled)
    assert (entry.delivery.id, entry.finished_at) == ("msg_1", None)
    assert entry.change_ids == (queries.changes(filled)[0].id,)
    assert queries.deliveries(filled, state=DeliveryState.DEAD) == ()


def test_an_instrument_is_listed_with_its_versions(filled: Session) -> None:
    (entry,) = queries.instruments(filled)
    assert [each.number for each in entry.versions] == [1, 2]
    assert entry.instrument.title == "The rule"
    assert queries.instruments(filled, jurisdiction="US") == ()


def test_lists_load_no_whole_texts(filled: Session) -> None:
    statements: list[str] = []
    event.listen(filled.connection(), "before_cursor_execute", lambda *args: statements.append(args[2]))
    filled.expunge_all()
    assert queries.documents(filled)
    assert queries.changes(filled)
    asked = " ".join(statements)
    assert "document_versions" in asked
    assert re.search(r"document_versions\w*\.text\b", asked) is None
