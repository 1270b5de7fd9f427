"""What the network is told of a word, its seat beside the number, and the number itself: keys into its tables.

A word is told by its stem, its class and its ending; its seat by the place of its segment, how far it stands from the
number or the segment's ends, and the classes of the words between ("shall not exceed"); marks say that it belongs to a
metric of the lexicon, or to the number's own comparator.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from limen.nlp.linking.case import Case
from limen.nlp.linking.context import Segment, group_of
from limen.nlp.linking.known import unit_dimensions
from limen.nlp.linking.words import Word
from limen.nlp.mention import Mention

WORD_CHANNELS = ("form", "kind", "shape")
SEAT_CHANNELS = ("place", "near", "path")
MARKS = 10
"""Number of different marks of a word."""
RELATIONS = 15
"""Number of different relations of a word to the chosen metric."""

_STEPS = (1, 2, 3, 4, 5, 6, 9, 14, 22)
_LONGEST_PATH = 5
_PASSED_OVER = frozenset({"article", "adverb", "quantifier"})
_BY_FORM = frozenset({"preposition", "of", "for", "sign", "copula", "conjunction"})
_OWN = frozenset({"before", "after"})
_PATHED = frozenset({"before", "earlier", "label"})
_LONGEST_UNIT = 24

Known = Sequence[tuple[int, int, frozenset[str]]]
Marks = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Trait:
    """What marks ask of a mention: where its comparator stands, and what its unit can measure."""

    cue: tuple[int, int]
    measured: frozenset[str]

    @classmethod
    def of(cls, mention: Mention) -> Trait:
        """Return the traits of a mention."""
        cue = (-1, -1)
        if mention.cue_start is not None and mention.cue_end is not None:
            cue = (mention.cue_start, mention.cue_end)
        return cls(cue, unit_dimensions(mention.unit))


def word_keys(word: Word) -> tuple[str, str, str]:
    """Return the keys of a word in the order of `WORD_CHANNELS`."""
    return word.form, word.kind, word.shape


def seat_keys(segment: Segment) -> list[tuple[str, str, str]]:
    """Return for each word of a segment its keys in the order of `SEAT_CHANNELS`."""
    place, words = segment.place, segment.words
    count = len(words)
    pathed = place == "after" or group_of(place) in _PATHED
    paths = _paths(words, back=place == "after") if pathed else [""] * count
    return list(zip([place] * count, _near(place if place in _OWN else "", count), paths, strict=True))


def marks(segment: Segment, trait: Trait, known: Known) -> Marks:
    """Return a number for each word: a known metric that the unit measures or another one, where it begins, the comparator."""
    found = np.zeros(len(segment.words), dtype=np.intp)
    for first, last, measured in known:
        found[first : last + 1] = 1 if measured & trait.measured else 2
        found[first] += 2
    if segment.place in _OWN:
        low, high = trait.cue
        for k, word in enumerate(segment.words):
            if low <= word.start < high:
                found[k] += MARKS // 2
    return found


def number_keys(case: Case) -> tuple[str, ...]:
    """Return the keys of a number: what it measures, its operator and unit, its block, whether its metric is named."""
    mention = case.mention
    return (
        f"dimension:{case.dimension}",
        f"op:{mention.op.value if mention.op else '='}",
        f"block:{case.block.kind.value if case.block else ''}",
        f"fitting:{case.fitting:d}{case.fitting_near:d}",
        f"unit:{(mention.unit or '')[:_LONGEST_UNIT]}",
        f"quote:{_step(len(case.quote.split()))}",
    )


def relations(case: Case) -> NDArray[np.intp]:
    """Return for each word of a case how it stands to the chosen metric: beside, within, elsewhere, or what it was told by."""
    spans, span = case.spans, case.metric.span
    if span is None:
        return np.full(len(spans.words), _ORIGINS.get(case.metric.origin, len(_ORIGINS) + 1), dtype=np.intp)
    first, last = span
    places = np.arange(len(spans.words))
    ahead, behind = np.clip(first - places, 0, 3), np.clip(places - last, 0, 3)
    found = np.where(ahead > 0, _ELSEWHERE + ahead, np.where(behind > 0, _ELSEWHERE + 3 + behind, RELATIONS - 1))
    own = np.array(spans.segment_of, dtype=np.intp) == spans.segment_of[first]
    return np.where(own, found, _ELSEWHERE).astype(np.intp)


_ORIGINS = {"last": 1, "former": 2, "convention": 3, "unit": 4, "usual": 5}
_ELSEWHERE = len(_ORIGINS) + 2


def _step(distance: int) -> int:
    """Return a distance in words by the steps in which it matters."""
    return sum(distance >= step for step in _STEPS)


@lru_cache(maxsize=1024)
def _near(side: str, count: int) -> list[str]:
    """Return how far each of some words is from the number before or after which they stand, or from the two ends."""
    if side == "before":
        return [f"b{_step(count - 1 - k)}" for k in range(count)]
    if side == "after":
        return [f"a{_step(k)}" for k in range(count)]
    return [f"{_step(k)},{_step(count - 1 - k)}" for k in range(count)]


def _paths(words: Sequence[Word], *, back: bool) -> list[str]:
    """Return for each word the classes of the words between it and the number, where these are few."""
    paths: list[str] = [""] * len(words)
    kinds: list[str] = []
    for k in range(len(words)) if back else range(len(words) - 1, -1, -1):
        paths[k] = "+".join(kinds) if len(kinds) <= _LONGEST_PATH else "far"
        word = words[k]
        kind = word.form if word.kind in _BY_FORM else word.kind
        if kind not in _PASSED_OVER and (not kinds or kinds[-1] != kind) and len(kinds) <= _LONGEST_PATH:
            kinds.append(kind)
    return paths
