"""Which requirements of one side are worth comparing with a requirement of the other, where all with all would take too long."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest, nsmallest

from limen.domain.profile import Profile
from limen.domain.similarity import Weights

_ALL_COMPARED = 400
"""Up to so many pairs are all compared; larger groups are searched first."""
_TELLING_TOKENS = 8
_NEAREST = 24
"""Of the requirements that share a word or an amount, so many are looked at: the nearest by place."""
_COMPARED = 12


def candidates(old: Sequence[Profile], new: Sequence[Profile], weights: Weights) -> Iterator[Sequence[int]]:
    """Yield for each profile of the old side the indices of those of the new side that it may be like, ascending or by
    likelihood: all of a small group, else those that share the most telling words or the amount."""
    if len(old) * len(new) <= _ALL_COMPARED:
        everything = range(len(new))
        yield from (everything for _ in old)
        return
    index = _Index.of(new)
    yield from (index.search(profile, weights) for profile in old)


@dataclass(frozen=True, slots=True)
class _Index:
    """Profiles by their words and amounts; all lists ascend."""

    size: int
    by_token: Mapping[str, Sequence[int]]
    by_amount: Mapping[tuple[str, ...], Sequence[int]]

    @classmethod
    def of(cls, profiles: Sequence[Profile]) -> _Index:
        """Index profiles by their place in `profiles`, which must be in the order of the text: `search` looks nearby first."""
        by_token: defaultdict[str, list[int]] = defaultdict(list)
        by_amount: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
        for column, profile in enumerate(profiles):
            by_amount[profile.amount].append(column)
            for token in profile.everything.tokens:
                by_token[token].append(column)
        return cls(len(profiles), by_token, by_amount)

    def search(self, profile: Profile, weights: Weights) -> Sequence[int]:
        """Return the profiles that are most likely to be like `profile`, by the weight of the telling words they share."""
        place = round(profile.position * (self.size - 1))
        votes: defaultdict[int, float] = defaultdict(float)
        for weight, token in _telling(profile, weights):
            for column in _nearest(self.by_token.get(token, ()), place):
                votes[column] += weight
        for column in _nearest(self.by_amount.get(profile.amount, ()), place):
            votes[column] += weights.unseen
        if len(votes) <= _COMPARED:
            return sorted(votes)
        return nsmallest(_COMPARED, votes, key=lambda column: (-votes[column], abs(column - place), column))


def _telling(profile: Profile, weights: Weights) -> list[tuple[float, str]]:
    known = ((weights.values.get(token, weights.unseen), token) for token in profile.everything.tokens)
    return nlargest(_TELLING_TOKENS, known)


def _nearest(columns: Sequence[int], place: int) -> Sequence[int]:
    middle = bisect_left(columns, place)
    start = max(0, min(middle - _NEAREST // 2, len(columns) - _NEAREST))
    return columns[start : start + _NEAREST]
