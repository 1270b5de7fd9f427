"""A search query as it was understood."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from limen.domain.document import Stage
from limen.domain.requirement import Modality
from limen.domain.source import DocumentClass
from limen.domain.threshold import Comparator


class TextField(StrEnum):
    """Fields whose words are looked for."""

    METRIC = "metric"
    SUBJECT = "subject"
    CONDITION = "condition"
    TITLE = "title"


class ValueField(StrEnum):
    """Fields that have one of a few values, or an id."""

    JURISDICTION = "jurisdiction"
    SOURCE = "source"
    STAGE = "stage"
    LANGUAGE = "lang"
    DOCUMENT_CLASS = "class"
    MODALITY = "modality"
    OPERATOR = "op"
    BY = "by"
    ENTITY = "entity"


FIELDS: dict[str, TextField | ValueField] = {
    **{field.value: field for field in TextField},
    **{field.value: field for field in ValueField},
    "kind": ValueField.DOCUMENT_CLASS,
    "language": ValueField.LANGUAGE,
    "country": ValueField.JURISDICTION,
}

MINIMUM = "min"
MAXIMUM = "max"
CLOSED: dict[ValueField, tuple[str, ...]] = {
    ValueField.STAGE: tuple(Stage),
    ValueField.DOCUMENT_CLASS: tuple(DocumentClass),
    ValueField.MODALITY: tuple(Modality),
    ValueField.OPERATOR: (*Comparator, MINIMUM, MAXIMUM),
}
"""The fields with a closed set of values."""

OF_REQUIREMENT: frozenset[TextField | ValueField | None] = frozenset(
    {
        *(TextField.METRIC, TextField.SUBJECT, TextField.CONDITION),
        *(ValueField.MODALITY, ValueField.OPERATOR, ValueField.BY),
    }
)
"""The fields that a document has not by itself, but only by its requirements."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextTerm:
    """Words that must stand side by side, in a field or (None) anywhere; `excluded`: must not."""

    text: str
    field: TextField | None = None
    is_prefix: bool = False
    """The last word may go on (`lith*`)."""
    excluded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueTerm:
    """A field that must have one of some values; `excluded`: none of them."""

    field: ValueField
    values: tuple[str, ...]
    excluded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """One end of an amount that is looked for."""

    value: Decimal
    is_inclusive: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountTerm:
    """An interval that the value, or a part of the range, of a requirement must lie in. None is an open end.

    `unit` None asks for the bare number in whatever unit the requirement has.
    """

    lower: Bound | None
    upper: Bound | None
    unit: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """All terms must hold."""

    text: str
    """The query as it was typed."""
    texts: tuple[TextTerm, ...]
    values: tuple[ValueTerm, ...]
    amounts: tuple[AmountTerm, ...]

    @property
    def words(self) -> tuple[TextTerm, ...]:
        """The words and phrases of no field."""
        return tuple(term for term in self.texts if term.field is None)

    @property
    def asks_for_requirements(self) -> bool:
        """True if a term can only be met by a requirement, so that a document as a whole is no answer."""
        fields = {*(term.field for term in self.texts), *(term.field for term in self.values)}
        return bool(self.amounts) or not OF_REQUIREMENT.isdisjoint(fields)
