"""Where the lexicon's metrics are named among words, and whether a unit can measure them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import cache

from limen.nlp.dimensions import dimension
from limen.nlp.lexicon.metrics import metric_lexicon
from limen.nlp.linking.words import Word, WordReader, word_reader

_CURRENCY = re.compile(r"\b[A-Z]{3}\b")
_SECOND = " / second"
_FEW = 3
_LONGEST = 8
"""Words of a name."""


class KnownMetrics:
    """Marks names of metrics."""

    def __init__(self, code: str, reader: WordReader) -> None:
        kinds: dict[str, set[str]] = {}
        for metric in metric_lexicon():
            measured = {kind for unit in metric.units for kind in unit_dimensions(unit)}
            for name in metric.names.get(code, ()):
                kinds.setdefault("".join(word.form for word in reader.read(name, 0, len(name))), set()).update(measured)
        self._by_dimension: defaultdict[str, list[str]] = defaultdict(list)
        for metric in metric_lexicon():
            for kind in {kind for unit in metric.units for kind in unit_dimensions(unit)}:
                self._by_dimension[kind].append(metric.label(code))
        self._names = {joined: frozenset(measured) for joined, measured in kinds.items() if joined}
        self._begun = frozenset(joined[:end] for joined in self._names for end in range(1, len(joined) + 1))

    def find(self, words: Sequence[Word]) -> list[tuple[int, int, frozenset[str]]]:
        """Return (first word, last word, dimensions) of each name that begins and ends with a word, longest first."""
        forms = [word.form for word in words]
        found: list[tuple[int, int, frozenset[str]]] = []
        until = 0
        for i in range(len(words)):
            if i < until or not forms[i]:
                continue
            joined = ""
            best: tuple[int, int, frozenset[str]] | None = None
            for j in range(i, min(len(words), i + _LONGEST)):
                joined += forms[j]
                if joined not in self._begun:
                    break
                measured = self._names.get(joined)
                if measured is not None:
                    best = (i, j, measured)
            if best is not None:
                found.append(best)
                until = best[1] + 1
        return found

    def usual(self, unit: str | None) -> tuple[str, ...]:
        """Return the labels of the metrics that a unit measures, where it measures no more than a few."""
        for kind in sorted(unit_dimensions(unit)):
            labels = self._by_dimension.get(kind, [])
            if 0 < len(labels) <= _FEW:
                return tuple(labels)
        return ()


@cache
def known_metrics(code: str) -> KnownMetrics:
    """Return the names of a language, indexed once."""
    return KnownMetrics(code, word_reader(code))


@cache
def unit_dimensions(unit: str | None) -> frozenset[str]:
    """Return what a unit can be compared with: its dimension, that without a rate by time, money in any currency."""
    measured = dimension(unit)
    if measured is None:
        return frozenset()
    if _CURRENCY.search(measured):
        return frozenset({"money"})
    return frozenset({measured, measured.removesuffix(_SECOND)})
