"""A number with its unit on its way through the pipeline: what the components fill in, one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from limen.domain.requirement import Modality
from limen.domain.sighting import QuantityRole
from limen.domain.threshold import Comparator


@dataclass(slots=True, kw_only=True)
class Mention:
    """One number (or range) with its unit. All offsets are half-open and count code points of the text.

    `value` already holds the scale words ("2 million" is 2000000). `unit` is a string for pint, or None where the text
    writes none. `op` is None until a comparator is found. Text fields are None until the component that links
    them has run; a requirement whose metric stays None is reported with its unit's usual metric.
    """

    start: int
    """Start of the number, or of the currency sign before it; of the first number of a range."""
    end: int
    """End of the unit, or of the number where no unit follows."""
    value: Decimal
    value_max: Decimal | None = None
    unit: str | None = None
    unit_start: int = 0
    """Where the unit begins; equal to `end` where there is none. A shared unit ("20, 30 and 40 mg/L") may lie far off."""
    unit_end: int = 0
    divisor: str | None = None
    """The divisor behind a number that has no unit of its own yet ("14,500 per year")."""
    count: Decimal = Decimal(1)
    """The number in the divisor of the unit ("per 100 ml"), by which `value` has been divided."""
    factor: Decimal = Decimal(1)
    """What the word of the unit multiplied `value` by: a hundredth for cents."""
    spelled: bool = False
    """True for a number in words."""
    scale: Decimal = Decimal(1)
    """The factor of the scale word inside `value` (a million), which the first number of a range may share."""
    note: str | None = None
    """The qualifier in the unit's own word ("working days", 标准煤); part of the condition."""
    attributive: bool = False
    """True for "a 30-day average": the quantity names a thing more often than it limits one."""

    op: Comparator | None = None
    cue_start: int | None = None
    """The words or sign that give the operator; None where `op` is inherited from a lead-in, a list or a heading."""
    cue_end: int | None = None
    weak: bool = False
    """True where the operator comes from a noun ("limit", 上限) at some distance rather than a comparator."""
    in_table: bool = False
    frequency: bool = False
    """True where the number says how often something happens."""
    label: bool = False
    """True in the head or the first column of a table, where numbers pick rows and columns."""
    measured: bool = False
    """True in a column of results rather than limits."""
    sign: bool = False
    """True where the comparator is a mathematical sign, which prose about facts hardly uses."""
    labelled: bool = False
    """True in a table whose head or row says "minimum" or "maximum" of it outright."""
    inherited: bool = False
    """True where the operator is not in the mention's own clause."""
    quote_start: int = 0
    """The shortest stretch that holds operator, number and unit."""
    quote_end: int = 0

    usual: Comparator | None = None
    """The operator that is usual for what the number is about, where the text states none or turns one round."""

    previous: Decimal | None = None
    """The old value in `unit`, where the text gives it."""
    by: str | None = None
    role: QuantityRole = QuantityRole.OTHER
    certainty: float = 1.0
    """How likely it is a requirement, from 0 to 1."""
    modality: Modality = Modality.MANDATORY
    respectively: bool = False
    """True where "respectively" / 分别 ties the mention to one member of an enumeration."""
    ordinal: int = 0
    """The mention's place among those that share a clause under "respectively", from 0."""

    metric: str | None = None
    metric_certainty: float = 0.0
    subject: str | None = None
    subject_certainty: float = 0.0
    condition: str | None = None
    metric_id: str | None = None
    section: str | None = None

    @property
    def is_requirement(self) -> bool:
        """True for a mention that will be reported."""
        return self.role is QuantityRole.REQUIREMENT
