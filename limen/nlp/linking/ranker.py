"""Scores of all that could be the name of a field of a number, by the network's values of words and alternatives."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from limen.nlp.linking.alternatives import Alternative, Field
from limen.nlp.linking.case import Case
from limen.nlp.linking.channels import Marks
from limen.nlp.linking.context import Segment
from limen.nlp.linking.network import USUAL, Encoded, Network
from limen.nlp.linking.spans import Spans

Scores = NDArray[np.float64]

NEVER = -1e9
"""The score of a candidate that is ruled out."""
_FEW = 6
"""Usual names that are weighed against those of the text."""
Started = tuple[NDArray[np.float32], ...]
FIRST, LAST, INSIDE = range(3)
"""Columns of the values of words."""


def span_scores(
    spans: Spans, words: NDArray[np.float32], lengths: NDArray[np.float32], edges: NDArray[np.float32]
) -> Scores:
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


class Ranker:
    """Scores the candidates with networks that were fitted in different orders: the mean of what they say errs less often."""

    def __init__(self, networks: Sequence[Network]) -> None:
        """Raises `ValueError` without a network."""
        if not networks:
            raise ValueError("there is no network to rank with")
        self._networks = tuple(networks)

    def started(self, segment: Segment) -> Started:
        """Return what each network makes of a segment whatever the number is."""
        return tuple(network.segment(segment) for network in self._networks)

    def encode(
        self, cases: Sequence[Case], started: Sequence[Sequence[Started]], marked: Sequence[Marks]
    ) -> list[tuple[Encoded, ...]]:
        """Return for each case what the networks make of it; `started` has an entry for each of its segments."""
        parts = []
        for number, network in enumerate(self._networks):
            own = [
                np.concatenate([each[number] for each in segments])
                if segments
                else np.zeros((0, network.width), dtype=np.float32)
                for segments in started
            ]
            parts.append(network.encode(cases, own, marked))
        return list(zip(*parts, strict=True))

    def usual(self, encoded: Sequence[Encoded]) -> list[Alternative]:
        """Return the likeliest of the names that metrics often have."""
        scores: dict[str, float] = {}
        for network, one in zip(self._networks, encoded, strict=True):
            for name, score in network.usual(one).items():
                scores[name] = scores.get(name, 0.0) + score / len(self._networks)
        likeliest = sorted(scores, key=lambda name: -scores[name])[:_FEW]
        return [Alternative(name, USUAL, (), scores[name]) for name in likeliest]

    def scores(
        self, case: Case, field: Field, alternatives: Sequence[Alternative], encoded: Sequence[Encoded]
    ) -> Scores:
        """Return the scores of all spans of a case, and of the alternatives after them."""
        spans = case.spans
        total = np.zeros(len(spans) + len(alternatives))
        for network, one in zip(self._networks, encoded, strict=True):
            words = network.metric(one) if field == "metric" else network.subject(one, case)
            lengths = network.weights("length", field, spans.lengths)
            edges = network.weights("edge", field, spans.edges)
            total += np.concatenate(
                (span_scores(spans, words, lengths, edges), network.alternatives(alternatives, one, field))
            )
        return total / len(self._networks)
