"""A name found in a text: regulator, place, instrument, standard, product, material, company or date."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from limen.domain.evidence import Evidence


class EntityLabel(StrEnum):
    """The closed set of entity kinds."""

    REGULATOR = "regulator"
    JURISDICTION = "jurisdiction"
    INSTRUMENT = "instrument"
    STANDARD = "standard"
    PRODUCT = "product"
    MATERIAL = "material"
    COMPANY = "company"
    DATE = "date"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A name as written (`evidence.quote`) and its canonical id across languages (`MIIT` for 工信部)."""

    label: EntityLabel
    canonical: str
    evidence: Evidence
