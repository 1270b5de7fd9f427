"""The words around a number: the clause that states it."""

from __future__ import annotations

import re

from limen.domain.evidence import Evidence

_STOP = re.compile(r"\n|[。；！？;!?]|(?<!\b[A-Z])\.(?=\s+[A-Z\"“(*]|\s*\n|\s*$)")
_PAUSE = re.compile(r"[\n。；！？;!?，,、|]|\d|\.(?:\s|$)")
_FARTHEST = 400
"""Code points on either side that are looked at: a sentence of law, and not a page without a full stop."""
_NEAR = 64
"""Code points before the evidence that are looked at first."""


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


def _bounds(text: str, evidence: Evidence, stop: re.Pattern[str]) -> tuple[int, int]:
    """Return where the stretch around the evidence begins and ends that holds no stop."""
    start = max(0, evidence.start - _FARTHEST)
    for reach in (_NEAR, _FARTHEST):
        ends = [match.end() for match in stop.finditer(text, max(0, evidence.start - reach), evidence.start)]
        if ends:
            start = ends[-1]
            break
    # cut off: the unit that ends the evidence is no initial before its full stop
    tail = text[evidence.end : evidence.end + _FARTHEST]
    found = stop.search(tail)
    return start, evidence.end + (found.start() if found else len(tail))
