"""The numbers of a text that are no quantities: so that a person sees that none was overlooked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from spacy.tokens import Doc

from limen.domain.evidence import Evidence
from limen.domain.reason import Reason
from limen.domain.sighting import Aside, QuantityRole

Stretch = tuple[int, int]

_DIGIT = re.compile(r"\d")
_YEAR = re.compile(r"(?:19|20)\d\d")


def find_asides(doc: Doc) -> tuple[Aside, ...]:
    """Return, in the order of a read text, every number that became no mention, with the reason."""
    printed: str = doc._.printed
    found = sorted([*_names(doc), *_unreadable(doc), *_bare(doc)], key=lambda number: number.stretch)
    return tuple(
        Aside(role=number.role, reason=number.reason, evidence=Evidence.of(printed, *number.stretch))
        for number in found
    )


class _Number(NamedTuple):
    stretch: Stretch
    reason: Reason
    role: QuantityRole = QuantityRole.OTHER


def _names(doc: Doc) -> Iterator[_Number]:
    for start, end, role in doc._.masks:
        if _DIGIT.search(doc._.folded, start, end):
            yield _Number((start, end), Reason.PART_OF_A_NAME, QuantityRole(role))


def _unreadable(doc: Doc) -> Iterator[_Number]:
    for mention in doc._.unreadable:
        yield _Number((mention.start, mention.end), Reason.UNKNOWN_UNIT)


def _bare(doc: Doc) -> Iterator[_Number]:
    taken = sorted((mention.start, mention.end) for mention in (*doc._.mentions, *doc._.unreadable))
    index = 0
    for numeral in doc._.numerals:
        while index < len(taken) and taken[index][1] <= numeral.start:
            index += 1
        if index == len(taken) or numeral.end <= taken[index][0]:
            is_year = _YEAR.fullmatch(doc._.folded, numeral.start, numeral.end) is not None
            role = QuantityRole.DATE if is_year else QuantityRole.OTHER
            yield _Number((numeral.start, numeral.end), Reason.NO_UNIT, role)
