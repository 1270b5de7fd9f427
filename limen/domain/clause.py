"""The words around a number: the clause that states it."""

from __future__ import annotations

import re

from limen.domain.evidence import Evidence

_STOP = re.compile(r"\n|[。；！？;!?]|(?<!\b[A-Z])\.(?=\s+[A-Z\"“(*]|\s*\n|\s*$)")
_PAUSE = re.compile(r"[\n。；！？;!?，,、|]|\d|\.(?:\s|$)")
_FARTHEST = 400
"""Code points on either side that are looked at: a sentence of law, and not a page without a full stop."""


def phrase_around(text: str, evidence: Evidence) -> str:
    """Return the words next to the evidence, up to the nearest comma, table cell or other number on either side.

    Raises:
        EvidenceMismatch: `text` is not the one that the evidence was read from.
    """
    evidence.check(text)
    head = text[max(0, evidence.start - _FARTHEST) : evidence.start]
    tail = text[evidence.end : evidence.end + _FARTHEST]
    start = max((stop.end() for stop in _PAUSE.finditer(head)), default=0)
    end = _PAUSE.search(tail)
    return f"{head[start:]} {tail[: end.start()] if end else tail}".strip()


def clause_around(text: str, evidence: Evidence) -> str:
    """Return the sentence, list item or table row of `text` that holds the evidence, without surrounding blanks.

    Raises:
        EvidenceMismatch: `text` is not the one that the evidence was read from.
    """
    evidence.check(text)
    head = text[max(0, evidence.start - _FARTHEST) : evidence.start]
    tail = text[evidence.end : evidence.end + _FARTHEST]
    start = 0
    for stop in _STOP.finditer(head):
        start = stop.end()
    end = _STOP.search(tail)
    return (head[start:] + evidence.quote + (tail[: end.start()] if end else tail)).strip()
