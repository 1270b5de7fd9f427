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


def agreed(candidates: Sequence[Candidate], *, enough: float) -> tuple[int, ...]:
    """Return the number of the best candidate, or those of the two that are best together, as they follow in the list.

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
    pairs = _unions(candidates, present)
    names = np.concatenate((present, np.maximum(present[pairs[:, 0]], present[pairs[:, 1]])))
    scores = np.array([candidate.score for candidate in candidates])
    likely = np.exp((scores - scores.max()) * _SHARPNESS)
    agreement = _agreement(names, present)
    worth = ((agreement >= enough) + _PARTIAL * agreement) @ (likely / likely.sum())
    worth[len(candidates) :] -= _UNION_COST
    best = int(worth.argmax())
    if best < len(candidates):
        return (best,)
    first, second = pairs[best - len(candidates)]
    return (int(first), int(second))


@lru_cache(maxsize=8192)
def content_words(text: str | None) -> frozenset[str]:
    """Return the words of a name that tell it from others: words without the plural's s, signs of Chinese."""
    found = (word for word in _WORD.findall((text or "").lower()) if word not in _SMALL)
    return frozenset(word.rstrip("s") if len(word) > 3 else word for word in found)


def _unions(candidates: Sequence[Candidate], present: Floats) -> NDArray[np.intp]:
    """Return the pairs of the likeliest candidates of different places that share no word, shape (pairs, 2)."""
    placed = np.array(
        [number for number, candidate in enumerate(candidates) if candidate.segment is not None][:_JOINED],
        dtype=np.intp,
    )
    segments = np.array([candidates[number].segment for number in placed], dtype=np.intp)
    words = present[placed]
    apart = (segments[:, None] != segments[None, :]) & (words @ words.T == 0)
    first, second = np.nonzero(np.triu(apart, 1))
    return np.stack((placed[first], placed[second]), axis=1)


def _agreement(names: Floats, others: Floats) -> Floats:
    """Return the F1 of the words of each name and each other; 1 where neither has any."""
    sizes = names.sum(axis=1)[:, None] + others.sum(axis=1)[None, :]
    shared = names @ others.T
    result: Floats = np.where(sizes > 0, 2 * shared / np.maximum(sizes, 1), 1.0)
    return result
