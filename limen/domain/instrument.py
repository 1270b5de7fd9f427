"""The rule that documents belong to over its life: draft for comment, final text, amendment, next edition."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from limen.domain.similarity import tokens
from limen.domain.source import DocumentClass
from limen.domain.title import series_key

JOINED = 0.85
"""From this score on a document joins an instrument by itself."""
UNCERTAIN = 0.70
"""From this score on a person should look."""

_BY_REFERENCE, _BY_SERIES = 1.0, 0.95
_BY_TITLE = 0.88
_CONTENT_WEIGHT = 0.10
_REPLACED = 0.80
"""A title in which a word stands for another (钠 for 锂) names another rule more often than it renames this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """A rule by its latest title, with every official number under which it was seen.

    `edition` is that of the latest text, None where its titles name none. `metrics` are the metrics of its latest
    requirements, to recognise a rule under a new title by what it regulates.
    """

    title: str
    language: str
    jurisdiction: str
    edition: str | None = None
    references: frozenset[str] = frozenset()
    metrics: frozenset[str] = frozenset()

    @property
    def series_key(self) -> str:
        """The name of the rule without stage and edition."""
        return series_key(self.title, self.language)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What is known of a document whose instrument is sought. `references` are its own numbers, not those it cites."""

    title: str
    language: str
    jurisdiction: str
    document_class: DocumentClass
    references: frozenset[str] = frozenset()
    metrics: frozenset[str] = frozenset()


class JoinReason(StrEnum):
    """Why a document belongs to an instrument, the surest reason first."""

    REFERENCE = "reference"
    SERIES = "series"
    TITLE = "title"


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """The instrument that a document most likely belongs to, and how sure that is (0 to 1)."""

    instrument: Instrument
    reason: JoinReason
    score: float

    @property
    def is_sure(self) -> bool:
        """True where the document joins by itself; otherwise a person should confirm it."""
        return self.score >= JOINED


def join(candidate: Candidate, instruments: Iterable[Instrument]) -> Match | None:
    """Return the best match among `instruments` (the first of equals), or None where none reaches `UNCERTAIN`.

    A shared official number decides, then the series key; else the titles and, where both are known, the metrics are
    compared. Only instruments of the same jurisdiction are looked at, titles only within one language. News reports on
    an instrument and never becomes a version of it: for news the answer is always None.
    """
    if not candidate.document_class.is_official:
        return None
    matches = [_match(candidate, instrument) for instrument in instruments]
    best = max((match for match in matches if match is not None), key=lambda match: match.score, default=None)
    return best if best is not None and best.score >= UNCERTAIN else None


def _match(candidate: Candidate, instrument: Instrument) -> Match | None:
    if candidate.jurisdiction != instrument.jurisdiction:
        return None
    if not candidate.references.isdisjoint(instrument.references):
        return Match(instrument=instrument, reason=JoinReason.REFERENCE, score=_BY_REFERENCE)
    if candidate.language != instrument.language:
        return None
    key = series_key(candidate.title, candidate.language)
    if key and key == instrument.series_key:
        return Match(instrument=instrument, reason=JoinReason.SERIES, score=_BY_SERIES)
    score = _BY_TITLE * title_similarity(key, instrument.series_key)
    if candidate.metrics and instrument.metrics:
        shared = _share(candidate.metrics, instrument.metrics)
        score += _CONTENT_WEIGHT * (2 * shared - 1)
    return Match(instrument=instrument, reason=JoinReason.TITLE, score=max(0.0, min(score, _BY_SERIES)))


def title_similarity(first: str, second: str) -> float:
    """Return how much two series keys look like one name, 0 to 1.

    The share of words (characters of Chinese) they have in common in the same order. A name that is the other one with
    something left out (锂电池, 锂离子电池) scores higher than one in which something was replaced (钠离子电池, 锂离子电池).
    """
    one, other = _units(first), _units(second)
    if not one or not other:
        return 0.0
    matcher = SequenceMatcher(a=one, b=other, autojunk=False)
    only_left_out = all(tag != "replace" for tag, *_ in matcher.get_opcodes())
    return matcher.ratio() * (1.0 if only_left_out else _REPLACED)


def _units(key: str) -> list[str]:
    words = key.split()
    if any("\u3400" <= character <= "\ufaff" for character in key):
        return [character for word in words for character in word]
    return [word for word in words if tokens(word)]


def _share(first: frozenset[str], second: frozenset[str]) -> float:
    """Return how much of the smaller set of metrics the other one names too."""
    return len(first & second) / min(len(first), len(second))
