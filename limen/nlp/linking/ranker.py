"""Scores of all that could be the name of a field of a number, by the network's values of words and alternatives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from limen.nlp.linking.alternatives import FIELDS, Alternative, Field
from limen.nlp.linking.case import Case
from limen.nlp.linking.channels import Marks, seat_keys, word_keys
from limen.nlp.linking.network import ORIGINS, USUAL, Encoded, Floats, Keys, Network
from limen.nlp.linking.spans import Spans

Scores = NDArray[np.float64]
Reals = NDArray[np.float32] | NDArray[np.float64]

NEVER = -1e9
"""The score of a candidate that is ruled out."""
_FEW = 6
"""Usual names that are weighed against those of the text."""
_MOST_REMEMBERED = 50_000
FIRST, LAST, INSIDE = range(3)
"""Columns of the values of words."""


def span_scores(spans: Spans, words: Reals, lengths: Reals, edges: Reals) -> Scores:
    """Return the score of every span.

    `words` has the shape (words, 3): what speaks for a word as the first, the last and any word of a name; `lengths` and
    `edges` belong to the names that `Spans` has for them.
    """
    passed = np.concatenate(([0.0], np.cumsum(words[:, INSIDE], dtype=np.float64)))
    result: Scores = (
        words[spans.first, FIRST]
        + words[spans.last, LAST]
        + passed[spans.last + 1]
        - passed[spans.first]
        + lengths[spans.length_of]
        + edges[spans.edge_of]
    )
    return result


@dataclass(frozen=True, slots=True)
class Values:
    """What speaks for the names of a field of a case: of each word as in `span_scores`, and of each of `ORIGINS`."""

    words: Scores
    origins: Sequence[float]


class Ranker:
    """Scores the candidates with networks that were fitted in different orders: the mean of what they say errs less often."""

    def __init__(self, networks: Sequence[Network]) -> None:
        """Raises `ValueError` without a network."""
        if not networks:
            raise ValueError("there is no network to rank with")
        self._networks = tuple(networks)
        self._words = _Remembered(lambda keys: [network.word(keys) for network in self._networks])
        self._seats = _Remembered(lambda keys: [network.seat(keys) for network in self._networks])
        self._weights = {
            (table, field): _MeanWeights(self._networks, table, field)
            for table in ("length", "edge", "alternative")
            for field in FIELDS
        }
        self._usual = list(dict.fromkeys(name for network in networks for name in network.usual_names))
        places = {name: place for place, name in enumerate(self._usual)}
        self._usual_places = [[places[name] for name in network.usual_names] for network in networks]

    def started(self, cases: Sequence[Case]) -> Floats:
        """Return what word and seat add to the words of all cases, one network beside the other."""
        words: list[Floats] = []
        seats: list[Floats] = []
        known: dict[int, tuple[list[Floats], list[Floats]]] = {}
        for segment in (segment for case in cases for segment in case.spans.segments):
            own = known.get(id(segment))  # those of one place in the text are the same object
            if own is None:
                own = (
                    [self._words[word_keys(word)] for word in segment.words],
                    [self._seats[keys] for keys in seat_keys(segment)],
                )
                known[id(segment)] = own
            words += own[0]
            seats += own[1]
        width = sum(network.width for network in self._networks)
        return (np.array(words, dtype=np.float32) + np.array(seats, dtype=np.float32)).reshape(-1, width)

    def encode(self, cases: Sequence[Case], marked: Sequence[Marks]) -> tuple[Encoded, ...]:
        """Return what each network makes of some cases, at least one; `marked` are the marks of the words of each."""
        started = self.started(cases)
        parts = np.split(started, len(self._networks), axis=1)
        return tuple(network.encode(cases, part, marked) for network, part in zip(self._networks, parts, strict=True))

    def usual(self, encoded: Sequence[Encoded]) -> list[list[Alternative]]:
        """Return for each case the likeliest of the names that metrics often have."""
        scores = np.zeros((len(encoded[0].pooled), len(self._usual)))
        for network, one, places in zip(self._networks, encoded, self._usual_places, strict=True):
            scores[:, places] += network.usual(one) / len(self._networks)
        likeliest = np.argsort(-scores, axis=1, kind="stable")[:, :_FEW]
        return [
            [Alternative(self._usual[name], USUAL, (), float(own[name])) for name in names]
            for own, names in zip(scores, likeliest.tolist(), strict=True)
        ]

    def values(self, cases: Sequence[Case], field: Field, encoded: Sequence[Encoded]) -> list[Values]:
        """Return what speaks for the names of a field of each case. Before the subject, all metrics must have been chosen."""
        told = [
            (network.metric(one) if field == "metric" else network.subject(one, cases), network.origins(one, field))
            for network, one in zip(self._networks, encoded, strict=True)
        ]
        words: Scores = np.mean([each for each, _ in told], axis=0, dtype=np.float64)
        origins: Scores = np.mean([each for _, each in told], axis=0, dtype=np.float64)
        own = np.split(words, encoded[0].begins[1:-1])
        return [Values(*each) for each in zip(own, origins.tolist(), strict=True)]

    def scores(self, case: Case, field: Field, alternatives: Sequence[Alternative], values: Values) -> Scores:
        """Return the scores of all spans of a case, and of the alternatives after them."""
        spans, features = case.spans, self._weights["alternative", field]
        lengths = np.array([self._weights["length", field][key] for key in spans.lengths])
        edges = np.array([self._weights["edge", field][key] for key in spans.edges])
        others = [
            each.score
            if each.origin == USUAL
            else values.origins[ORIGINS.index(each.origin)] + sum(features[name] for name in each.features)
            for each in alternatives
        ]
        return np.concatenate((span_scores(spans, values.words, lengths, edges), others))


class _MeanWeights(dict[str, float]):
    """The mean weights of keys over some networks; that of unknown keys for others."""

    def __init__(self, networks: Sequence[Network], table: str, field: Field) -> None:
        self._mean: Callable[[str], float] = lambda key: (
            sum(network.weight(table, field, key) for network in networks) / len(networks)
        )
        super().__init__((key, self._mean(key)) for network in networks for key in network.keys(table))
        self._unknown = self._mean("")

    def __missing__(self, key: str) -> float:
        return self._unknown


class _Remembered(dict[Keys, Floats]):
    """What all networks make of keys, one beside the other, worked out once for each."""

    def __init__(self, value_of: Callable[[Keys], Sequence[Floats]]) -> None:
        super().__init__()
        self._value_of = value_of

    def __missing__(self, keys: Keys) -> Floats:
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        found = self[keys] = np.concatenate(self._value_of(keys))
        return found
