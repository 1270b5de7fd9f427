from __future__ import annotations

from decimal import Decimal

import pytest

from limen.domain.errors import IncomparableUnits, LimenError, UnknownUnit
from limen.domain.quantity import Quantity, close, unit_registry, unit_scale


def amount(value: str, unit: str) -> Quantity:
    return Quantity(value=Decimal(value), unit=unit)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("165", "Wh/kg"), ("0.165", "kWh/kg")),
        (("1.5", "g/tonne"), ("1500", "mg/tonne")),
        (("3", "percent"), ("0.03", "dimensionless")),
        (("36", "month"), ("3", "year")),
        (("12", "month"), ("1", "year")),
        (("30", "minute"), ("0.5", "hour")),
        (("2500", "kg"), ("2.5", "tonne")),
        (("0.05", "mg/L"), ("50", "ug/L")),
        (("1200000", "m**3/year"), ("1200", "megaliter/year")),
        (("12", "hectare"), ("120000", "m**2")),
        (("145", "mAh/g"), ("145", "Ah/kg")),
        (("20", "ppm"), ("0.002", "percent")),
        (("1", "permille"), ("0.1", "percent")),
        (("15", "mu"), ("1", "hectare")),
        (("2.8", "tonne/tonne"), ("2800", "kg/tonne")),
        (("0", "degC"), ("273.15", "kelvin")),
        (("2", "1/day"), ("14", "1/week")),
        (("90", "dB"), ("90", "dB")),
    ],
)
def test_one_amount_in_two_units(first: tuple[str, str], second: tuple[str, str]) -> None:
    assert amount(*first).same_amount(amount(*second))
    assert amount(*second).same_amount(amount(*first))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("165", "Wh/kg"), ("160", "Wh/kg")),
        (("1000000000000", "piece"), ("1000000000001", "piece")),
        (("0.000000000001", "mg/L"), ("0.000000000002", "mg/L")),
        (("3", "percent"), ("3", "permille")),
        (("3", "percent"), ("3", "dimensionless")),
        (("5", "USD"), ("5", "EUR")),
        (("5", "USD"), ("5", "USD/tonne")),
        (("500", "Wh/kg"), ("500", "Wh/L")),
        (("10", "piece"), ("10", "person")),
        (("10", "tonne"), ("10", "tonne/year")),
        (("90", "dB"), ("90", "dimensionless")),
        (("365", "day"), ("1", "year")),
    ],
)
def test_two_amounts(first: tuple[str, str], second: tuple[str, str]) -> None:
    assert not amount(*first).same_amount(amount(*second))


def test_a_cycle_is_a_count_and_no_angle() -> None:
    assert not amount("500", "cycle").comparable(amount("500", "dimensionless"))
    assert not amount("500", "cycle").comparable(amount("500", "radian"))


def test_conversion_keeps_every_digit() -> None:
    converted = amount("0.123456789012345", "kWh/kg").to("Wh/kg")
    assert converted == amount("123.456789012345", "Wh/kg")


def test_conversion_of_temperatures_minds_the_zero() -> None:
    assert amount("25", "degC").to("kelvin").value == Decimal("298.15")
    assert amount("10", "delta_degC").to("kelvin").value == Decimal(10)


def test_things_that_cannot_be_compared() -> None:
    with pytest.raises(IncomparableUnits, match=r"'Wh/kg' and 'Wh/L'"):
        amount("1", "Wh/kg").to("Wh/L")


@pytest.mark.parametrize(
    "unit",
    ["Wh/", "((", "…", "吨", "'", "\x00", "m²kg+m", "2**99999999999", "__import__('os')", "kg" * 300, "(" * 2000],
)
def test_an_unknown_unit_is_refused_with_its_name_and_the_remedy(unit: str) -> None:
    with pytest.raises(UnknownUnit, match=r"units\.txt") as caught:
        unit_scale(unit)
    assert caught.value.unit == unit
    assert isinstance(caught.value, LimenError)


def test_the_registry_is_one_and_counts_in_decimals() -> None:
    assert unit_registry() is unit_registry()
    assert isinstance(unit_scale("Wh/kg").factor, Decimal)


def test_close_is_about_lost_digits_only() -> None:
    third = Decimal(1) / Decimal(3)
    assert close(third * 3, Decimal(1))
    assert not close(Decimal(1), Decimal("1.00000000000001"))
    assert close(Decimal(0), Decimal(0))
    assert not close(Decimal(0), Decimal("1e-30"))
