"""A requirement made ready for comparison: its amount in base units and its words as weighted tokens."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from math import isclose

from limen.domain.clause import clause_around, phrase_around
from limen.domain.errors import UnknownUnit
from limen.domain.quantity import close, unit_scale
from limen.domain.reason import Reason
from limen.domain.requirement import Requirement
from limen.domain.similarity import Bag, Weights, tokens
from limen.domain.table import column_head, table_at
from limen.domain.threshold import Comparator
from limen.domain.words import words

_NUMBERING = re.compile(
    r"^\W*(?:第\s*[\d一二三四五六七八九十百]+\s*[条章节款项]|(?:art(?:icle)?|sec(?:tion)?|part|chapter|annex|schedule|clause|para(?:graph)?)\b\.?"
    r"\s*[\dIVXLC一二三四五六七八九十]*[A-Z]?|§+\s*\d+\w*|[（(]\s*(?:\d+|[a-z]|[ivx]+|[一二三四五六七八九十]+)\s*[)）]"
    r"|\d+(?:\.\d+)*|[一二三四五六七八九十]+(?=[、.．)）])|[a-z](?=[.)]))(?:[、.．:：)）]|\b)\s*",
    re.IGNORECASE,
)


_LONGEST_OPENER = 24
"""Code points before a subject in which a word that opens it may stand."""
TIME, FREQUENCY = "second", "1 / second"
_TURNED = {
    Comparator.AT_LEAST: Comparator.AT_MOST,
    Comparator.MORE_THAN: Comparator.LESS_THAN,
    Comparator.AT_MOST: Comparator.AT_LEAST,
    Comparator.LESS_THAN: Comparator.MORE_THAN,
}
_OTHER_SIDE = {
    op: frozenset(
        other
        for other in Comparator
        if (op.is_lower_bound and other.is_upper_bound) or (op.is_upper_bound and other.is_lower_bound)
    )
    for op in Comparator
}
_GUESSED = frozenset({Reason.OPERATOR_ASSUMED, Reason.OPERATOR_INHERITED, Reason.OPERATOR_NOUN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What the comparison looks at. `position` runs from 0 (first requirement of its side) to 1 (last)."""

    requirement: Requirement
    dimension: str
    bounds: tuple[Decimal, ...]
    """Base magnitudes: one, or two for a range."""
    amount: tuple[str, ...] = field(init=False)
    """The value or range, in whatever unit, to look up equal ones; what a conversion loses does not show in it."""
    metric: Bag
    subject: Bag
    """Empty where the text names none."""
    everything: Bag
    """Metric, subject and condition together: extraction may put a word into either."""
    clause: Bag
    """The sentence around the number; empty where the text is not given."""
    phrase: Bag
    """The words of the sentence next to the number."""
    heading: frozenset[str]
    """Tokens of the section path without its numbering."""
    kinds: frozenset[str]
    """Words of subject, metric and condition that exclude others (existing, new; daily, annual)."""
    openers: frozenset[str]
    """Words in the subject, or in the sentence right before it, that open it to everything of its kind (all, 所有)."""
    column: Bag
    """The head of the column of a table that it stands in."""
    position: float
    table: int | None
    """The number of the table that it stands in; None outside of tables or without the text."""

    _roughly: tuple[float, ...] = field(init=False, repr=False)
    """The bounds as floats: most amounts differ by far, and these tell so the fastest."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "_roughly", tuple(map(float, self.bounds)))
        object.__setattr__(self, "amount", (self.dimension, *[f"{bound:.17e}" for bound in self.bounds]))

    @property
    def key(self) -> tuple[object, ...]:
        """What two readings of one unchanged requirement have in common wherever nothing at all was touched."""
        own = self.requirement
        words = (self.metric.tokens, self.subject.tokens, self.everything.tokens, self.phrase.tokens, self.heading)
        return (own.threshold.op, *self.amount, *words, own.modality, own.by)

    @property
    def writes_operator(self) -> bool:
        """False where the extractor says that the text leaves the operator to the reader."""
        return not _GUESSED.intersection(self.requirement.reasons)

    def same_amount(self, other: Profile) -> bool:
        """Tell whether both state one value or range, in whatever unit."""
        return (
            self.dimension == other.dimension
            and len(self.bounds) == len(other.bounds)
            and all(map(isclose, self._roughly, other._roughly))
            and all(map(close, self.bounds, other.bounds))
        )

    def opposes(self, other: Profile) -> bool:
        """Tell whether one is a minimum and the other a maximum."""
        return other.requirement.threshold.op in _OTHER_SIDE[self.requirement.threshold.op]

    def same_limit(self, other: Profile) -> bool:
        """Tell whether both state one amount with one operator."""
        return self.requirement.threshold.op is other.requirement.threshold.op and self.same_amount(other)


def as_interval(profile: Profile) -> Profile:
    """Return a frequency as the interval that it leaves at the most: at least 4 a month is at most every 1/4 month.

    Other profiles come back as they are.
    """
    if profile.dimension != FREQUENCY or any(bound == 0 for bound in profile.bounds):
        return profile
    own = profile.requirement
    op = _TURNED.get(own.threshold.op, own.threshold.op)
    return replace(
        profile,
        dimension=TIME,
        bounds=tuple(sorted(1 / bound for bound in profile.bounds)),
        requirement=replace(own, threshold=replace(own.threshold, op=op)),
    )


def clause_words(clause: str, requirement: Requirement) -> frozenset[str]:
    """Return the tokens of a sentence that are no number and no part of the requirement's limit: what it is about."""
    limit = tokens(requirement.evidence.quote)
    return frozenset([token for token in tokens(clause) - limit if not token[0].isdecimal()])


@dataclass(frozen=True, slots=True, kw_only=True)
class Profiles:
    """Both sides of a comparison, each in its own order, and the weights of their words."""

    old: tuple[Profile, ...]
    new: tuple[Profile, ...]
    weights: Weights
    old_text: str | None = None
    new_text: str | None = None

    @classmethod
    def of(
        cls,
        old: Sequence[Requirement],
        new: Sequence[Requirement],
        *,
        old_text: str | None = None,
        new_text: str | None = None,
    ) -> Profiles:
        """Return the profiles of two readings. With the texts they were read from, the clauses are compared as well.

        Raises:
            EvidenceMismatch: a text is not the one that its requirements were read from.
        """
        before = [_Words.of(requirement, old_text) for requirement in old]
        after = [_Words.of(requirement, new_text) for requirement in new]
        weights = Weights.of((words.all for words in before), (words.all for words in after))
        bag = cache(weights.bag)
        return cls(
            old=tuple(_profile(*entry, bag, len(old)) for entry in zip(old, before, range(len(old)), strict=True)),
            new=tuple(_profile(*entry, bag, len(new)) for entry in zip(new, after, range(len(new)), strict=True)),
            weights=weights,
            old_text=old_text,
            new_text=new_text,
        )


@dataclass(frozen=True, slots=True)
class _Words:
    """The tokens of a requirement, before they are weighted."""

    metric: frozenset[str]
    subject: frozenset[str]
    condition: frozenset[str]
    clause: frozenset[str]
    phrase: frozenset[str]
    openers: frozenset[str]
    column: frozenset[str]
    table: int | None

    @classmethod
    def of(cls, requirement: Requirement, text: str | None) -> _Words:
        """Read the tokens of a requirement and of `text` around its evidence; without the text, clause and phrase are empty."""
        clause = "" if text is None else clause_around(text, requirement.evidence)
        return cls(
            tokens(requirement.metric),
            tokens(requirement.subject or ""),
            tokens(requirement.condition or ""),
            clause_words(clause, requirement),
            frozenset() if text is None else tokens(phrase_around(text, requirement.evidence)),
            _openers(requirement.subject or "", clause),
            frozenset() if text is None else tokens(column_head(text, requirement.evidence.start)),
            None if text is None else table_at(text, requirement.evidence.start),
        )

    @property
    def all(self) -> frozenset[str]:
        """The tokens whose rarity weighs them: all but those of the phrase."""
        return self.metric | self.subject | self.condition | self.clause


def _openers(subject: str, clause: str) -> frozenset[str]:
    if not subject:
        return frozenset()
    universal = words().universal
    start = clause.find(subject)
    before = clause[max(0, start - _LONGEST_OPENER) : start] if start > 0 else ""
    return universal.found(subject) | universal.at_end(before)


def _profile(
    requirement: Requirement, found: _Words, index: int, bag: Callable[[frozenset[str]], Bag], size: int
) -> Profile:
    threshold = requirement.threshold
    try:
        scale = unit_scale(threshold.unit)
        dimension, factor, offset = scale.dimension, scale.factor, scale.offset
    except UnknownUnit:
        # a unit that nobody can convert is a kind of its own: equal only to itself
        dimension, factor, offset = f"unknown {threshold.unit}", Decimal(1), Decimal(0)
    values = (threshold.value,) if threshold.value_max is None else (threshold.value, threshold.value_max)
    stated = " ".join(filter(None, (requirement.subject, requirement.metric, requirement.condition)))
    return Profile(
        requirement=requirement,
        dimension=dimension,
        bounds=tuple(value * factor + offset for value in values),
        metric=bag(found.metric),
        subject=bag(found.subject),
        everything=bag(found.metric | found.subject | found.condition),
        clause=bag(found.clause),
        phrase=bag(found.phrase),
        heading=frozenset().union(
            *[tokens(_NUMBERING.sub("", part)) for part in (requirement.section or "").split(" > ")]
        ),
        kinds=words().opposed.found(stated),
        openers=found.openers,
        column=bag(found.column),
        position=index / max(1, size - 1),
        table=found.table,
    )
