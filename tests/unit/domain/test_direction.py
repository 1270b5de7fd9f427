"""Harder or easier, as the guide decides it."""

from __future__ import annotations

from typing import Any

import pytest

from limen.domain.diff import diff
from limen.domain.requirement import Modality
from tests.unit.domain.making import requirement


def direction(old: dict[str, Any] | None, new: dict[str, Any] | None) -> str:
    [change] = diff(
        [] if old is None else [requirement(**old)],
        [] if new is None else [requirement(**new)],
    ).changes
    return change.direction.value


@pytest.mark.parametrize(
    ("metric", "old", "new", "expected"),
    [
        ("energy density", ">= 160 Wh/kg", ">= 165 Wh/kg", "tightened"),
        ("energy density", ">= 165 Wh/kg", ">= 160 Wh/kg", "loosened"),
        ("energy density", ">= 165 Wh/kg", ">= 0.17 kWh/kg", "tightened"),
        ("dust", "<= 50 ug/m**3", "<= 40 ug/m**3", "tightened"),
        ("dust", "< 0.5 mg/L", "< 0.6 mg/L", "loosened"),
        ("letters", ">= 1.2 mm", "> 1.2 mm", "tightened"),
        ("cadmium content", "< 0.002 percent", "<= 0.002 percent", "loosened"),
        ("pH", "between 6 9 dimensionless", "between 6.5 8.5 dimensionless", "tightened"),
        ("pH", "between 6 9 dimensionless", "between 6 9.5 dimensionless", "loosened"),
        ("pH", "between 6 9 dimensionless", "between 7 10 dimensionless", "neutral"),
        ("temperature", ">= 5 degC", "between 5 25 degC", "tightened"),
        ("export quota", "<= 18000 tonne", "<= 18125 tonne", "loosened"),
        ("fine", "<= 50000 USD", "<= 75000 USD", "tightened"),
        ("fine", "between 100000 1000000 USD", "between 50000 1000000 USD", "loosened"),
        ("fine", "between 50000 100000 CNY", "between 100000 500000 CNY", "tightened"),
        ("fine", "between 50000 100000 CNY", "between 40000 200000 CNY", "neutral"),
        ("罚款", "<= 50000 CNY", "<= 30000 CNY", "loosened"),
        ("royalty", "= 5 percent", "= 7 percent", "tightened"),
        ("annual fee", "= 2000 USD", "= 1500 USD", "loosened"),
        ("licence term", "= 4 year", "= 3 year", "tightened"),
        ("许可证有效期", "= 5 year", "= 8 year", "loosened"),
        ("subsidy per household", "<= 80000 CNY", "<= 60000 CNY", "tightened"),
        ("奖补标准", "= 150 CNY/tonne", "= 200 CNY/tonne", "loosened"),
        ("interest on late payments", "= 1.5 percent/month", "= 2 percent/month", "tightened"),
        ("retention of records", "= 5 year", "= 3 year", "loosened"),
        ("setting of the relay", "= 5 ampere", "= 6 ampere", "neutral"),
        ("capacity", "> 2 kWh", "> 5 kWh", "loosened"),
        ("capacity", "> 2 kWh", ">= 2 kWh", "tightened"),
        ("reporting time", "<= 30 day", "<= 15 day", "tightened"),
    ],
)
def test_amounts(metric: str, old: str, new: str, expected: str) -> None:
    assert direction({"limit": old, "metric": metric}, {"limit": new, "metric": metric}) == expected


def test_a_threshold_under_which_plants_must_close() -> None:
    old = {"limit": "<= 300000 tonne/year", "metric": "产能", "subject": "退出煤矿"}
    assert direction(old, {**old, "limit": "<= 450000 tonne/year"}) == "tightened"


def test_an_exemption_for_the_small() -> None:
    old = {"limit": "< 50000 EUR", "metric": "turnover", "subject": "dealers that are exempt"}
    assert direction(old, {**old, "limit": "< 60000 EUR"}) == "loosened"
    assert direction(None, old) == "loosened"
    assert direction(old, None) == "tightened"


def test_a_cap_on_a_duty_that_goes_makes_the_duty_heavier() -> None:
    cap = {"limit": "<= 10 piece", "metric": "batteries taken back free of charge", "subject": "sellers"}
    assert direction(cap, None) == "tightened"
    assert direction(cap, {**cap, "limit": "<= 5 piece"}) == "loosened"


def test_what_comes_and_goes() -> None:
    limit = {"limit": ">= 98 percent", "metric": "recovery rate", "subject": "copper"}
    assert direction(None, limit) == "tightened"
    assert direction(limit, None) == "loosened"
    payment = {"limit": "= 15 CNY/tonne", "metric": "补贴", "subject": "磷石膏消纳企业"}
    assert direction(None, payment) == "loosened"
    assert direction(payment, None) == "tightened"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("2026-04-18", "2026-03-01", "tightened"),
        ("2026-04-08", "2026-10-08", "loosened"),
        ("2027", "2027-06-30", "tightened"),
        ("2027", "2030", "loosened"),
        ("2026-27", "2027-28", "loosened"),
        ("2027-28", "2027-12-31", "tightened"),
    ],
)
def test_dates(old: str, new: str, expected: str) -> None:
    base = {"limit": ">= 65 percent", "metric": "recovery", "subject": "lithium"}
    assert direction({**base, "by": old}, {**base, "by": new}) == expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (Modality.RECOMMENDED, Modality.MANDATORY, "tightened"),
        (Modality.MANDATORY, Modality.RECOMMENDED, "loosened"),
        (Modality.ENCOURAGED, Modality.RECOMMENDED, "tightened"),
        (Modality.MANDATORY, Modality.ENCOURAGED, "loosened"),
    ],
)
def test_force(old: Modality, new: Modality, expected: str) -> None:
    base = {"limit": ">= 95 percent", "metric": "water reuse", "subject": "plants"}
    assert direction({**base, "modality": old}, {**base, "modality": new}) == expected
