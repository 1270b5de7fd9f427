"""What kind of thing a unit measures, for units that may still be unsettled or unknown."""

from __future__ import annotations

from functools import cache

from limen.domain.errors import UnknownUnit
from limen.domain.quantity import unit_scale

_SHARES = frozenset({"percent", "permille", "dimensionless"})
_COUNTS = frozenset({"piece", "person", "vehicle", "enterprise", "cycle"})
CURRENCIES = ("CNY", "USD", "EUR", "GBP", "AUD", "CAD", "INR", "IDR", "CLP", "BRL", "ZAR")


@cache
def dimension(unit: str | None) -> str | None:
    """Return the dimension of a unit as the domain names it; None for no unit, an unknown one and a count of times."""
    if unit is None or "times" in unit:
        return None
    try:
        return unit_scale(unit).dimension
    except UnknownUnit:
        return None


def is_time(unit: str | None) -> bool:
    """Tell whether a unit measures a duration."""
    return dimension(unit) == "second"


def alike(first: str | None, second: str | None) -> bool:
    """Tell whether two units measure the same kind of thing."""
    return first == second or (dimension(first) is not None and dimension(first) == dimension(second))


@cache
def unit_kinds(unit: str | None) -> frozenset[str]:
    """Return the names under which the rules know a unit: always `any`; time, length, share, money, count or other."""
    numerator = (unit or "").partition("/")[0]
    if is_time(unit):
        kind = "time"
    elif dimension(unit) == "meter":
        kind = "length"
    elif numerator in _SHARES:
        kind = "share"
    elif numerator in _COUNTS:
        kind = "count"
    elif any(code in (unit or "") for code in CURRENCIES):
        kind = "money"
    else:
        kind = "rate" if "/" in (unit or "") else "other"
    return frozenset({"any", kind})


def is_fraction(unit: str | None) -> bool:
    """Tell whether a unit is one of shares and multiples."""
    return unit is not None and unit in _SHARES
