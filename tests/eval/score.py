"""How good a reading is: matching of found requirements to annotated ones, as `docs/requirements.md` (Scoring) defines it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from limen.domain.errors import UnknownUnit
from limen.domain.quantity import Quantity

METRIC_OVERLAP = 0.6
SUBJECT_OVERLAP = 0.5
_TOLERANCE = Decimal("1e-6")
_CJK = re.compile(r"[\u4e00-\u9fff]")
_WORD = re.compile(r"[a-zà-ÿ0-9][a-zà-ÿ0-9\-]*")
# fmt: off
_STOP_WORDS = frozenset({
    "a", "an", "the", "of", "for", "in", "on", "to", "and", "or", "by", "with", "per", "at", "its", "their", "from", "as",
    "that", "which", "is", "are", "be", "each", "any", "all",
})
# fmt: on
_STOP_SIGNS = "的之及和与或"

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rates:
    """Precision, recall and their harmonic mean, from 0 to 1. All are 1 where there was nothing to find and nothing found."""

    precision: float
    recall: float

    @classmethod
    def of(cls, *, found: int, predicted: int, expected: int) -> Rates:
        """Return the rates of `found` true ones among the predicted and the expected."""
        return cls(found / predicted if predicted else 1.0, found / expected if expected else 1.0)

    @property
    def f1(self) -> float:
        """Twice the product over the sum."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(slots=True)
class Tally:
    """Counts over passages; `causes` says why requirements were missed or reported in excess."""

    passages: int = 0
    expected: int = 0
    predicted: int = 0
    core: int = 0
    metric: int = 0
    subject: int = 0
    full: int = 0
    modality: int = 0
    by: int = 0
    by_expected: int = 0
    by_invented: int = 0
    previous: int = 0
    previous_expected: int = 0
    previous_invented: int = 0
    traps: int = 0
    traps_expected: int = 0
    stage: int = 0
    deadline: int = 0
    causes: Counter[str] = field(default_factory=Counter)

    @property
    def core_rates(self) -> Rates:
        """Operator, value and unit right."""
        return Rates.of(found=self.core, predicted=self.predicted, expected=self.expected)

    @property
    def full_rates(self) -> Rates:
        """Core, metric and subject right."""
        return Rates.of(found=self.full, predicted=self.predicted, expected=self.expected)


@dataclass(frozen=True, slots=True)
class Matching:
    """The pairs (annotated, found), the annotated that were missed, and the found that nobody annotated."""

    pairs: list[tuple[Record, Record]]
    missed: list[Record]
    extra: list[Record]


def same_amount(first: Decimal | None, first_unit: str | None, second: Decimal | None, second_unit: str | None) -> bool:
    """Tell whether two values are one amount in base units. None is equal only to None."""
    if first is None or second is None:
        return first is None and second is None
    try:
        one, other = Quantity(value=first, unit=first_unit or ""), Quantity(value=second, unit=second_unit or "")
        if not one.comparable(other):
            return False
    except UnknownUnit:
        return False
    size = max(abs(one.base_value), abs(other.base_value), Decimal("1e-12"))
    return abs(one.base_value - other.base_value) <= _TOLERANCE * size


def overlap(first: str | None, second: str | None) -> float:
    """Return the F1 of the content words (signs for Chinese) that two texts share; 1 for two empty ones."""
    return words_f1(content(first), content(second))


def content(text: str | None) -> Counter[str]:
    """Return the words of a name that count in a comparison, and the signs of Chinese."""
    lowered = (text or "").lower()
    latin = [word.rstrip("s") if len(word) > 3 else word for word in _WORD.findall(lowered) if word not in _STOP_WORDS]
    return Counter(latin + [sign for sign in _CJK.findall(lowered) if sign not in _STOP_SIGNS])


def words_f1(first: Counter[str], second: Counter[str]) -> float:
    """Return the F1 of two bags of words; 1 where both are empty."""
    if not first and not second:
        return 1.0
    common = sum((first & second).values())
    return 2 * common / (sum(first.values()) + sum(second.values())) if common else 0.0


def core_equal(expected: Record, found: Record) -> bool:
    """Tell whether operator and amounts agree."""
    return bool(expected["op"] == found.get("op")) and amounts_equal(expected, found)


def amounts_equal(expected: Record, found: Record) -> bool:
    """Tell whether the amounts agree, whatever the operators."""
    return same_amount(expected["value"], expected["unit"], found.get("value"), found.get("unit")) and same_amount(
        expected.get("value_max"), expected["unit"], found.get("value_max"), found.get("unit")
    )


def match(expected: Sequence[Record], found: Sequence[Record]) -> Matching:
    """Return a one-to-one matching of those with equal cores, best overlap of metric and subject first."""
    options = sorted(
        (-overlap(one["metric"], other.get("metric")) - overlap(one.get("subject"), other.get("subject")), i, j)
        for i, one in enumerate(expected)
        for j, other in enumerate(found)
        if core_equal(one, other)
    )
    partner: dict[int, int] = {}
    for _, i, j in options:
        if i not in partner and j not in partner.values():
            partner[i] = j
    return Matching(
        pairs=[(expected[i], found[j]) for i, j in partner.items()],
        missed=[one for i, one in enumerate(expected) if i not in partner],
        extra=[other for j, other in enumerate(found) if j not in partner.values()],
    )


def count_pairs(tally: Tally, pairs: Sequence[tuple[Record, Record]]) -> None:
    """Add what is right about matched requirements."""
    for wanted, found in pairs:
        metric = overlap(wanted["metric"], found.get("metric")) >= METRIC_OVERLAP
        subject = overlap(wanted.get("subject"), found.get("subject")) >= SUBJECT_OVERLAP
        tally.core += 1
        tally.metric += metric
        tally.subject += subject
        tally.full += metric and subject
        tally.modality += wanted["modality"] == found.get("modality")
        if not metric:
            tally.causes["metric"] += 1
        if not subject:
            tally.causes["subject"] += 1
        if wanted.get("by"):
            given = str(found.get("by") or "?")
            tally.by_expected += 1
            tally.by += given.startswith(str(wanted["by"])) or str(wanted["by"]).startswith(given)
        else:
            tally.by_invented += bool(found.get("by"))
        if wanted.get("previous") is not None:
            tally.previous_expected += 1
            tally.previous += same_amount(wanted["previous"], wanted["unit"], found.get("previous"), found.get("unit"))
        else:
            tally.previous_invented += found.get("previous") is not None


def count_traps(tally: Tally, text: str, traps: Sequence[str], extra: Sequence[Record]) -> None:
    """Add the numbers that must not be reported, and those of them that were."""
    for trap in traps:
        start = text.find(trap)
        tally.traps_expected += 1
        tally.traps += any(
            trap in (one.get("quote") or "") or start <= one.get("start", -1) < start + len(trap) for one in extra
        )


def causes(matching: Matching, seen: Sequence[Record]) -> Iterator[str]:
    """Yield why each requirement was missed or reported in excess. `seen` are all quantities with their roles."""
    extra = list(matching.extra)
    for wanted in matching.missed:
        if any(amounts_equal(wanted, one) for one in extra):
            yield "operator"
        elif roles := [one["role"] for one in seen if amounts_equal(wanted, one) and one["role"] != "requirement"]:
            yield f"missed as {roles[0]}"
        elif any(one.get("value") == wanted["value"] for one in seen):
            yield "unit or range"
        else:
            yield "unseen"
    for one in extra:
        twin = any(amounts_equal(wanted, one) for wanted in matching.missed)
        yield "extra with another operator" if twin else "extra"
