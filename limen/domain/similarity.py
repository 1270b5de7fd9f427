"""How much two short texts say the same, in any language, by the words they share and how telling those are."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, repeat

from limen.domain.words import words

_CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_PIECE = re.compile(rf"[{_CJK}]+|\d+(?:\.\d+)*|[^\W\d_{_CJK}]+")
_STEM_LENGTH = 5
"""Word endings carry grammar (restored, restoration); five letters keep the sense apart and the grammar out."""


@dataclass(frozen=True, slots=True)
class Bag:
    """The tokens of a text and their weights' sum."""

    tokens: frozenset[str]
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """How telling each token is among the texts of both sides: the rarer, the more."""

    values: Mapping[str, float]
    unseen: float

    @classmethod
    def of(cls, old: Iterable[frozenset[str]], new: Iterable[frozenset[str]]) -> Weights:
        """Return the weights from the token sets of the two sides.

        A token counts by the side where it is more frequent, so that standing on both sides makes it no less telling.
        """
        sides = [Counter[str](), Counter[str]()]
        size = 1
        for counter, texts in zip(sides, (old, new), strict=True):
            number = 0
            for tokens in texts:
                number += 1
                counter.update(tokens)
            size = max(size, number)
        frequency = sides[0] | sides[1]
        values = {token: _rounded(math.log(1 + size / count)) for token, count in frequency.items()}
        return cls(values=values, unseen=_rounded(math.log(1 + size)))

    def bag(self, tokens: frozenset[str]) -> Bag:
        """Return the tokens with the sum of their weights."""
        return Bag(tokens, self._sum(tokens))

    def overlap(self, first: Bag, second: Bag) -> float:
        """Return the weighted Dice coefficient, 0 (nothing shared, or one is empty) to 1 (the same tokens)."""
        if not first.weight or not second.weight:
            return 0.0
        if first.tokens == second.tokens:
            return 1.0
        return 2 * self._sum(first.tokens & second.tokens) / (first.weight + second.weight)

    def containment(self, first: Bag, second: Bag) -> float:
        """Return the share of the lighter text's weight that the other one has too, 0 to 1."""
        lighter = min(first.weight, second.weight)
        return self._sum(first.tokens & second.tokens) / lighter if lighter else 0.0

    def share(self, part: Bag, whole: Bag) -> float:
        """Return the share of `part`'s weight that `whole` has too, 0 to 1."""
        return self._sum(part.tokens & whole.tokens) / part.weight if part.weight else 0.0

    def _sum(self, tokens: frozenset[str]) -> float:
        return sum(map(self.values.get, tokens, repeat(self.unseen)))


def _rounded(weight: float) -> float:
    # a multiple of a power of two: sums of such are exact, and the same in whatever order a set gives them
    return round(weight * 2**20) / 2**20


@lru_cache(maxsize=65536)
def tokens(text: str) -> frozenset[str]:
    """Return the tokens of a text: stems of words, numbers, and characters and neighbouring characters of Chinese.

    Width, case and the words that say nothing are levelled out.
    """
    ignored, same = words().ignored, words().synonyms
    result: set[str] = set()
    for piece in set(_PIECE.findall(unicodedata.normalize("NFKC", text).casefold())) - ignored:
        if "\u3400" <= piece[0] <= "\ufaff":
            result.update(character for character in piece if character not in ignored)
            result.update(first + second for first, second in pairwise(piece))
        else:
            result.add(_stem(same.get(piece, piece)))
    return frozenset(result)


@lru_cache(maxsize=65536)
def _stem(word: str) -> str:
    # one string for a word wherever it stands: sets of such are the fastest to intersect
    if word.endswith("ies") and len(word) > _STEM_LENGTH:
        word = f"{word[:-3]}y"
    if len(word) > _STEM_LENGTH:
        return word[:_STEM_LENGTH]
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
