"""Numeric conditions, exact at their ends.

The doubles in the table only narrow the choice. What lies within their error of a bound is decided by `Decimal`: there
are few different ways to write a number so near to another, and each is looked at once.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, func, or_, select
from sqlalchemy.orm import Session

from limen.domain.quantity import Quantity, close, unit_scale
from limen.store.mapping import double
from limen.store.search.query import AmountTerm, Bound
from limen.store.tables import RequirementRow

RELATIVE_ERROR = 1e-9
ABSOLUTE_ERROR = 1e-12
"""Far more than a double loses, and than `close` forgives: the surplus is only verified for nothing."""


def amount_condition(session: Session, term: AmountTerm) -> ColumnElement[bool]:
    """Return the condition that a requirement's value, or a part of its range, lies in the interval of a term."""
    row = RequirementRow
    parts: list[ColumnElement[bool]] = []
    if term.unit is not None:
        parts.append(row.dimension == unit_scale(term.unit).dimension)
    if term.lower is not None:
        parts.append(_side(session, term, term.lower, is_lower=True))
    if term.upper is not None:
        parts.append(_side(session, term, term.upper, is_lower=False))
    return and_(*parts)


def _side(session: Session, term: AmountTerm, bound: Bound, *, is_lower: bool) -> ColumnElement[bool]:
    """Return the condition for one end: the greatest value of a requirement against a lower bound, its least against an upper."""
    row = RequirementRow
    exact = func.coalesce(row.value_max, row.value) if is_lower else row.value.expression
    number: SQLColumnExpression[Any]
    if term.unit is None:
        number = row.magnitude_max if is_lower else row.magnitude
        limit = double(bound.value)
    else:
        number = row.base_value_max if is_lower else row.base_value
        limit = double(Quantity(value=bound.value, unit=term.unit).base_value)
    error = max(abs(limit) * RELATIVE_ERROR, ABSOLUTE_ERROR)
    near = number.between(limit - error, limit + error)
    beyond = number > limit + error if is_lower else number < limit - error
    same_kind = () if term.unit is None else (row.dimension == unit_scale(term.unit).dimension,)
    written = session.execute(select(row.unit, exact).where(near, *same_kind).distinct())
    accepted = [
        and_(row.unit == unit, exact == value)
        for unit, value in written
        if _holds(value, unit, bound, term.unit, is_lower=is_lower)
    ]
    return or_(beyond, and_(near, or_(*accepted))) if accepted else beyond


def _holds(value: Decimal, unit: str, bound: Bound, asked_unit: str | None, *, is_lower: bool) -> bool:
    """Tell whether a value meets a bound, by exact arithmetic as far as the units allow it."""
    if asked_unit is None or asked_unit == unit:
        ours, theirs = value, bound.value
        is_equal = ours == theirs
    else:
        ours = Quantity(value=value, unit=unit).base_value
        theirs = Quantity(value=bound.value, unit=asked_unit).base_value
        is_equal = close(ours, theirs)
    if is_equal:
        return bound.is_inclusive
    return ours > theirs if is_lower else ours < theirs
