from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.eval.corpus import CORPUS, read_pairs, read_passages
from tests.eval.score import Rates, Tally, causes, core_equal, count_traps, match, overlap, same_amount
from tests.eval.score_changes import ChangeTally, count_changes


def requirement(op: str, value: str, unit: str, metric: str = "depth", **further: Any) -> dict[str, Any]:
    return {"op": op, "value": Decimal(value), "value_max": None, "unit": unit, "metric": metric, **further}


def test_amounts_are_compared_in_base_units() -> None:
    assert same_amount(Decimal("0.25"), "kWh/kg", Decimal(250), "Wh/kg")
    assert not same_amount(Decimal(250), "Wh/kg", Decimal(250), "Wh/L")
    assert not same_amount(Decimal(1), "kg", Decimal(1), "no unit at all")
    assert not same_amount(Decimal(1), "kg", None, "kg")
    assert same_amount(None, "kg", None, None)


def test_words_overlap_by_content() -> None:
    assert overlap("depth of the pit", "pit depth") == 1.0
    assert overlap("能量的密度", "能量密度") == 1.0
    assert overlap(None, "") == 1.0
    assert overlap("pit", "dam") == 0.0
    assert overlap("pits", "pit") == 1.0


def test_each_requirement_is_matched_once_and_to_the_likest() -> None:
    wanted = [requirement("<=", "3", "m", "width"), requirement("<=", "3", "m", "depth")]
    found = [requirement("<=", "300", "cm", "depth"), requirement("<=", "3", "m", "width"), requirement("<=", "3", "m")]
    matching = match(wanted, found)
    assert {(one["metric"], other["metric"]) for one, other in matching.pairs} == {
        ("width", "width"),
        ("depth", "depth"),
    }
    assert not matching.missed
    assert len(matching.extra) == 1


def test_the_operator_belongs_to_the_core() -> None:
    assert not core_equal(requirement("<=", "3", "m"), requirement("<", "3", "m"))


def test_rates_of_nothing_are_full() -> None:
    assert Rates.of(found=0, predicted=0, expected=0).f1 == 1.0
    assert Rates.of(found=0, predicted=2, expected=3).f1 == 0.0
    assert Rates.of(found=2, predicted=4, expected=2).f1 == pytest.approx(2 / 3)


def test_a_reported_trap_is_counted() -> None:
    tally = Tally()
    count_traps(tally, "ore fell 5 % last year", ["5 %", "last"], [{"quote": "fell 5 %", "start": 4}])
    assert (tally.traps, tally.traps_expected) == (1, 2)


def test_causes_tell_what_went_wrong() -> None:
    matching = match(
        [
            requirement(">=", "3", "m"),
            requirement("<=", "7", "m"),
            requirement("<=", "8", "m"),
            requirement("<=", "9", "m"),
        ],
        [requirement(">", "3", "m")],
    )
    seen = [{**requirement("=", "7", "m"), "role": "statistic"}, {**requirement("=", "8", "km"), "role": "other"}]
    assert list(causes(matching, seen)) == [
        "operator",
        "missed as statistic",
        "unit or range",
        "unseen",
        "extra with another operator",
    ]


def test_a_change_is_found_by_both_sides() -> None:
    wanted = {
        "kind": "value_changed",
        "direction": "tightened",
        "old": requirement("<=", "3", "m"),
        "new": requirement("<=", "2", "m"),
    }
    tally = ChangeTally()
    count_changes(tally, [wanted], [{**wanted, "direction": "loosened"}])
    count_changes(tally, [], [])
    count_changes(tally, [wanted], [{**wanted, "old": None, "kind": "added"}])
    assert (tally.found, tally.expected, tally.predicted) == (1, 2, 2)
    assert (tally.kind, tally.direction) == (1, 0)
    assert (tally.quiet, tally.quiet_kept, tally.exact) == (1, 1, 2)


def test_a_change_of_scope_needs_its_kind() -> None:
    side = requirement("<=", "3", "m")
    wanted = {"kind": "scope_changed", "direction": "neutral", "old": side, "new": side}
    tally = ChangeTally()
    count_changes(tally, [wanted], [{**wanted, "kind": "deadline_changed"}])
    assert tally.found == 0


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.jsonl")), ids=lambda path: path.stem)
def test_the_corpora_are_sound(path: Any) -> None:
    passages = list(read_passages(path))
    assert len({passage.id for passage in passages}) == len(passages) > 0
    for passage in passages:
        for wanted in passage.requirements:
            assert wanted["quote"] in passage.text
            assert core_equal(wanted, wanted)
            assert not any(trap in wanted["quote"] for trap in passage.traps)
        assert all(trap in passage.text for trap in passage.traps)


def test_the_pairs_are_sound() -> None:
    pairs = list(read_pairs())
    assert len(pairs) == 24
    assert sum(not pair.changes for pair in pairs) == 9
    for side in (change[side] for pair in pairs for change in pair.changes for side in ("old", "new") if change[side]):
        assert core_equal(side, side)
