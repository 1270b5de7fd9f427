"""What is wrong with one run of a source."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from limen.domain.run_faults import CrawlReport, Expected, Gravity, RunOutcome, fact_of, faults, length
from tests.unit.domain.health_runs import EXPECTED, GOOD, START

NOTHING: tuple[tuple[Gravity, str], ...] = ()


@pytest.mark.parametrize(
    ("counts", "found"),
    [
        ({}, NOTHING),
        ({"listed": None}, NOTHING),
        ({"listed": 5}, NOTHING),
        ({"listed": 4}, ((Gravity.PART, "listed 4 of at least 5 documents"),)),
        ({"listed": 0}, ((Gravity.ALL, "listed 0 of at least 5 documents"),)),
        ({"listed": 4, "limited": True}, NOTHING),
        ({"listed": 0, "limited": True}, ((Gravity.ALL, "listed 0 of at least 5 documents"),)),
        ({"lists_read": 0, "listed": 0}, ((Gravity.BLIND, "no list could be read"),)),
        ({"lists_read": 0, "listed": None, "lists_failed": 3}, ((Gravity.BLIND, "no list could be read"),)),
        ({"lists_read": 0, "listed": 9}, NOTHING),
        ({"lists_read": 4, "lists_failed": 1}, ((Gravity.PART, "1 of 5 lists could not be read"),)),
        ({"outcome": RunOutcome.FAILED}, ((Gravity.PART, "the run ended before its time"),)),
        ({"unchanged": 5, "blocked": 5}, NOTHING),
        ({"unchanged": 4, "blocked": 5}, ((Gravity.PART, "5 of 9 pages were blocked"),)),
        ({"unchanged": 0, "blocked": 3}, ((Gravity.ALL, "3 of 3 pages were blocked"),)),
        ({"unchanged": 0, "blocked": 2}, NOTHING),
        ({"unchanged": 5, "failed": 5}, NOTHING),
        (
            {"unchanged": 0, "fetched": 1, "gone": 1, "failed": 3},
            ((Gravity.PART, "3 of 5 pages could not be fetched"),),
        ),
        # a page that stays broken is an issue of its own
        ({"unchanged": 2, "failed": 2}, NOTHING),
        ({"unchanged": 0, "failed": 2}, ((Gravity.ALL, "2 of 2 pages could not be fetched"),)),
        ({"text_yield": 0.5}, NOTHING),
        (
            {"text_yield": 0.0},
            ((Gravity.PART, "text was found in 0% of the documents instead of at least 50%"),),
        ),
        (
            {"listed": 0, "lists_failed": 1},
            ((Gravity.ALL, "listed 0 of at least 5 documents"), (Gravity.PART, "1 of 2 lists could not be read")),
        ),
    ],
)
def test_faults(counts: dict[str, Any], found: tuple[tuple[Gravity, str], ...]) -> None:
    seen = faults(replace(GOOD, **counts), expected=EXPECTED, quiet_since=START)
    assert tuple((fault.gravity, fault.fact) for fault in seen) == found
    assert all(fact_of(fault.sentence) == fault.fact and fault.advice for fault in seen)


def test_a_source_of_which_nothing_is_expected_may_list_nothing() -> None:
    run = CrawlReport(outcome=RunOutcome.COMPLETED, at=START, listed=0)
    assert faults(run, expected=Expected(min_items=0), quiet_since=START) == ()


def test_silence_begins_after_three_gaps() -> None:
    last = START - timedelta(days=6)
    assert faults(GOOD, expected=EXPECTED, quiet_since=last) == ()
    [fault] = faults(GOOD, expected=EXPECTED, quiet_since=last - timedelta(seconds=1))
    assert fault.gravity is Gravity.PART
    assert fault.fact == "nothing new for 6 days where something comes every 2 days"


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(minutes=90), "90 minutes"),
        (timedelta(hours=2), "2 hours"),
        (timedelta(hours=47), "47 hours"),
        (timedelta(days=2), "2 days"),
        (timedelta(days=9, hours=23), "9 days"),
    ],
)
def test_lengths(span: timedelta, said: str) -> None:
    assert length(span) == said
