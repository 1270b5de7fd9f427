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


class KnownMetrics:
    """Marks names of metrics."""

    def __init__(self, code: str, reader: WordReader) -> None:
        self._names: defaultdict[str, list[tuple[str, frozenset[str]]]] = defaultdict(list)
        kinds: dict[str, set[str]] = {}
        for metric in metric_lexicon():
            measured = {kind for unit in metric.units for kind in unit_dimensions(unit)}
            for name in metric.names.get(code, ()):
                kinds.setdefault("".join(word.form for word in reader.read(name, 0, len(name))), set()).update(measured)
        self._by_dimension: defaultdict[str, list[str]] = defaultdict(list)
        for metric in metric_lexicon():
            for kind in {kind for unit in metric.units for kind in unit_dimensions(unit)}:
                self._by_dimension[kind].append(metric.label(code))
        for joined, measured in kinds.items():
            if joined:
                self._names[joined[0]].append((joined, frozenset(measured)))
        for names in self._names.values():
            names.sort(key=lambda entry: -len(entry[0]))

    def find(self, words: Sequence[Word]) -> list[tuple[int, int, frozenset[str]]]:
        """Return (first word, last word, dimensions) of each name that begins and ends with a word, longest first."""
        forms = [word.form for word in words]
        found: list[tuple[int, int, frozenset[str]]] = []
        until = 0
        for i in range(len(words)):
            if i < until or not forms[i] or forms[i][0] not in self._names:
                continue
            ends: dict[str, int] = {}
            joined = ""
            for j in range(i, min(len(words), i + 8)):
                joined += forms[j]
                ends[joined] = j
            for name, measured in self._names[forms[i][0]]:
                if name in ends:
                    found.append((i, ends[name], measured))
                    until = ends[name] + 1
                    break
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
