"""What a person says of a requirement that the extractor is not sure of, and how it is known again."""

from __future__ import annotations

import hashlib
from enum import StrEnum

from limen.domain.clause import clause_around
from limen.domain.requirement import Requirement
from limen.domain.threshold import plain

MARK_LENGTH = 16
"""Hex digits of a mark: 64 bits."""


class ReviewState(StrEnum):
    """Where a doubtful requirement stands. One that nobody needs to look at has no state."""

    AWAITING = "awaiting"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


def review_mark(requirement: Requirement, *, source_id: str, url: str, text: str) -> str:
    """Return what a decision is kept under: the document, the quote with its values, and the sentence that holds them.

    Other metrics, subjects or offsets make no other mark, so that a decision outlives another reading of the same words.

    Raises:
        EvidenceMismatch: `text` is not the one that the requirement was read from.
    """
    threshold, evidence = requirement.threshold, requirement.evidence
    upper = "" if threshold.value_max is None else plain(threshold.value_max)
    sentence = " ".join(clause_around(text, evidence).split())
    parts = (
        *(source_id, url, threshold.op.value, plain(threshold.value), upper, threshold.unit),
        *(evidence.quote, sentence),
    )
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:MARK_LENGTH]
