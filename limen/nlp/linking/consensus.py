"""Chooses among the likely names of a number the one that the others bear out best, two of them joined if need be.

The likeliest stretch alone may be one of ten that differ in a word, or miss the heading that says what it belongs to
("cells" under "Consumer batteries"). So every candidate, and every union of two from different places, is weighed by how
likely it is to share enough words with the true name, whichever of the likely ones that is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

LIKELY = 30
"""Names that may be the true one."""
_JOINED = 8
"""Of these, how many are joined, each with each."""
_SHARPNESS = 1.0
_PARTIAL = 0.2
"""What the share of words counts beside having enough of them."""
_UNION_COST = 0.01
_WORD = re.compile(r"[a-zà-ÿ0-9][a-zà-ÿ0-9\-]*|[\u4e00-\u9fff]")
# fmt: off
_SMALL = frozenset({
    "a", "an", "the", "of", "for", "in", "on", "to", "and", "or", "by", "with", "per", "at", "its", "their", "from", "as",
    "that", "which", "is", "are", "be", "each", "any", "all", "的", "之", "及", "和", "与", "或",
})
# fmt: on

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible name, None for "nothing is named". `segment` is the place it stands in, None if it is not cut from one."""

    text: str | None
    score: float
    segment: int | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """The number of the best candidate, or those of the two that are best together, as they follow in the list."""

    chosen: tuple[int, ...]
    certainty: float
    """How likely it is that the true name shares enough words with them, from 0 to 1."""


def agreed(candidates: Sequence[Candidate], *, enough: float) -> Agreement:
    """Return on which name the candidates agree.

    Candidates come with the likeliest first; scores are logarithms of likelihoods. `enough` is the F1 of words from which
    on two names are the same. Raises `ValueError` if there is none.
    """
    if not candidates:
        raise ValueError("there is no candidate")
    vocabulary: dict[str, int] = {}
    rows: list[int] = []
    columns: list[int] = []
    for row, candidate in enumerate(candidates):
        words = content_words(candidate.text)
        rows += [row] * len(words)
        columns += [vocabulary.setdefault(word, len(vocabulary)) for word in words]
    present = np.zeros((len(candidates), len(vocabulary)))
    present[rows, columns] = 1
    shared = present @ present.T
    first, second = _unions(candidates, shared)
    # Two that share no word have together what each of them has.
    shared = np.concatenate((shared, shared[first] + shared[second]))
    sizes = present.sum(axis=1)
    both = np.concatenate((sizes, sizes[first] + sizes[second]))[:, None] + sizes
    agreement = np.where(both > 0, 2 * shared / np.maximum(both, 1), 1.0)
    scores = np.array([candidate.score for candidate in candidates])
    likely = np.exp((scores - scores.max()) * _SHARPNESS)
    likely /= likely.sum()
    worth = ((agreement >= enough) + _PARTIAL * agreement) @ likely
    worth[len(candidates) :] -= _UNION_COST
    best = int(worth.argmax())
    union = best - len(candidates)
    chosen = (best,) if union < 0 else (int(first[union]), int(second[union]))
    return Agreement(chosen, float((agreement[best] >= enough) @ likely))


@lru_cache(maxsize=8192)
def content_words(text: str | None) -> frozenset[str]:
    """Return the words of a name that tell it from others: words without the plural's s, signs of Chinese."""
    found = (word for word in _WORD.findall((text or "").lower()) if word not in _SMALL)
    return frozenset(word.rstrip("s") if len(word) > 3 else word for word in found)


def _unions(candidates: Sequence[Candidate], shared: Floats) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the first and the second of each pair of the likeliest candidates of different places that share no word."""
    placed = [number for number, candidate in enumerate(candidates) if candidate.segment is not None][:_JOINED]
    pairs = [
        (first, second)
        for first, second in combinations(placed, 2)
        if candidates[first].segment != candidates[second].segment and not shared[first, second]
    ]
    first, second = np.array(pairs, dtype=np.intp).reshape(-1, 2).T
    return first, second
