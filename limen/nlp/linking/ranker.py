"""Scores the candidates for a name by the sum of their features' weights, and chooses the best."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from limen.nlp.linking.alternatives import Alternative
from limen.nlp.linking.features import Names, WordFeatures
from limen.nlp.linking.spans import Spans

Scores = NDArray[np.float64]

NEVER = -1e9
"""The score of a candidate that is ruled out."""


@dataclass(frozen=True, slots=True)
class WordScores:
    """For each word, what speaks for it as a first word, as a last word and inside a name."""

    starts: Scores
    ends: Scores
    inside: Scores

    def __add__(self, other: WordScores) -> WordScores:
        return WordScores(self.starts + other.starts, self.ends + other.ends, self.inside + other.inside)

    @classmethod
    def joined(cls, parts: Sequence[WordScores]) -> WordScores:
        """Return the scores of the words of several segments one after the other."""
        if not parts:
            return cls(np.zeros(0), np.zeros(0), np.zeros(0))
        return cls(
            np.concatenate([part.starts for part in parts]),
            np.concatenate([part.ends for part in parts]),
            np.concatenate([part.inside for part in parts]),
        )


class Ranker:
    """The weights of one field of one language."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        self._weights = weights

    def words(self, features: WordFeatures) -> WordScores:
        """Return the scores of words by their features."""
        return WordScores(self._sums(features.starts), self._sums(features.ends), self._sums(features.inside))

    def spans(self, spans: Spans, words: WordScores) -> Scores:
        """Return the score of every span."""
        if not len(spans):
            return np.zeros(0)
        lengths = self._sums([[name] for name in spans.lengths])
        edges = self._sums([[name] for name in spans.edges])
        passed = np.concatenate(([0.0], np.cumsum(words.inside)))
        result: Scores = (
            words.starts[spans.first]
            + words.ends[spans.last]
            + passed[spans.last + 1]
            - passed[spans.first]
            + lengths[spans.length_of]
            + edges[spans.edge_of]
        )
        return result

    def alternatives(self, alternatives: Sequence[Alternative]) -> Scores:
        """Return the score of every alternative."""
        return self._sums([alternative.features for alternative in alternatives])

    def _sums(self, features: Names | Sequence[Sequence[str]]) -> Scores:
        get = self._weights.get
        return np.array([sum([get(name, 0.0) for name in names]) for names in features], dtype=np.float64)


@cache
def load_weights(code: str) -> dict[str, dict[str, float]]:
    """Return field -> feature -> weight of a language, as `training/fit_linking.py` wrote them."""
    path = files("limen.nlp").joinpath("languages", code, "linking.json")
    weights: dict[str, dict[str, float]] = json.loads(path.read_text(encoding="utf-8"))
    return weights
