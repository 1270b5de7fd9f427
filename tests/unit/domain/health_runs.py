"""Runs of a source written as letters, an hour apart, for the tests of its health."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from limen.domain.health import Health, HealthState, Turn, begin, judge
from limen.domain.run_faults import CrawlReport, Expected, RunOutcome

START = datetime(2026, 3, 2, 6, tzinfo=UTC)
HOUR = timedelta(hours=1)
EXPECTED = Expected(min_items=5, min_yield=0.5, cadence=timedelta(days=2))

GOOD = CrawlReport(outcome=RunOutcome.COMPLETED, at=START, listed=20, unchanged=20)
LETTERS = {
    "g": GOOD,
    "n": replace(GOOD, new=2, fetched=2),
    "p": replace(GOOD, listed=3),
    "a": replace(GOOD, listed=0, unchanged=0),
    "b": CrawlReport(outcome=RunOutcome.FAILED, at=START, lists_read=0, lists_failed=1),
    "i": CrawlReport(outcome=RunOutcome.INTERRUPTED, at=START, lists_read=0),
}
"""g good, n good with something new, p part of what should come, a nothing listed, b no list read, i interrupted."""

INITIALS = {state.value[0] if state is not HealthState.DEAD else "x": state for state in HealthState}
"""p probe, h healthy, d degraded, f failing, x dead."""


def runs(letters: str, *, start: datetime = START, every: timedelta = HOUR) -> list[CrawlReport]:
    return [replace(LETTERS[letter], at=start + every * number) for number, letter in enumerate(letters, 1)]


def play(
    health: Health, reports: list[CrawlReport], *, expected: Expected = EXPECTED
) -> tuple[Health, list[Turn], str]:
    """Return the last health, the turns, and the state after each run as a letter."""
    turns, states = [], ""
    for report in reports:
        health, turn = judge(health, report, expected=expected)
        states += next(letter for letter, state in INITIALS.items() if state is health.state)
        if turn is not None:
            turns.append(turn)
    return health, turns, states


def beginning(state: HealthState) -> Health:
    """Return the health of a source that has come to be in a state by the shortest way."""
    if state in (HealthState.PROBE, HealthState.HEALTHY):
        return begin(checked=state is HealthState.HEALTHY, at=START)
    healthy = begin(checked=True, at=START - timedelta(days=40), last_new_at=START)
    way = {HealthState.DEGRADED: "pp", HealthState.FAILING: "bb", HealthState.DEAD: "b" * 17}[state]
    every = timedelta(days=1) if state is HealthState.DEAD else HOUR
    health, _, _ = play(healthy, runs(way, start=START - every * len(way), every=every))
    assert health.state is state
    return health
