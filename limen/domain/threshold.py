"""A comparator with its value or range: the numeric core of a requirement."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from limen.domain.quantity import Quantity, close


class Comparator(StrEnum):
    """The operator of a threshold, as `gold/GUIDE.md` writes it."""

    AT_LEAST = ">="
    MORE_THAN = ">"
    AT_MOST = "<="
    LESS_THAN = "<"
    EQUAL = "="
    BETWEEN = "between"

    @property
    def is_lower_bound(self) -> bool:
        """True for a minimum, inclusive or not."""
        return self in (Comparator.AT_LEAST, Comparator.MORE_THAN)

    @property
    def is_upper_bound(self) -> bool:
        """True for a maximum, inclusive or not."""
        return self in (Comparator.AT_MOST, Comparator.LESS_THAN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """An operator, its exact value and its unit.

    `value_max` is the upper bound of `between` and None for every other operator; both bounds share `unit`.

    Raises:
        ValueError: `value_max` is missing for `between`, or present for another operator, or a value is not finite.
    """

    op: Comparator
    value: Decimal
    unit: str
    value_max: Decimal | None = None

    def __post_init__(self) -> None:
        if (self.op is Comparator.BETWEEN) != (self.value_max is not None):
            raise ValueError(f"value_max belongs to 'between' and only to it, not to {self.op.value!r}")
        if not self.value.is_finite() or (self.value_max is not None and not self.value_max.is_finite()):
            raise ValueError("a threshold needs finite values")

    @property
    def lower(self) -> Quantity:
        """The value as a quantity; the lower bound of a range."""
        return Quantity(value=self.value, unit=self.unit)

    @property
    def upper(self) -> Quantity | None:
        """The upper bound of a range; None for every other operator."""
        return None if self.value_max is None else Quantity(value=self.value_max, unit=self.unit)

    @property
    def dimension(self) -> str:
        """The canonical base unit of the values. Raises `UnknownUnit`."""
        return self.lower.dimension

    def same_amount(self, other: Threshold) -> bool:
        """Tell whether both state the same value or range, whatever the operator and the unit."""
        if self.dimension != other.dimension or not close(self.lower.base_value, other.lower.base_value):
            return False
        if self.upper is None or other.upper is None:
            return self.upper is None and other.upper is None
        return close(self.upper.base_value, other.upper.base_value)

    def same_as(self, other: Threshold) -> bool:
        """Tell whether both state the same limit: operator and amount."""
        return self.op is other.op and self.same_amount(other)

    def __str__(self) -> str:
        if self.value_max is not None:
            return f"between {plain(self.value)} and {plain(self.value_max)} {self.unit}"
        return f"{self.op.value} {plain(self.value)} {self.unit}"


def plain(value: Decimal) -> str:
    """Return a decimal with all its digits and without an exponent: `20000`, not `2E+4`."""
    return format(value, "f")
