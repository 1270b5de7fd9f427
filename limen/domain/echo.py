"""Numbers that a reading left out although the text still states them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter

from limen.domain.clause import clause_around
from limen.domain.evidence import Evidence
from limen.domain.printed import WRITTEN, printed, printed_numbers, specificity
from limen.domain.profile import Profile, clause_words
from limen.domain.similarity import Weights

_LIKE_SENTENCE = 0.35
_SPECIFIC, _RARE_NUMBER = 2, 0.1
"""A number that is printed once and that few things have needs fewer words in common."""
_LOOKED_AT = 20
_PERCENT = re.compile(r"\s?(?:[%％]|per ?cent\b)")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a number is printed, and the dimension that the reading gave it; None where it is part of no requirement."""

    start: int
    end: int
    dimension: str | None


@dataclass(frozen=True, kw_only=True)
class LooseNumbers:
    """The numbers of one text that no paired requirement explains."""

    text: str
    stretches: Sequence[tuple[tuple[int, int], Profile | None]]
    """Where the requirements stand, in order; None for those that were paired."""

    @classmethod
    def of(cls, text: str, *, paired: Iterable[Profile], alone: Iterable[Profile]) -> LooseNumbers:
        """Return the numbers of `text` but those of the requirements that were `paired`; `alone` are the others."""
        stretches = [(_span(profile), None) for profile in paired] + [(_span(profile), profile) for profile in alone]
        return cls(text=text, stretches=sorted(stretches, key=itemgetter(0)))

    @cached_property
    def _places(self) -> Mapping[str, Sequence[_Place]]:
        """The numbers by their value as printed. Where every requirement was paired, nobody asks for them."""
        stretches = self.stretches
        places: defaultdict[str, list[_Place]] = defaultdict(list)
        position = 0
        for number in WRITTEN.finditer(self.text):
            start, end = number.span()
            while position < len(stretches) and stretches[position][0][1] <= start:
                position += 1
            within = position < len(stretches) and stretches[position][0][0] < end
            owner = stretches[position][1] if within else None
            if owner is not None or not within:
                dimension = None if owner is None else owner.dimension
                places[printed(number[0])].append(_Place(start, end, dimension))
        return places

    def echo(self, profile: Profile, weights: Weights) -> bool:
        """Tell whether a like sentence states the number of a requirement that only the other reading has.

        Then the requirement was most likely neither added nor removed, but on this side not read, or read with another
        unit (USD instead of USD per tonne). A number that this reading took for a requirement of the same dimension is
        that requirement, and no echo.
        """
        numbers = printed_numbers(profile.requirement.evidence.quote)
        if not numbers:
            return False
        rarest = min(numbers, key=lambda number: len(self._places.get(number, ())))
        places = self._nearest(rarest, profile.position)
        for place in places:
            if place.dimension == profile.dimension or self._is_share(place) != _states_share(profile):
                continue
            clause = clause_around(self.text, Evidence.of(self.text, place.start, place.end))
            if not set(printed_numbers(clause)).issuperset(numbers):
                continue
            shared = weights.overlap(profile.clause, weights.bag(clause_words(clause, profile.requirement)))
            is_rare = len(places) == 1 and specificity(profile.requirement) >= _SPECIFIC
            if shared >= (_RARE_NUMBER if is_rare else _LIKE_SENTENCE):
                return True
        return False

    def _is_share(self, place: _Place) -> bool:
        return _PERCENT.match(self.text, place.end) is not None

    def _nearest(self, number: str, position: float) -> Sequence[_Place]:
        """Return the places of a printed number, the nearest ones where a text repeats it all the time."""
        places = self._places.get(number, ())
        middle = round(position * len(places))
        return (
            places[max(0, middle - _LOOKED_AT // 2) : middle + _LOOKED_AT // 2] if len(places) > _LOOKED_AT else places
        )


def _states_share(profile: Profile) -> bool:
    return _PERCENT.search(profile.requirement.evidence.quote) is not None


def _span(profile: Profile) -> tuple[int, int]:
    evidence = profile.requirement.evidence
    return evidence.start, evidence.end
