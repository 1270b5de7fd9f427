"""Which requirement of the new text is which of the old one."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest, nsmallest
from operator import itemgetter

from limen.domain.assignment import assign
from limen.domain.likeness import likeness
from limen.domain.profile import Profile, Profiles, round_amount
from limen.domain.requirement import Requirement
from limen.domain.similarity import Weights

_ALL_COMPARED = 400
"""Up to so many pairs of one dimension are all compared; larger groups are searched first."""
_TELLING_TOKENS = 8
_NEAREST = 24
"""Of the requirements that share a word or an amount, so many are looked at: the nearest by place."""
_COMPARED = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """Pairs in the order of the new side, what is only in the old text, and what is only in the new one."""

    pairs: tuple[tuple[Requirement, Requirement], ...]
    removed: tuple[Requirement, ...]
    added: tuple[Requirement, ...]


def align(
    old: Sequence[Requirement],
    new: Sequence[Requirement],
    *,
    old_text: str | None = None,
    new_text: str | None = None,
) -> Alignment:
    """Return the pairing of two readings that explains most of both.

    What was not touched at all is paired first. The rest is paired within each dimension so that the sum of likenesses
    (metric, subject, words, place, limit, date) is the greatest possible; what is like nothing stays alone. The texts
    that the requirements were read from are optional: with them, the clauses around the numbers are compared too, which
    helps where the extractor named a metric or subject otherwise on the two sides.

    Raises:
        EvidenceMismatch: a text is not the one that its requirements were read from.
    """
    profiles = Profiles.of(old, new, old_text=old_text, new_text=new_text)
    partner = pair_up(profiles)
    taken = set(partner.values())
    return Alignment(
        pairs=tuple((old[row], new[column]) for row, column in sorted(partner.items(), key=itemgetter(1))),
        removed=tuple(requirement for row, requirement in enumerate(old) if row not in partner),
        added=tuple(requirement for column, requirement in enumerate(new) if column not in taken),
    )


def pair_up(profiles: Profiles) -> dict[int, int]:
    """Return the pairing as indices: of the old side to those of the new side."""
    partner = _untouched(profiles)
    for rows, columns in _groups(profiles, partner):
        chosen = _match(
            [profiles.old[row] for row in rows], [profiles.new[column] for column in columns], profiles.weights
        )
        partner.update((rows[row], columns[column]) for row, column in chosen)
    return partner


def _untouched(profiles: Profiles) -> dict[int, int]:
    """Pair, in order, the requirements that agree in everything."""
    waiting: defaultdict[tuple[object, ...], deque[int]] = defaultdict(deque)
    for column, profile in enumerate(profiles.new):
        waiting[profile.key].append(column)
    partner: dict[int, int] = {}
    for row, profile in enumerate(profiles.old):
        columns = waiting.get(profile.key)
        if columns:
            partner[row] = columns.popleft()
    return partner


def _groups(profiles: Profiles, partner: Mapping[int, int]) -> Iterable[tuple[list[int], list[int]]]:
    """Return the indices, old and new, of the requirements still alone, by dimension: only those can be one."""
    taken = set(partner.values())
    groups: defaultdict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for row, profile in enumerate(profiles.old):
        if row not in partner:
            groups[profile.dimension][0].append(row)
    for column, profile in enumerate(profiles.new):
        if column not in taken:
            groups[profile.dimension][1].append(column)
    return [group for group in groups.values() if all(group)]


def _match(old: Sequence[Profile], new: Sequence[Profile], weights: Weights) -> list[tuple[int, int]]:
    """Return the best pairing of the profiles of one dimension, as indices into the two."""
    everything = range(len(new))
    small = len(old) * len(new) <= _ALL_COMPARED
    index = None if small else _Index.of(new)
    scores = []
    for profile in old:
        candidates = everything if index is None else index.search(profile, weights)
        scores.append({column: _rounded(likeness(profile, new[column], weights)) for column in candidates})
    return [(row, column) for row, column in enumerate(assign(scores, columns=len(new))) if column is not None]


def _rounded(score: float) -> float:
    # a multiple of a power of two: sums of such are exact, so that what is equally good is so to the last digit
    return round(score * 128) / 128


@dataclass(frozen=True, slots=True)
class _Index:
    """The new profiles of one dimension by their words and amounts; all lists ascend."""

    size: int
    by_token: Mapping[str, Sequence[int]]
    by_amount: Mapping[tuple[str, ...], Sequence[int]]

    @classmethod
    def of(cls, profiles: Sequence[Profile]) -> _Index:
        """Index profiles by their place in `profiles`, which must be in the order of the text: `search` looks nearby first."""
        by_token: defaultdict[str, list[int]] = defaultdict(list)
        by_amount: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
        for column, profile in enumerate(profiles):
            by_amount[_amount(profile)].append(column)
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
        for column in _nearest(self.by_amount.get(_amount(profile), ()), place):
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


def _amount(profile: Profile) -> tuple[str, ...]:
    return tuple(round_amount(bound) for bound in profile.bounds)
