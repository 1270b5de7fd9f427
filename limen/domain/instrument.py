"""The rule that documents belong to over its life: draft for comment, final text, amendment, next edition."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar

from limen.domain.official_number import OfficialNumber, Reach, numbers_in, official_number
from limen.domain.similarity import tokens
from limen.domain.source import DocumentClass
from limen.domain.title import is_amending, series_key

Key = TypeVar("Key")

JOINED = 0.85
"""From this score on a document joins an instrument by itself."""
UNCERTAIN = 0.70
"""From this score on a person should look."""

_BY_REFERENCE, _BY_SERIES = 1.0, 0.95
_BY_TITLE = 0.88
_CONTENT_WEIGHT = 0.10
_RENAMED = 0.80
"""A title in which a word stands for another (钠 for 锂) names another rule more often than it renames this one."""

_IN_PLACE, _REPEALED = 0.96, 0.92
"""Of a text that says it comes in the place of another, and of one that repeals one like it."""
_BY_DOUBTFUL_NUMBER, _BY_DOUBTFUL_PLACE, _BY_LONE_REPEAL = 0.80, 0.80, 0.75
_LIKE_TITLE, _LIKE_CONTENT, _FOREIGN_TITLE = 0.6, 0.5, 0.3
_DOUBTFUL = frozenset({Reach.STANDARD, Reach.DOCKET})
_LEAST_TITLE = (UNCERTAIN - _CONTENT_WEIGHT) / _BY_TITLE
"""Under this likeness two titles are no match, whatever the metrics are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTraits:
    """What a rule is known by. `replaces` and `repeals` are titles or numbers of other rules, as printed.

    `issuers` are the bodies that the texts name, `publishers` those on whose sites they stand. `metrics` are the metrics
    of the latest requirements, to recognise a rule under a new title by what it regulates.
    """

    title: str
    language: str
    jurisdiction: str
    references: frozenset[str] = frozenset()
    metrics: frozenset[str] = frozenset()
    issuers: frozenset[str] = frozenset()
    publishers: frozenset[str] = frozenset()
    replaces: frozenset[str] = frozenset()
    repeals: frozenset[str] = frozenset()

    @property
    def series_key(self) -> str:
        """The name of the rule without stage and edition."""
        return series_key(self.title, self.language)


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument(RuleTraits):
    """A rule by its latest title, with every official number under which it was seen.

    `edition` is that of the latest text, None where its titles name none.
    """

    edition: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate(RuleTraits):
    """What is known of a document whose instrument is sought. `references` are its own numbers, not those it cites."""

    document_class: DocumentClass


class JoinReason(StrEnum):
    """Why a document belongs to an instrument, the surest of those that are found in texts first."""

    REFERENCE = "reference"
    SUCCESSION = "succession"
    SERIES = "series"
    TITLE = "title"
    FIRST = "first"
    """It is the document that the instrument was made for."""
    PERSON = "person"


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
    """Return the best match among `instruments`, or None where none reaches `UNCERTAIN`.

    Of equals it is the one whose title is most like the document's, then the first.

    A shared official number decides, then what one says of the other's end (`replaces`, `repeals`), then the series key;
    else the titles and, where both are known, the metrics are compared. Only instruments of the same jurisdiction are
    looked at, titles only within one language. News reports on an instrument and never becomes a version of it: for news
    the answer is always None.
    """
    if not candidate.document_class.is_official:
        return None
    matches = [match for match in (_match(candidate, instrument) for instrument in instruments) if match is not None]
    score = max((match.score for match in matches), default=0.0)
    if score < UNCERTAIN:
        return None
    equals = [match for match in matches if match.score == score]
    return equals[0] if len(equals) == 1 else max(equals, key=lambda match: _likeness(candidate, match.instrument))


def near(candidate: RuleTraits, known: Mapping[Key, RuleTraits]) -> list[Key]:
    """Return which rules are worth a closer look, by what they are called and what they speak of: `join` finds no other.

    Metrics, issuers and publishers of the rules are not looked at.
    """
    called, spoken_of = _called(candidate), _spoken_of(candidate)

    def is_near(rule: RuleTraits) -> bool:
        other = _called(rule)
        if not called.isdisjoint(other) or not spoken_of.isdisjoint(other) or not called.isdisjoint(_spoken_of(rule)):
            return True
        return candidate.language == rule.language and _may_be_like(candidate.series_key, rule.series_key)

    return [key for key, rule in known.items() if is_near(rule)]


def names(phrase: str, rule: RuleTraits, *, by: RuleTraits) -> bool:
    """Tell whether a phrase of the texts of `by` means a rule: it holds one of its official numbers, or is its title.

    A number that every issuer has again means the rule only where both are of one issuer.
    """
    own = {official_number(reference) for reference in rule.references}
    shared = {number.reach for number in numbers_in(phrase) if number in own}
    if not shared.isdisjoint({Reach.UNIQUE, *_DOUBTFUL}) or (Reach.ISSUER in shared and _same_issuer(rule, by)):
        return True
    key = series_key(phrase, rule.language)
    return bool(key) and key == rule.series_key


def _called(rule: RuleTraits) -> set[OfficialNumber | str]:
    """Return the numbers and the name of a rule."""
    return {*map(official_number, rule.references), *filter(None, (rule.series_key,))}


def _spoken_of(rule: RuleTraits) -> set[OfficialNumber | str]:
    """Return the numbers and names by which the texts of a rule may speak of others."""
    phrases = (*rule.replaces, *rule.repeals)
    found: set[OfficialNumber | str] = {number for phrase in (rule.title, *phrases) for number in numbers_in(phrase)}
    return found | {series_key(phrase, rule.language) for phrase in phrases if phrase}


def _match(candidate: Candidate, instrument: Instrument) -> Match | None:
    if candidate.jurisdiction != instrument.jurisdiction:
        return None
    found = [
        Match(instrument=instrument, reason=reason, score=score)
        for reason, score in _scores(candidate, instrument)
        if score is not None
    ]
    return max(found, key=lambda match: match.score, default=None)


def _scores(one: RuleTraits, other: RuleTraits) -> Iterator[tuple[JoinReason, float | None]]:
    yield JoinReason.REFERENCE, _by_reference(one, other)
    yield JoinReason.SUCCESSION, _by_succession(earlier=other, later=one)
    yield JoinReason.SUCCESSION, _by_succession(earlier=one, later=other)
    if one.language == other.language:
        if one.series_key and one.series_key == other.series_key:
            yield JoinReason.SERIES, _BY_SERIES
        else:
            yield JoinReason.TITLE, _by_title(one, other)


def _by_reference(one: RuleTraits, other: RuleTraits) -> float | None:
    """Return what a shared official number is worth.

    A number that is given once decides. One that every issuer or every edition has again, or a docket, which other texts
    quote, does not decide alone where the titles are foreign to each other; of an issuer's the issuer must be the same. One
    that even its issuer repeats says nothing.
    """
    shared = {official_number(each) for each in one.references} & {official_number(each) for each in other.references}
    reaches = {number.reach for number in shared}
    if Reach.UNIQUE in reaches:
        return _BY_REFERENCE
    if not reaches.isdisjoint(_DOUBTFUL) or (Reach.ISSUER in reaches and _same_issuer(one, other)):
        return _BY_DOUBTFUL_NUMBER if _foreign_titles(one, other) else _BY_REFERENCE
    return None


def _same_issuer(one: RuleTraits, other: RuleTraits) -> bool:
    """Tell whether two rules are of one body: by what the texts say, else by whose sites they stand on."""
    if one.issuers and other.issuers:
        return not one.issuers.isdisjoint(other.issuers)
    return one.publishers == other.publishers or not one.publishers.isdisjoint(other.publishers)


def _foreign_titles(one: RuleTraits, other: RuleTraits) -> bool:
    if one.language != other.language or not one.series_key or not other.series_key:
        return False
    return title_similarity(one.series_key, other.series_key) < _FOREIGN_TITLE


def _by_succession(*, earlier: RuleTraits, later: RuleTraits) -> float | None:
    """Return what it is worth that one text names the other as the one that it replaces, repeals or amends.

    A text that only amends belongs to the one rule whose number is in its title.

    A law repeals many rules that it does not continue. So a repeal joins only what is like the new text in its title or
    content, and one of several only by its title. "In place of" joins what it names, unless that is one of several or
    content and title are foreign. What is named alone and may be meant is for a person to decide.
    """
    if _amends(later, earlier):
        return _IN_PLACE

    def is_named(phrase: str) -> bool:
        return names(phrase, earlier, by=later)

    replaced = any(map(is_named, later.replaces))
    if not replaced and not any(map(is_named, later.repeals)):
        return None
    alone = all(map(is_named, (*later.replaces, *later.repeals)))
    likeness = _likeness(earlier, later)
    content = _common(earlier.metrics, later.metrics) if earlier.metrics and later.metrics else None
    if likeness >= _LIKE_TITLE or (alone and content is not None and content >= _LIKE_CONTENT):
        return (_IN_PLACE if replaced else _REPEALED) + 0.03 * likeness
    if not alone:
        return None
    if replaced:
        return _BY_DOUBTFUL_PLACE if content == 0 and likeness < _FOREIGN_TITLE else _IN_PLACE
    return _BY_LONE_REPEAL if content is None else None


def _amends(later: RuleTraits, earlier: RuleTraits) -> bool:
    if not is_amending(later.title, later.language):
        return False
    own = {official_number(reference) for reference in later.references}
    changed = [number for number in numbers_in(later.title) if number not in own and number.reach is Reach.UNIQUE]
    return len(changed) == 1 and changed[0] in {official_number(reference) for reference in earlier.references}


def _by_title(one: RuleTraits, other: RuleTraits) -> float:
    score = _BY_TITLE * title_similarity(one.series_key, other.series_key, at_least=_LEAST_TITLE)
    if one.metrics and other.metrics:
        shared = _share(one.metrics, other.metrics)
        score += _CONTENT_WEIGHT * (2 * shared - 1)
    return max(0.0, min(score, _BY_SERIES))


def title_similarity(first: str, second: str, *, at_least: float = 0.0) -> float:
    """Return how much two series keys look like one name, 0 to 1; 0 also where a quick look says that it is under `at_least`.

    The share of words (characters of Chinese) they have in common in the same order. A name that is the other one with
    something left out (锂电池, 锂离子电池) scores higher than one in which something was replaced (钠离子电池, 锂离子电池).
    """
    # the matcher's answer depends on the order of the two
    one, other = sorted((_units(first), _units(second)))
    if not one or not other:
        return 0.0
    matcher = SequenceMatcher(a=one, b=other, autojunk=False)
    if matcher.real_quick_ratio() < at_least or matcher.quick_ratio() < at_least:
        return 0.0
    only_left_out = all(tag != "replace" for tag, *_ in matcher.get_opcodes())
    return matcher.ratio() * (1.0 if only_left_out else _RENAMED)


def _may_be_like(first: str, second: str) -> bool:
    """Tell whether two series keys have enough words in common, in whatever order, to be one name."""
    one, other = _counted(first), _counted(second)
    total = one.total() + other.total()
    # as `SequenceMatcher` counts it, so that the same pairs are left out
    return total > 0 and 2.0 * sum(min(count, other[unit]) for unit, count in one.items()) / total >= _LEAST_TITLE


@lru_cache(maxsize=65536)
def _counted(key: str) -> Counter[str]:
    return Counter(_units(key))


def _units(key: str) -> list[str]:
    words = key.split()
    if any("\u3400" <= character <= "\ufaff" for character in key):
        return [character for word in words for character in word]
    return [word for word in words if tokens(word)]


def _likeness(one: RuleTraits, other: RuleTraits) -> float:
    return title_similarity(one.series_key, other.series_key) if one.language == other.language else 0.0


def _share(first: frozenset[str], second: frozenset[str]) -> float:
    """Return how much of the smaller set of metrics the other one names too."""
    return len(first & second) / min(len(first), len(second))


def _common(first: frozenset[str], second: frozenset[str]) -> float:
    """Return how much of both sets of metrics together is in both (Dice): a law that regulates more is no successor."""
    return 2 * len(first & second) / (len(first) + len(second))
