"""Short ways to write requirements in tests."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from limen.domain.evidence import Evidence
from limen.domain.requirement import Requirement
from limen.domain.threshold import Comparator, Threshold


def threshold(limit: str) -> Threshold:
    """Return the threshold written as `>= 165 Wh/kg` or `between 6 9 dimensionless`."""
    op, value, *rest = limit.split(" ")
    if op == "between":
        return Threshold(
            op=Comparator.BETWEEN, value=Decimal(value), value_max=Decimal(rest[0]), unit=" ".join(rest[1:])
        )
    return Threshold(op=Comparator(op), value=Decimal(value), unit=" ".join(rest))


def requirement(limit: str, metric: str = "energy density", subject: str | None = None, **fields: Any) -> Requirement:
    """Return a requirement whose quote is its limit. `text` and `start` make real evidence of it."""
    evidence = fields.pop("evidence", Evidence(start=0, end=len(limit), quote=limit))
    return Requirement(threshold=threshold(limit), metric=metric, subject=subject, evidence=evidence, **fields)


def within(text: str, quote: str, limit: str, metric: str, subject: str | None = None, **fields: Any) -> Requirement:
    """Return a requirement whose evidence is the first place of `quote` in `text`."""
    start = text.index(quote)
    return requirement(limit, metric, subject, evidence=Evidence.of(text, start, start + len(quote)), **fields)
