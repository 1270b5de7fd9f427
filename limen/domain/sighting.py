"""Every number with a unit that was seen, and the part it plays: so that a person sees why one was or was not reported."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from limen.domain.evidence import Evidence
from limen.domain.reason import Reason
from limen.domain.threshold import Threshold


class QuantityRole(StrEnum):
    """The part a number plays in its text. Only `requirement` is reported."""

    REQUIREMENT = "requirement"
    STATISTIC = "statistic"
    PRICE = "price"
    PLAN = "plan"
    FORECAST = "forecast"
    DATE = "date"
    IDENTIFIER = "identifier"
    PROCEDURE = "procedure"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A number with its unit as seen in the text. `threshold.op` is `=` where the text has no comparator."""

    threshold: Threshold
    role: QuantityRole
    evidence: Evidence
    metric: str | None = None
    metric_certainty: float = 0.0
    """How sure `metric` is, from 0 to 1; 0 where the text does not name it."""
    subject: str | None = None
    subject_certainty: float = 0.0
    certainty: float = 1.0
    """How sure the role is, from 0 to 1."""
    reasons: tuple[Reason, ...] = ()
    """What speaks for the reading, and what against it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """A number that is no quantity: part of a date or a name, without a unit, or in a unit that nobody defined."""

    role: QuantityRole
    reason: Reason
    evidence: Evidence
