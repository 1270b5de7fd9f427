"""Limits that one text states apart and the other one together: two rows in one sentence, "whether direct or indirect"."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from limen.domain.likeness import measure_the_same
from limen.domain.profile import Profile
from limen.domain.similarity import Weights, tokens

_FARTHEST = 400
"""Code points before a number in which its list is introduced."""
_HELD = 0.8
"""Share of the words that tell a limit from its twin that must stand around the limit that covers both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The limits that both texts state, as far as one of them may cover more than one limit of the other text."""

    text: str
    """The text in which a limit may cover several."""
    by_amount: Mapping[tuple[str, ...], Sequence[tuple[Profile, Profile]]]
    """Pairs, the side of the limits that may be covered first, by the amount that both state."""

    @classmethod
    def of(cls, pairs: Iterable[tuple[Profile, Profile]], text: str) -> Coverage:
        """Return the coverage by the second of each pair, which `text` states."""
        found: defaultdict[tuple[str, ...], list[tuple[Profile, Profile]]] = defaultdict(list)
        for mine, theirs in pairs:
            if mine.same_limit(theirs):
                found[mine.amount].append((mine, theirs))
        return cls(text=text, by_amount=found)

    def covers(self, lone: Profile, weights: Weights) -> bool:
        """Tell whether the other text states a limit of which it has no reading together with one that it has.

        That is so where it states the limit of a twin (the same amount of the same metric, in the same table or outside
        of tables like it), and what tells the two apart stands around it there.
        """
        return any(
            mine.same_limit(lone)
            and mine.table == lone.table
            and measure_the_same(mine, lone, weights)
            and self._names(theirs, lone, mine, weights)
            for mine, theirs in self.by_amount.get(lone.amount, ())
        )

    def _names(self, theirs: Profile, lone: Profile, twin: Profile, weights: Weights) -> bool:
        own = weights.bag(_words(lone) - _words(twin))
        return not own.tokens or weights.share(own, weights.bag(self._around(theirs))) >= _HELD

    def _around(self, profile: Profile) -> frozenset[str]:
        """Return the words of the sentence, and those that introduce it since the last heading; of a table the row only."""
        own = profile.clause.tokens | profile.everything.tokens
        if profile.table is not None:
            return own
        start = profile.requirement.evidence.start
        before = self.text[max(0, start - _FARTHEST) : start]
        return own | tokens(before[before.rfind("\n#") + 1 :])


def _words(profile: Profile) -> frozenset[str]:
    own = profile.everything.tokens
    return own if profile.table is None else own | profile.clause.tokens
