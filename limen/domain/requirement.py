"""The numeric requirement: what the whole product is built on. Defined by the extraction guide (`docs/requirements.md`)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from limen.domain.evidence import Evidence
from limen.domain.reason import Reason
from limen.domain.threshold import Threshold


class Modality(StrEnum):
    """How binding the text makes a requirement."""

    MANDATORY = "mandatory"
    RECOMMENDED = "recommended"
    ENCOURAGED = "encouraged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """A number that a rule, draft, standard, quota or official target sets on something regulated."""

    threshold: Threshold
    metric: str
    """What is measured, in the text's own language and words, without subject or operator."""
    evidence: Evidence
    """The shortest stretch that holds operator, number and unit."""
    subject: str | None = None
    """What the limit is put on; None where the text names nothing."""
    condition: str | None = None
    """A qualifier without which the number would mislead."""
    modality: Modality = Modality.MANDATORY
    by: str | None = None
    """ISO date or period (`2027-12-31`, `2030`, `2027-28`) from which it holds or until which it must be met."""
    previous: Decimal | None = None
    """The value that the text itself calls the old one, in `threshold.unit`."""
    metric_id: str | None = None
    """Language-independent id of the metric (`energy_density`); None if the lexicon does not know it."""
    section: str | None = None
    """Heading path and list label above the requirement, outermost first, joined by ` > `; a mark for alignment."""
    confidence: float = 1.0
    """How sure the extractor is that it is one and was read right, from 0 to 1, by `reasons`."""
    reasons: tuple[Reason, ...] = ()
