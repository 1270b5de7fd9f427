"""One number with all that could be said to be its metric or its subject."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from limen.nlp.dimensions import dimension
from limen.nlp.linking.conventions import Convention
from limen.nlp.linking.spans import Spans
from limen.nlp.mention import Mention
from limen.nlp.structure import Block

_MONEY = re.compile(r"[A-Z]{3}(/|$)")
_COUNTED = frozenset({"percent", "dimensionless", "piece", "person", "vehicle", "enterprise", "times", "cycle"})


@dataclass(slots=True)
class Name:
    """A chosen text. `span` is (first word, last word), None for a text that does not stand around the number.

    `origin` is "span" or the kind of alternative that it is.
    """

    text: str | None
    origin: str
    span: tuple[int, int] | None = None
    certainty: float = 0.0
    """How likely it is the true name but for some words, from 0 to 1."""


@dataclass(slots=True)
class Case:
    """A mention, the stretches around it, where it stands, and what was chosen for it so far."""

    mention: Mention
    spans: Spans
    dimension: str
    quote: str
    conventions: Sequence[Convention]
    sentence: int | None
    clause: int | None
    block_index: int | None
    block: Block | None
    nouns_before: int
    fitting: bool
    """True where the sentence names a metric of the lexicon that the unit can measure."""
    fitting_near: bool
    """True where the number's own clause or the one before it does."""
    metric: Name = field(default_factory=lambda: Name(None, "none"))
    subject: Name = field(default_factory=lambda: Name(None, "none"))


@cache
def dimension_of(unit: str | None) -> str:
    """Return what kind of thing a unit measures: money, time, a count, or a physical dimension in base units."""
    if unit is None:
        return "none"
    if _MONEY.match(unit):
        return "money rate" if "/" in unit else "money"
    if unit in _COUNTED:
        return unit
    if unit.startswith("1/"):
        return "frequency"
    measured = dimension(unit)
    return "other" if measured is None else "time" if measured == "second" else measured
