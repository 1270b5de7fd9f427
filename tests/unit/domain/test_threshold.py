from __future__ import annotations

from decimal import Decimal

import pytest

from limen.domain.threshold import Comparator, Threshold, plain
from tests.unit.domain.making import threshold


def test_sides() -> None:
    assert {op for op in Comparator if op.is_lower_bound} == {Comparator.AT_LEAST, Comparator.MORE_THAN}
    assert {op for op in Comparator if op.is_upper_bound} == {Comparator.AT_MOST, Comparator.LESS_THAN}


def test_a_range_needs_an_upper_bound_and_nothing_else_may_have_one() -> None:
    with pytest.raises(ValueError, match="value_max"):
        Threshold(op=Comparator.BETWEEN, value=Decimal(1), unit="m")
    with pytest.raises(ValueError, match="value_max"):
        Threshold(op=Comparator.AT_LEAST, value=Decimal(1), value_max=Decimal(2), unit="m")


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_values_are_finite(value: str) -> None:
    with pytest.raises(ValueError, match="finite"):
        Threshold(op=Comparator.EQUAL, value=Decimal(value), unit="m")


def test_the_same_limit_in_another_unit() -> None:
    assert threshold(">= 165 Wh/kg").same_as(threshold(">= 0.165 kWh/kg"))
    assert threshold("between 6 9 dimensionless").same_as(threshold("between 6.0 9.0 dimensionless"))
    assert threshold("between 1 2 km").same_as(threshold("between 1000 2000 m"))


def test_the_same_amount_with_another_operator_is_another_limit() -> None:
    assert threshold("> 2 kWh").same_amount(threshold(">= 2 kWh"))
    assert not threshold("> 2 kWh").same_as(threshold(">= 2 kWh"))


def test_ranges_differ_by_either_bound() -> None:
    assert not threshold("between 6 9 dimensionless").same_amount(threshold("between 6 8 dimensionless"))
    assert not threshold("between 6 9 dimensionless").same_amount(threshold("between 5 9 dimensionless"))
    assert not threshold("between 6 9 dimensionless").same_amount(threshold(">= 6 dimensionless"))
    assert not threshold("= 6 m").same_amount(threshold("= 6 kg"))


def test_bounds() -> None:
    assert threshold(">= 6 m").upper is None
    upper = threshold("between 6 9 m").upper
    assert upper is not None
    assert upper.value == Decimal(9)


def test_text_has_all_digits_and_no_exponent() -> None:
    assert str(threshold("<= 2E+4 tonne")) == "<= 20000 tonne"
    assert str(threshold("between 0.10 1E+1 mg/L")) == "between 0.10 and 10 mg/L"
    assert plain(Decimal("1E-7")) == "0.0000001"
