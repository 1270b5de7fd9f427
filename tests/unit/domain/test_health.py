"""The health of a source: every way from state to state, what is not enough for one, and who is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from limen.domain.health import HealthRules, HealthState, begin, judge
from limen.domain.run_faults import Expected, fact_of
from tests.unit.domain.health_runs import EXPECTED, GOOD, HOUR, INITIALS, LETTERS, START, beginning, play, runs

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("start", "letters", "states"),
    [
        # the first run that ends decides; a site that is down at the first visit gets another
        ("probe", "n", "h"),
        ("probe", "g", "h"),
        ("probe", "p", "d"),
        ("probe", "a", "f"),
        ("probe", "bn", "ph"),
        ("probe", "bb", "pf"),
        ("probe", "bib", "ppf"),
        ("probe", "iin", "pph"),
        # one bad run is weather
        ("healthy", "pgpgpg", "hhhhhh"),
        ("healthy", "bgbgagag", "hhhhhhhh"),
        ("healthy", "pp", "hd"),
        ("healthy", "pip", "hhd"),
        ("healthy", "ap", "hd"),
        # death is told in one step, not in two
        ("healthy", "bb", "hf"),
        ("healthy", "aaa", "hhf"),
        ("healthy", "ab", "hf"),
        ("healthy", "aab", "hhf"),
        ("healthy", "pb", "hh"),
        ("healthy", "pbb", "hhf"),
        ("healthy", "aagaa", "hhhhh"),
        # what comes in part is never worse than degraded
        ("degraded", "p" * 100, "d" * 100),
        ("degraded", "g", "h"),
        ("degraded", "bg", "dh"),
        ("degraded", "bpb", "ddd"),
        ("degraded", "bb", "df"),
        ("degraded", "aaa", "ddf"),
        # two good runs in a row end a failure
        ("failing", "gg", "fh"),
        ("failing", "nn", "fh"),
        ("failing", "gbg", "fff"),
        ("failing", "gbgg", "fffh"),
        ("failing", "pp", "fd"),
        ("failing", "gp", "fd"),
        ("failing", "pgg", "ffh"),
        ("failing", "g" + "i" * 5 + "g", "ffffffh"),
        ("failing", "b" * 60, "f" * 60),
        # one is enough for a dead source, if it brings something new
        ("dead", "n", "h"),
        ("dead", "gg", "xh"),
        ("dead", "gbgb", "xxxx"),
        ("dead", "pp", "xd"),
        ("dead", "b" * 60, "x" * 60),
    ],
)
def test_the_state_after_each_run(start: str, letters: str, states: str) -> None:
    assert play(beginning(HealthState(start)), runs(letters))[2] == states


def test_a_source_that_fails_for_weeks_is_dead() -> None:
    failing = beginning(HealthState.FAILING)
    often = runs("b" * 15, every=DAY)
    assert play(failing, often)[2] == "f" * 14 + "x"
    rarely = runs("b" * 5, every=7 * DAY)
    assert play(failing, rarely)[2] == "fffff"
    with_life = runs("bbbg" * 20, every=DAY)
    assert set(play(failing, with_life)[2]) == {"f"}


def test_the_rules_may_be_more_patient() -> None:
    rules = HealthRules(blind_after=4, failing_after=5, dead_after=DAY, dead_runs=6)
    health, states = begin(checked=True, at=START), ""
    for run in runs("b" * 40):
        health, _ = judge(health, run, expected=EXPECTED, rules=rules)
        states += next(letter for letter, state in INITIALS.items() if state is health.state)
    assert states == "hhh" + "f" * 25 + "x" * 12


def test_a_source_that_says_nothing_new_is_degraded_and_no_worse() -> None:
    healthy = begin(checked=True, at=START)
    _, turns, states = play(healthy, runs("n" + "g" * 199))
    quiet_after = int(3 * EXPECTED.cadence / HOUR) + 1  # type: ignore[operator]
    assert states == "h" * (quiet_after + 1) + "d" * (199 - quiet_after)
    assert [turn.reasons for turn in turns] == [
        ("nothing new for 6 days where something comes every 2 days: open the list by hand and see if it still grows",)
    ]
    _, turns, states = play(healthy, runs("n" + "g" * 199 + "ng"))
    assert states.endswith("dhh")
    assert [turn.after for turn in turns] == [HealthState.DEGRADED, HealthState.HEALTHY]


def test_silence_is_measured_from_the_newest_document_or_the_first_look() -> None:
    assert play(begin(checked=True, at=START, last_new_at=START - 30 * DAY), runs("gg"))[2] == "hd"
    assert play(begin(checked=True, at=START), runs("gg"))[2] == "hh"
    health, _, states = play(begin(checked=True, at=START - 7 * DAY), runs("gg"))
    assert (states, health.last_new_at) == ("hd", None)
    nobody_knows = Expected(min_items=5)
    assert play(begin(checked=True, at=START - 900 * DAY), runs("gggg"), expected=nobody_knows)[2] == "hhhh"


def test_an_interrupted_run_leaves_no_trace() -> None:
    for state in HealthState:
        health = beginning(state)
        assert judge(health, LETTERS["i"], expected=EXPECTED) == (health, None)


def test_counts_and_times() -> None:
    health, turns, _ = play(begin(checked=False, at=START), runs("ngbb"))
    assert (health.bad_runs, health.good_runs) == (2, 0)
    assert health.last_new_at == START + HOUR
    assert health.turned_at == health.checked_at == START + 4 * HOUR
    assert [(turn.before, turn.after, turn.at) for turn in turns] == [
        (HealthState.PROBE, HealthState.HEALTHY, START + HOUR),
        (HealthState.HEALTHY, HealthState.FAILING, START + 4 * HOUR),
    ]
    health, _, _ = play(health, runs("p", start=START + 4 * HOUR))
    assert (health.bad_runs, health.good_runs) == (0, 0)


def test_a_promotion_is_no_recovery() -> None:
    _, [turn], _ = play(begin(checked=False, at=START), runs("n"))
    assert (turn.is_promotion, turn.is_recovery) == (True, False)
    _, turns, _ = play(begin(checked=False, at=START), runs("ann"))
    assert [(turn.is_promotion, turn.is_recovery) for turn in turns] == [(False, False), (False, True)]


def test_the_reasons_say_what_to_do_and_stand_until_it_is_well_again() -> None:
    health, [turn], _ = play(begin(checked=True, at=START), runs("bb"))
    assert turn.reasons == health.reasons
    assert fact_of(turn.reasons[0]) == "no list could be read, nothing came of 2 runs in a row"
    assert turn.reasons[0].endswith("the site may be down, have moved or refuse us; see limen issue list")
    health, _, _ = play(health, runs("g", start=START + 2 * HOUR))
    assert health.reasons == turn.reasons
    health, [turn], _ = play(health, runs("n", start=START + 3 * HOUR))
    assert (health.reasons, turn.reasons) == ((), ("the last run listed 20 documents, 2 of them new",))


def test_a_single_bad_run_shows_before_it_is_told() -> None:
    health, turns, _ = play(begin(checked=True, at=START), runs("p"))
    assert (health.state, turns) == (HealthState.HEALTHY, [])
    assert health.reasons[0].startswith("listed 3 of at least 5 documents: ")
    assert play(health, runs("g"))[0].reasons == ()


def test_turns_tell_of_every_fault_of_their_run() -> None:
    bad = replace(GOOD, at=START + HOUR, listed=3, lists_failed=1, text_yield=0.1)
    _, [turn], _ = play(begin(checked=False, at=START), [bad])
    assert [fact_of(reason) for reason in turn.reasons] == [
        "listed 3 of at least 5 documents",
        "1 of 2 lists could not be read",
        "text was found in 10% of the documents instead of at least 50%",
    ]
