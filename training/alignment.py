"""Which of the numbers that the rules find in an annotated passage are its requirements."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from limen.nlp.mention import Mention
from tests.eval.corpus import AnnotatedPassage
from tests.eval.score import amounts_equal

_FAR = 60
"""Code points between a number and the quote it should stand in, from which on it is another number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """Mention number -> requirement number, and the mentions that stand in the quote of a requirement nobody found.

    The latter may be that requirement, misread, and teach nothing.
    """

    requirement_of: Mapping[int, int]
    doubtful: frozenset[int]


def align(passage: AnnotatedPassage, mentions: Sequence[Mention]) -> Alignment:
    """Pair mentions with the requirements that have their amount, those inside of the quote first, then the nearest."""
    spots = [
        [match.start() for match in re.finditer(re.escape(each["quote"]), passage.text)]
        for each in passage.requirements
    ]
    options = []
    for number, wanted in enumerate(passage.requirements):
        for index, mention in enumerate(mentions):
            found = {"value": mention.value, "value_max": mention.value_max, "unit": mention.unit}
            if amounts_equal(wanted, found):
                inside = any(_covers(spot, wanted["quote"], mention) for spot in spots[number])
                distance = min((abs(spot - mention.start) for spot in spots[number]), default=_FAR + 1)
                if inside or distance <= _FAR:
                    options.append((not inside, distance, number, index))
    requirement_of: dict[int, int] = {}
    for _, _, number, index in sorted(options):
        if index not in requirement_of and number not in requirement_of.values():
            requirement_of[index] = number
    missed = [number for number in range(len(passage.requirements)) if number not in requirement_of.values()]
    doubtful = {
        index
        for index, mention in enumerate(mentions)
        if index not in requirement_of
        and any(
            _covers(spot, passage.requirements[number]["quote"], mention) for number in missed for spot in spots[number]
        )
    }
    return Alignment(requirement_of=requirement_of, doubtful=frozenset(doubtful))


def _covers(spot: int, quote: str, mention: Mention) -> bool:
    return spot - 2 <= mention.start <= spot + len(quote)
