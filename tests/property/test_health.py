"""Laws of the health of a source, for any runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from limen.domain.health import Health, HealthState, Turn, begin
from limen.domain.run_faults import CrawlReport, RunOutcome
from tests.unit.domain.health_runs import EXPECTED, LETTERS, START, play, runs

COUNT = st.integers(0, 30)
LONG = st.text(st.sampled_from(sorted(LETTERS)), max_size=40)


@st.composite
def reports(draw: st.DrawFn) -> list[CrawlReport]:
    at, found = START, []
    for _ in range(draw(st.integers(0, 20))):
        at += draw(st.timedeltas(timedelta(minutes=1), timedelta(days=9)))
        found.append(
            CrawlReport(
                outcome=draw(st.sampled_from(RunOutcome)),
                at=at,
                lists_read=draw(st.integers(0, 3)),
                lists_failed=draw(st.integers(0, 2)),
                listed=draw(st.none() | COUNT),
                new=draw(COUNT),
                fetched=draw(COUNT),
                unchanged=draw(COUNT),
                failed=draw(COUNT),
                blocked=draw(COUNT),
                gone=draw(COUNT),
                limited=draw(st.booleans()),
                text_yield=draw(st.none() | st.floats(0, 1)),
            )
        )
    return found


def told(turns: list[Turn]) -> list[Turn]:
    return [turn for turn in turns if not turn.is_promotion]


def assert_lawful(turns: list[Turn], states: str, *, start: Health) -> None:
    changes = sum(before != after for before, after in pairwise(states))
    assert len(told(turns)) <= len(turns) <= changes + 1
    assert all(one.after is not two.after for one, two in pairwise(told(turns)))
    before = start.state
    for turn in turns:
        assert turn.before is before is not turn.after
        assert turn.after is not HealthState.PROBE
        assert turn.reasons
        before = turn.after


@settings(deadline=None)
@given(reports(), st.booleans())
def test_alerts_are_turns_and_never_two_of_a_kind(found: list[CrawlReport], checked: bool) -> None:
    start = begin(checked=checked, at=START)
    health, turns, states = play(start, found)
    assert_lawful(turns, states, start=start)
    assert health.turned_at <= health.checked_at
    assert health.watched_since == START
    assert (health.last_new_at is None) == (
        not any(each.new for each in found if each.outcome is not RunOutcome.INTERRUPTED)
    )
    assert (health.last_new_at or START) <= health.checked_at
    assert health.bad_runs == 0 or health.good_runs == 0
    if health.state not in (HealthState.PROBE, HealthState.HEALTHY):
        assert health.reasons


@settings(deadline=None)
@given(reports(), st.booleans(), st.data())
def test_interrupted_runs_change_nothing(found: list[CrawlReport], checked: bool, data: st.DataObject) -> None:
    start = begin(checked=checked, at=START)
    places = data.draw(st.lists(st.integers(0, len(found)), max_size=10))
    mixed = list(found)
    for place in sorted(places, reverse=True):
        at = found[place - 1].at if place else START
        mixed.insert(place, replace(LETTERS["i"], at=at))
    health, turns, _ = play(start, mixed)
    assert (health, turns) == play(start, found)[:2]


@settings(deadline=None)
@given(st.text(st.sampled_from("pab"), max_size=40))
def test_a_fault_that_passes_is_never_told(faults: str) -> None:
    _, turns, _ = play(begin(checked=True, at=START), runs("n".join(faults)))
    assert turns == []


@settings(deadline=None)
@given(LONG)
def test_good_runs_heal_whatever_was(letters: str) -> None:
    health, _, _ = play(begin(checked=False, at=START), runs(letters + "nn"))
    assert health.state is HealthState.HEALTHY
    assert health.reasons == ()


@settings(deadline=None)
@given(LONG, st.sampled_from("gnpab"))
def test_a_steady_source_is_told_of_twice_at_most(letters: str, letter: str) -> None:
    """Whatever came before, equal runs bring at most two turns: into failing, and weeks later into death."""
    before, _, _ = play(begin(checked=False, at=START), runs(letters))
    steady = runs(letter * 40, start=before.checked_at, every=timedelta(days=1))
    health, turns, _ = play(before, steady, expected=replace(EXPECTED, cadence=None))
    assert len(turns) <= (2 if letter in "ab" else 1)
    expected = {"p": HealthState.DEGRADED, "a": HealthState.DEAD, "b": HealthState.DEAD}
    assert health.state is expected.get(letter, HealthState.HEALTHY)
