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
_SHARPNESS = 1 / 0.7
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


def agreed(candidates: Sequence[Candidate], *, enough: float) -> tuple[int, ...]:
    """Return the number of the best candidate, or those of the two that are best together, as they follow in the list.

    Candidates come with the likeliest first; scores are logarithms of likelihoods. `enough` is the F1 of words from which
    on two names are the same. Raises `ValueError` if there is none.
    """
    if not candidates:
        raise ValueError("there is no candidate")
    words = [content_words(candidate.text) for candidate in candidates]
    chosen: list[tuple[int, ...]] = [(number,) for number in range(len(candidates))]
    chosen += _unions(candidates, words)
    vocabulary = {word: number for number, word in enumerate(dict.fromkeys(word for each in words for word in each))}
    present = np.zeros((len(chosen), len(vocabulary)))
    for row, members in enumerate(chosen):
        for member in members:
            present[row, [vocabulary[word] for word in words[member]]] = 1
    scores = np.array([candidate.score for candidate in candidates])
    likely = np.exp((scores - scores.max()) * _SHARPNESS)
    agreement = _agreement(present, present[: len(candidates)])
    worth = ((agreement >= enough) + _PARTIAL * agreement) @ (likely / likely.sum())
    worth -= _UNION_COST * np.array([len(members) - 1 for members in chosen])
    return chosen[int(worth.argmax())]


@lru_cache(maxsize=8192)
def content_words(text: str | None) -> frozenset[str]:
    """Return the words of a name that tell it from others: words without the plural's s, signs of Chinese."""
    found = (word for word in _WORD.findall((text or "").lower()) if word not in _SMALL)
    return frozenset(word.rstrip("s") if len(word) > 3 else word for word in found)


def _unions(candidates: Sequence[Candidate], words: Sequence[frozenset[str]]) -> list[tuple[int, ...]]:
    """Return the pairs of the likeliest candidates of different places that share no word."""
    placed = [number for number, candidate in enumerate(candidates) if candidate.segment is not None][:_JOINED]
    return [
        (first, second)
        for first, second in combinations(placed, 2)
        if candidates[first].segment != candidates[second].segment and words[first].isdisjoint(words[second])
    ]


def _agreement(names: Floats, others: Floats) -> Floats:
    """Return the F1 of the words of each name and each other; 1 where neither has any."""
    sizes = names.sum(axis=1)[:, None] + others.sum(axis=1)[None, :]
    shared = names @ others.T
    result: Floats = np.where(sizes > 0, 2 * shared / np.maximum(sizes, 1), 1.0)
    return result
