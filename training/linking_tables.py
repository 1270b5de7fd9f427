"""The keys that a network has rows for, and the rows of an example's words, numbers and names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from limen.nlp.linking.case import Case
from limen.nlp.linking.channels import number_keys, seat_keys, word_keys
from limen.nlp.linking.network import USUAL
from limen.nlp.linking.vectors import Vectors
from tests.eval.score import content, words_f1
from training.linking_examples import Example, Ids, Passage
from training.network import CHANNELS

RARE = {"form": 2, "shape": 2, "path": 3, "number": 2, "length": 3, "edge": 3}
"""Passages in which a key must occur to get a row of its own, where it is more than one."""
OFTEN = 5
"""Passages, as they are counted, in which a name of a metric must be given to become a usual one."""


class Tables:
    """Rows of the keys that were met often enough; 0 for others. Keys of alternatives get one when they are first asked for."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        seen: dict[str, Counter[str]] = {name: Counter() for name in (*CHANNELS, "number", "length", "edge")}
        for passage in passages:
            keys: dict[str, set[str]] = {name: set() for name in seen}
            for example in passage:
                for row in word_rows(example.case):
                    for name, key in zip(CHANNELS, row, strict=True):
                        keys[name].add(key)
                keys["number"].update(number_keys(example.case))
                keys["length"].update(example.case.spans.lengths)
                keys["edge"].update(example.case.spans.edges)
            for name, found in keys.items():
                seen[name].update(found)
        self.names = {
            name: [key for key, count in counts.items() if count >= RARE.get(name, 1)] for name, counts in seen.items()
        }
        self.names["alternative"] = []
        self.names[USUAL] = _usual_names(passages)
        self._usual = [content(name) for name in self.names[USUAL]]
        self._rows = {name: {key: row for row, key in enumerate(keys, 1)} for name, keys in self.names.items()}

    def rows(self, table: str, keys: Iterable[str]) -> Ids:
        """Return the rows of keys."""
        return np.array([self._rows[table].get(key, 0) for key in keys], dtype=np.intp)

    def alternative(self, names: Iterable[str], *, most: int) -> Ids:
        """Return the rows of an alternative's features, new ones while there is room."""
        rows = self._rows["alternative"]
        for name in names:
            if name not in rows and len(rows) + 1 < most:
                rows[name] = len(rows) + 1
                self.names["alternative"].append(name)
        return self.rows("alternative", names)

    def number(self, example: Example, vectors: Vectors) -> None:
        """Set the rows of an example."""
        case = example.case
        rows = word_rows(case)
        example.ids = np.array(
            [[self._rows[name].get(key, 0) for name, key in zip(CHANNELS, row, strict=True)] for row in rows],
            dtype=np.intp,
        ).reshape(-1, len(CHANNELS))
        example.vectors = np.array([vectors.of(row[0]) for row in rows], dtype=np.float32).reshape(-1, vectors.width)
        example.numbers = self.rows("number", number_keys(case))
        example.usual = np.array([words_f1(example.gold["metric"], each) for each in self._usual], dtype=np.float64)
        example.lengths, example.edges = self.rows("length", case.spans.lengths), self.rows("edge", case.spans.edges)


def word_rows(case: Case) -> list[tuple[str, ...]]:
    """Return the keys of each word of a case, in the order of `CHANNELS`."""
    return [
        (*word_keys(word), *seat)
        for segment in case.spans.segments
        for word, seat in zip(segment.words, seat_keys(segment), strict=True)
    ]


def _usual_names(passages: Sequence[Passage]) -> list[str]:
    """Return the names that metrics have in many passages, each as it is most often written."""
    written: dict[tuple[str, ...], Counter[str]] = {}
    for passage in passages:
        for name in {example.metric for example in passage}:
            key = tuple(sorted(content(name).elements()))
            if key:
                written.setdefault(key, Counter())[name] += 1
    often = {key: names for key, names in written.items() if names.total() >= OFTEN}
    return sorted(names.most_common(1)[0][0] for names in often.values())
