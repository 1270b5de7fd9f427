"""The words around a number: the clause that states it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from limen.domain.evidence import Evidence


@dataclass(frozen=True, slots=True)
class _Border:
    """What ends a stretch of words: the first one in a text, and all up to the last one."""

    first: re.Pattern[str]
    last: re.Pattern[str]

    @classmethod
    def of(cls, sign: str) -> _Border:
        return cls(first=re.compile(sign), last=re.compile(rf"(?s:.*){sign}"))


# a set of signs first, with what a full stop needs behind it: so a search passes quickly over all other signs
_STOP = _Border.of(r"[\n。；！？;!?.](?:(?<!\.)|(?<!\b[A-Z]\.)(?=\s+[A-Z\"“(*]|\s*\n|\s*$))")
_PAUSE = _Border.of(r"[\n。；！？;!?，,、|\d.](?:(?<!\.)|\s|$)")
_FARTHEST = 400
"""Code points on either side that are looked at: a sentence of law, and not a page without a full stop."""


def phrase_around(text: str, evidence: Evidence) -> str:
    """Return the words next to the evidence, up to the nearest comma, table cell or other number on either side.

    Raises:
        EvidenceMismatch: `text` is not the one that the evidence was read from.
    """
    evidence.check(text)
    start, end = _bounds(text, evidence, _PAUSE)
    return f"{text[start : evidence.start]} {text[evidence.end : end]}".strip()


def clause_around(text: str, evidence: Evidence) -> str:
    """Return the sentence, list item or table row of `text` that holds the evidence, without surrounding blanks.

    Raises:
        EvidenceMismatch: `text` is not the one that the evidence was read from.
    """
    evidence.check(text)
    start, end = _bounds(text, evidence, _STOP)
    return text[start:end].strip()


def _bounds(text: str, evidence: Evidence, border: _Border) -> tuple[int, int]:
    """Return where the stretch around the evidence begins and ends that holds no border."""
    farthest = max(0, evidence.start - _FARTHEST)
    before = border.last.match(text, farthest, evidence.start)
    # cut off: the unit that ends the evidence is no initial before its full stop
    tail = text[evidence.end : evidence.end + _FARTHEST]
    behind = border.first.search(tail)
    return before.end() if before else farthest, evidence.end + (behind.start() if behind else len(tail))
