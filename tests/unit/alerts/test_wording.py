from __future__ import annotations

import pytest

from limen.alerts.payload import event
from limen.alerts.wording import LONGEST_TITLE, headline
from limen.domain.change import Change, ChangeKind, Direction
from limen.domain.requirement import Modality
from tests.unit.alerts.builders import ADDED, LOOSENED, TIGHTENED, alert, change, requirement

CASES = [
    (LOOSENED, "energy density of consumer cells: >= 260 -> >= 230 Wh/kg, loosened", "Energy density loosened: 260 -> 230 Wh/kg"),
    (TIGHTENED, "动力型 单体电池 循环寿命: >= 1000 -> >= 1500 cycles, tightened", "循环寿命 tightened: 1000 -> 1500 cycles"),
    (ADDED, "energy density of polymer cells: >= 650 Wh/L, added, tightened", "Energy density added: >= 650 Wh/L"),
    (
        change(requirement("3", unit="percent", metric="R&D share", subject=None), None, direction=Direction.LOOSENED),
        "R&D share: >= 3 %, removed, loosened",
        "R&D share removed: >= 3 %",
    ),
    (
        change(requirement("6", op="between", value_max="9", unit="dimensionless", metric="pH", subject="effluent"),
               requirement("6.5", op="between", value_max="8.5", unit="dimensionless", metric="pH", subject="effluent")),
        "pH of effluent: 6 to 9 -> 6.5 to 8.5, tightened",
        "pH tightened: 6 to 9 -> 6.5 to 8.5",
    ),
    (
        change(requirement("0.2", unit="kWh/kg"), requirement("180"), direction=Direction.LOOSENED),
        "energy density of consumer cells: >= 0.2 kWh/kg -> >= 180 Wh/kg, loosened",
        "Energy density loosened: 0.2 kWh/kg -> 180 Wh/kg",
    ),
    (
        change(requirement("5", op="<", unit="mg/L", metric="arsenic", condition="at 25 °C"),
               requirement("5", op="<=", unit="mg/L", metric="arsenic", condition="at 25 °C"),
               kind=ChangeKind.OPERATOR, direction=Direction.LOOSENED),
        "arsenic of consumer cells (at 25 °C): < 5 -> <= 5 mg/L, loosened",
        "Arsenic loosened: < 5 -> <= 5 mg/L",
    ),
    (
        change(requirement("165", subject="cells"), requirement("165", subject="packs"), kind=ChangeKind.SCOPE,
               direction=Direction.NEUTRAL),
        ">= 165 Wh/kg: energy density of cells -> energy density of packs, scope changed, neutral",
        "Energy density scope changed: >= 165 Wh/kg",
    ),
    (
        change(requirement("16", unit="percent", metric="recycled cobalt", subject=None, by="2031-08-18"),
               requirement("16", unit="percent", metric="recycled cobalt", subject=None, by="2030"),
               kind=ChangeKind.DEADLINE),
        "recycled cobalt: >= 16 %, by 2031-08-18 -> 2030, tightened",
        "Recycled cobalt deadline tightened: 2031-08-18 -> 2030",
    ),
    (
        change(requirement("165", modality=Modality.RECOMMENDED), requirement("165"), kind=ChangeKind.MODALITY),
        "energy density of consumer cells: >= 165 Wh/kg, recommended -> mandatory, tightened",
        "Energy density recommended -> mandatory: >= 165 Wh/kg",
    ),
    (
        change(requirement("5", op="=", unit="percent", metric="royalty", subject="ore", by="2026"),
               requirement("7", op="=", unit="percent", metric="royalty", subject="ore", by="2027"), direction=Direction.NEUTRAL),
        "royalty of ore: 5 -> 7 % by 2027, neutral",
        "Royalty changed: 5 -> 7 %",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("told", "sentence", "lead"), CASES)
def test_every_kind_of_change_has_its_sentence_and_headline(told: Change, sentence: str, lead: str) -> None:
    data = event(alert(told, instrument="Conditions"), (told,), subscription_name="x")["data"]
    assert data["changes"][0]["sentence"] == sentence
    assert data["headline"] == f"{lead} - Conditions"


def test_every_kind_of_change_is_among_the_cases() -> None:
    assert {told.kind for told, _, _ in CASES} == set(ChangeKind)


def test_the_headline_names_the_loudest_change_and_counts_the_others() -> None:
    told = alert(ADDED, LOOSENED, TIGHTENED)
    changes = event(told, told.changes, subscription_name="x")["data"]["changes"]
    assert (
        headline(changes, instrument="Conditions") == "循环寿命 tightened: 1000 -> 1500 cycles - Conditions (+2 more)"
    )


def test_a_long_title_is_cut_in_the_headline() -> None:
    data = event(alert(LOOSENED, instrument="规范\n" * 80), (LOOSENED,), subscription_name="x")["data"]
    assert data["headline"].endswith("…")
    assert "\n" not in data["headline"]
    assert len(data["headline"]) < LONGEST_TITLE + 60


@pytest.mark.parametrize(("subject", "named"), [(None, "requirement"), ("cells", "cells")])
def test_a_number_without_a_metric_is_still_a_sentence(subject: str | None, named: str) -> None:
    told = change(None, requirement("5", metric="", metric_id=None, subject=subject))
    data = event(alert(told, instrument="Conditions"), (told,), subscription_name="x")["data"]
    assert data["changes"][0]["sentence"] == f"{named}: >= 5 Wh/kg, added, tightened"
    assert data["headline"] == "Requirement added: >= 5 Wh/kg - Conditions"
