"""Names that need not stand around a number: those of the number before it, those by convention, and none at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from limen.domain.errors import UnknownUnit
from limen.nlp.lexicon.metrics import metric_lexicon
from limen.nlp.linking.case import Case, Name
from limen.nlp.linking.known import KnownMetrics

Field = Literal["metric", "subject"]
FIELDS: tuple[Field, ...] = ("metric", "subject")
"""In the order in which they are chosen."""

_MANY = 4


@dataclass(frozen=True, slots=True)
class Alternative:
    """A text (None: nothing is named) with its features; `origin` tells what kind it is, `score` what is known beforehand."""

    text: str | None
    origin: str
    features: tuple[str, ...]
    score: float = 0.0


class Alternatives:
    """Finds the alternatives of a language."""

    def __init__(self, code: str, known: KnownMetrics) -> None:
        self._code, self._known = code, known

    def of(self, case: Case, history: Sequence[Case], field: Field) -> list[Alternative]:
        """Return the alternatives for a field. `history` are the linked cases before this one, in order."""
        found = []
        if field == "subject":
            kind = case.block.kind.value if case.block else ""
            op = case.mention.op.value if case.mention.op else "="
            found.append(Alternative(None, "nothing", ("no:", f"no:{case.dimension}", f"no:{op}", f"no:{kind}")))
        for tag, earlier in self._carried(history, field):
            name = _chosen(earlier, field)
            if name.text is not None:
                found.append(Alternative(name.text, tag, self._carry_features(tag, case, earlier, name.text, field)))
        if field == "metric":
            found.extend(self._conventional(case))
        return found

    def _carried(self, history: Sequence[Case], field: Field) -> list[tuple[str, Case]]:
        """Return the case before, and the nearest one before that with another name."""
        if not history:
            return []
        last = history[-1]
        text = _chosen(last, field).text
        found = [("last", last)]
        for case in reversed(history[-_MANY - 1 : -1]):
            if _chosen(case, field).text != text:
                found.append(("former", case))
                break
        return found

    def _carry_features(self, tag: str, case: Case, earlier: Case, text: str, field: Field) -> tuple[str, ...]:
        relation = _relation(case, earlier)
        same = "=" if earlier.mention.unit == case.mention.unit else "~" if earlier.dimension == case.dimension else "!"
        same_op = "=" if earlier.mention.op == case.mention.op else "!"
        features = [
            f"{tag}:",
            f"{tag}:{relation}",
            f"{tag}:{relation}{same}",
            f"{tag}:{relation}{same}{min(case.nouns_before, _MANY)}",
            f"{tag}:{case.dimension}",
            f"{tag}:{relation}{case.dimension}",
            f"{tag}:{same}{same_op}",
        ]
        if field == "subject":
            features.append(f"{tag}:{relation}|{case.metric.origin}")
        else:
            fit = _fit(text, self._code, case.mention.unit)
            features += [
                f"{tag}:{fit}",
                f"{tag}:{fit}{same}",
                f"{tag}:{fit}|{case.fitting_near}",
                f"{tag}:{fit}|any:{case.fitting}",
                f"{tag}:{relation}{same}{fit}",
            ]
        return tuple(features)

    def _conventional(self, case: Case) -> list[Alternative]:
        found = []
        op = case.mention.op.value if case.mention.op else "="
        for convention in case.conventions:
            tag, metric = "usual" if convention.in_sentence else "usual around", convention.metric
            features = (
                f"{tag}:",
                f"{tag}:{metric}",
                f"{tag}:{metric}|{case.dimension}",
                f"{tag}:{case.dimension}",
                f"{tag}:{metric}|{case.dimension}|{op}",
                f"{tag}:fitting:{case.fitting}",
            )
            found.append(Alternative(metric, "convention", features))
        return found + self._by_unit(case)

    def _by_unit(self, case: Case) -> list[Alternative]:
        labels = self._known.usual(case.mention.unit)
        return [
            Alternative(
                label,
                "unit",
                (
                    "unit:",
                    f"unit:{rank}of{len(labels)}",
                    f"unit:fitting:{case.fitting}",
                    f"unit:near:{case.fitting_near}",
                ),
            )
            for rank, label in enumerate(labels)
        ]


def _chosen(case: Case, field: Field) -> Name:
    return case.metric if field == "metric" else case.subject


def _relation(case: Case, earlier: Case) -> str:
    """Return how near two numbers stand: in a clause, a sentence, a block, a row, a column, a list, or further off."""
    block, other = case.block, earlier.block
    if case.sentence is not None and case.sentence == earlier.sentence:
        apart = (case.clause or 0) - (earlier.clause or 0)
        return f"sentence{min(apart, 2)}"
    if block is None or other is None:
        return "far"
    if case.block_index == earlier.block_index:
        return "block"
    if block.table is not None and block.table == other.table:
        return "row" if block.row == other.row else "column" if block.column == other.column else "table"
    if block.kind is other.kind and block.lead_in == other.lead_in and block.headings == other.headings:
        return "list"
    return "far"


@lru_cache(maxsize=4096)
def _lookup(text: str, code: str, unit: str | None) -> bool:
    try:
        return metric_lexicon().find(text, code, unit=unit) is not None
    except UnknownUnit:
        return False


def _fit(text: str, code: str, unit: str | None) -> str:
    """Tell whether the lexicon knows a metric, and if so whether the unit can measure it."""
    if _lookup(text, code, unit):
        return "fit"
    return "unfit" if _lookup(text, code, None) else "unknown"
