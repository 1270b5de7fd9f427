"""The health of sources as it is kept, and the runs that wait to be judged."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from limen.domain.health import Health, HealthState, Turn, begin
from limen.store.errors import NotStored
from limen.store.health_queries import source_health
from limen.store.records import SourceState
from limen.store.repositories import documents, health, runs, sources
from tests.unit.store.samples import DAY, DAY_1, a_source, a_version

FAILING = Health(
    state=HealthState.FAILING,
    turned_at=DAY_1,
    checked_at=DAY_1 + DAY,
    watched_since=DAY_1 - 2 * DAY,
    last_new_at=DAY_1 - DAY,
    reasons=("no list could be read: the site may be down", "nothing new for 9 days: look by hand"),
    bad_runs=4,
)


def a_run(session: Session, at: datetime, *, source_id: str = "cn-miit", outcome: str | None = "completed") -> int:
    run_id = runs.start(session, source_id, at=at - DAY / 24)
    if outcome is not None:
        runs.finish(session, run_id, at=at, outcome=outcome, counters={"fetched": 1})
    return run_id


def test_health_comes_back_as_it_was_saved_last(session: Session) -> None:
    assert health.load(session, "cn-miit") is None
    beginning = begin(checked=True, at=DAY_1)
    health.save(session, "cn-miit", beginning)
    assert health.load(session, "cn-miit") == beginning
    health.save(session, "cn-miit", FAILING)
    assert health.load(session, "cn-miit") == FAILING
    assert health.load_all(session) == {"cn-miit": FAILING}


def test_turns_are_kept_newest_first(session: Session) -> None:
    sources.save(session, a_source("other"))
    first = Turn(at=DAY_1, before=HealthState.PROBE, after=HealthState.HEALTHY, reasons=("3 documents",))
    second = Turn(at=DAY_1 + DAY, before=HealthState.HEALTHY, after=HealthState.DEAD, reasons=("a", "b"))
    health.add_turn(session, "cn-miit", first)
    health.add_turn(session, "cn-miit", second)
    health.add_turn(session, "other", first)
    assert health.turns(session, source_id="cn-miit") == (("cn-miit", second), ("cn-miit", first))
    assert health.turns(session, since=DAY_1 + DAY) == (("cn-miit", second),)
    assert len(health.turns(session)) == 3
    assert len(health.turns(session, limit=1)) == 1


def test_of_a_source_never_judged_only_the_newest_run_waits(session: Session) -> None:
    a_run(session, DAY_1)
    newest = a_run(session, DAY_1 + DAY)
    a_run(session, DAY_1 + 2 * DAY, outcome=None)
    assert [run.id for run in health.unjudged_runs(session)] == [newest]


def test_every_run_since_the_last_judgement_waits_oldest_first(session: Session) -> None:
    sources.save(session, a_source("other"))
    health.save(session, "cn-miit", replace(FAILING, checked_at=DAY_1))
    a_run(session, DAY_1)
    late = a_run(session, DAY_1 + 3 * DAY)
    early = a_run(session, DAY_1 + DAY, outcome="failed")
    between = a_run(session, DAY_1 + 2 * DAY, source_id="other")
    waiting = health.unjudged_runs(session)
    assert [run.id for run in waiting] == [early, between, late]
    assert (waiting[0].outcome, waiting[0].counters) == ("failed", {"fetched": 1})


def test_what_was_read_is_kept_with_the_run(session: Session) -> None:
    run_id = a_run(session, DAY_1)
    runs.add_counters(session, run_id, {"read": 3, "fetched": 2})
    assert runs.latest(session)[0].counters == {"fetched": 2, "read": 3}
    with pytest.raises(NotStored, match="crawl run 99"):
        runs.add_counters(session, 99, {})


def test_the_newest_document_is_the_one_that_came_first_to_be_seen_last(session: Session) -> None:
    assert health.newest_document_at(session, "cn-miit") is None
    documents.add_version(session, a_version("one", url="https://cn-miit.example/1", at=DAY_1))
    documents.add_version(session, a_version("two", url="https://cn-miit.example/2", at=DAY_1 + DAY))
    documents.add_version(session, a_version("one again", url="https://cn-miit.example/1", at=DAY_1 + 2 * DAY))
    assert health.newest_document_at(session, "cn-miit") == DAY_1 + DAY


def test_the_worst_source_is_shown_first(session: Session) -> None:
    for name, state in (("a", HealthState.HEALTHY), ("b", HealthState.DEGRADED), ("c", HealthState.DEAD)):
        sources.save(session, a_source(name))
        health.save(session, name, replace(FAILING, state=state))
    state = SourceState(source_id="c", last_run_at=DAY_1, next_due_at=DAY_1 + DAY)
    sources.save_state(session, state)
    shown = source_health(session)
    assert [entry.source.id for entry in shown] == ["c", "b", "cn-miit", "a"]
    assert shown[0].crawled == state
    assert (shown[2].health, shown[2].crawled) == (None, SourceState(source_id="cn-miit"))
