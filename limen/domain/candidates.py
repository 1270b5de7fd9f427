"""Which requirements of one side are worth comparing with a requirement of the other, where all with all would take too long."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest

from limen.domain.profile import Profile
from limen.domain.similarity import Weights

_ALL_COMPARED = 400
"""Up to so many pairs are all compared; larger groups are searched first."""
_TELLING_TOKENS = 8
_NEAREST = 24
"""Of the requirements that share a word or an amount, so many are looked at: the nearest by place."""
_COMPARED = 12


def candidates(old: Sequence[Profile], new: Sequence[Profile], weights: Weights) -> Iterator[Sequence[int]]:
    """Yield for each profile of the old side the indices of those of the new side that it may be like, in no order:
    all of a small group, else those that share the most telling words or the amount."""
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
        shared = [(self.by_token.get(token, ()), weight) for weight, token in _telling(profile, weights)]
        shared.append((self.by_amount.get(profile.amount, ()), weights.unseen))
        votes: dict[int, float] = {}
        for columns, weight in shared:
            for column in _nearest(columns, place):
                votes[column] = votes.get(column, 0.0) + weight
        if len(votes) <= _COMPARED:
            return sorted(votes)
        least = sorted(votes.values(), reverse=True)[_COMPARED - 1]
        chosen = [column for column, vote in votes.items() if vote > least]
        rivals = [column for column, vote in votes.items() if vote == least]
        rivals.sort(key=lambda column: (abs(column - place), column))
        return chosen + rivals[: _COMPARED - len(chosen)]


def _telling(profile: Profile, weights: Weights) -> list[tuple[float, str]]:
    known = [(weights.values.get(token, weights.unseen), token) for token in profile.everything.tokens]
    return nlargest(_TELLING_TOKENS, known) if len(known) > _TELLING_TOKENS else known


def _nearest(columns: Sequence[int], place: int) -> Sequence[int]:
    if len(columns) <= _NEAREST:
        return columns
    middle = bisect_left(columns, place)
    start = max(0, min(middle - _NEAREST // 2, len(columns) - _NEAREST))
    return columns[start : start + _NEAREST]
