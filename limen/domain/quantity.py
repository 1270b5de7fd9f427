"""A value with its unit, converted exactly.

Units are pint's, with the additions of `units.txt` beside this file; magnitudes are `Decimal` and never rounded on the way in.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from tokenize import TokenError

import pint

from limen.domain.errors import IncomparableUnits, UnknownUnit

# Decimal carries 28 digits; a conversion through a fraction (day to year) loses the last few of them. No text prints
# so many, so that two printed numbers that differ are never taken for one.
RELATIVE_TOLERANCE = Decimal("1e-20")

# what pint's parser raises on strings that are no units: it asserts where it expects a name, and tokenizes as Python does
_PARSING_FAILS = (
    pint.PintError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    RecursionError,
    SyntaxError,
    TokenError,
    TypeError,
    ValueError,
)


@cache
def unit_registry() -> pint.UnitRegistry[Decimal]:
    """Return the one registry of the process: pint's defaults with `Decimal` magnitudes and our own definitions."""
    registry: pint.UnitRegistry[Decimal] = pint.UnitRegistry(
        non_int_type=Decimal, autoconvert_offset_to_baseunit=True, on_redefinition="ignore"
    )
    registry.load_definitions(files("limen.domain").joinpath("units.txt").read_text(encoding="utf-8").splitlines())
    return registry


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitScale:
    """How a unit reaches its base unit: base = value * factor + offset.

    `dimension` is a canonical string, equal for two units exactly if their values can be compared.
    """

    factor: Decimal
    offset: Decimal
    dimension: str


@cache
def unit_scale(unit: str) -> UnitScale:
    """Return the scale of a unit string such as `Wh/kg`, `percent` or `USD/tonne`.

    Logarithmic units (dB) are a dimension of their own, since their sums are not sums. The product of a unit with a
    count (`mg/piece`) keeps the count in its dimension.

    Raises:
        UnknownUnit: neither pint nor `units.txt` knows the unit.
    """
    registry = unit_registry()
    try:
        parsed = registry.parse_units(unit)
        zero = registry.Quantity(Decimal(0), parsed).to_base_units()
        one = registry.Quantity(Decimal(1), parsed).to_base_units()
    except _PARSING_FAILS as error:
        if unit in {"dB", "decibel"}:
            return UnitScale(factor=Decimal(1), offset=Decimal(0), dimension="[decibel]")
        raise UnknownUnit(unit) from error
    offset = Decimal(zero.magnitude)
    return UnitScale(factor=Decimal(one.magnitude) - offset, offset=offset, dimension=str(one.units))


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A magnitude and its unit as the text gives them (scale words such as "million" already multiplied in)."""

    value: Decimal
    unit: str

    @property
    def dimension(self) -> str:
        """The canonical base unit, e.g. `meter ** 2 / second ** 2` for `Wh/kg`. Raises `UnknownUnit`."""
        return unit_scale(self.unit).dimension

    @property
    def base_value(self) -> Decimal:
        """The magnitude in the base unit of its dimension. Raises `UnknownUnit`."""
        scale = unit_scale(self.unit)
        return self.value * scale.factor + scale.offset

    def to(self, unit: str) -> Quantity:
        """Return the same amount in another unit.

        Raises:
            UnknownUnit: one of the units is not defined.
            IncomparableUnits: the two units measure different things.
        """
        target = unit_scale(unit)
        if target.dimension != self.dimension:
            raise IncomparableUnits(self.unit, unit)
        return Quantity(value=(self.base_value - target.offset) / target.factor, unit=unit)

    def comparable(self, other: Quantity) -> bool:
        """Tell whether the two measure the same kind of thing."""
        return self.dimension == other.dimension

    def same_amount(self, other: Quantity) -> bool:
        """Tell whether both are one amount, whatever their units (0.165 kWh/kg is 165 Wh/kg)."""
        return self.comparable(other) and close(self.base_value, other.base_value)


def close(first: Decimal, second: Decimal) -> bool:
    """Tell whether two base magnitudes differ by no more than the arithmetic itself can lose."""
    return abs(first - second) <= RELATIVE_TOLERANCE * max(abs(first), abs(second))
