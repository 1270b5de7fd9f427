"""Which rule a news document reports on, across languages: by its name, or by who issued it, what it is about and its numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from limen.domain.clause import clause_around
from limen.domain.concepts import Concepts, concepts_of, shared, subject_concepts
from limen.domain.document import Stage
from limen.domain.entity import Entity
from limen.domain.errors import UnknownUnit
from limen.domain.requirement import Requirement
from limen.domain.threshold import Threshold
from limen.domain.title import level_title

LINKED = 0.6
"""From this score on an article is linked to a rule. What is less sure is no link."""
SURE = 0.75
"""From this score on a number of the article may be said to contradict the rule."""

BEFORE, AFTER = timedelta(days=14), timedelta(days=45)
"""How long before, and after, a text came out an article is likely to be about that text."""

# What each agreement is worth; set by hand (docs/decisions/0018), so that without a name, three of the other signs are
# never enough. A name says nearly all, but the press also names rules in passing.
_NUMBER, _TITLE = 0.50, 0.60
_TOPIC, _ISSUER, _PLACE, _METRICS, _TIME = 0.20, 0.20, 0.10, 0.15, 0.15
_ONE_VALUE, _NEXT_VALUE, _MOST_VALUES = 0.25, 0.15, 0.40
_NEAR = 0.05
_OTHER_ISSUER, _OTHER_PLACE, _TOO_EARLY = 0.50, 0.50, 0.50
_BEHIND = 0.25
"""A rule that is so far behind the best one only looks like it."""

_NEARLY = 0.2
_SURELY_READ = 0.5
"""The confidence from which on a number that was read speaks for a link."""
_WORDS_OF_A_TITLE, _SIGNS_OF_A_TITLE = 4, 7
"""Shorter names ("Mining Act") also stand in texts that do not mean the rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A requirement with what it is put on, in any language. `number` is the caller's own id of it.

    `concepts` are those of all its words, `subject` those of the words that do not name what is measured. `since` is since
    when an article states it, None for as long as the article has been there.
    """

    number: int
    requirement: Requirement
    concepts: Concepts = field(default_factory=dict)
    subject: Concepts = field(default_factory=dict)
    sentence: str = ""
    since: datetime | None = None

    @classmethod
    def of(
        cls,
        number: int,
        requirement: Requirement,
        *,
        entities: Sequence[Entity],
        text: str,
        since: datetime | None = None,
    ) -> Statement:
        """Return the statement of a requirement that was read from `text`. Raises `EvidenceMismatch`."""
        return cls(
            number=number,
            requirement=requirement,
            concepts=concepts_of(requirement, entities),
            subject=subject_concepts(requirement, entities),
            sentence=clause_around(text, requirement.evidence),
            since=since,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialText:
    """One version of an official document of a rule.

    `document` is the caller's own id of the document. `since` is since when the version stood there; `published` is False
    where only the first visit is known, so that it may have stood there earlier.
    """

    document: int
    since: datetime
    published: bool
    stage: Stage
    language: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What is known of an instrument. `number` is the caller's own id of it.

    `title` is the name of its series as `series_key` gives it, `names` the canonical ids of that name; `numbers` are its
    official numbers, as printed and in canonical form. `issuers` and `topics` are canonical ids of regulators, and of
    products and materials. `texts` are in the order in which they came out. `looked_at` is when its publisher was last
    visited, None if that is not known.
    """

    number: int
    title: str
    language: str
    jurisdiction: str
    names: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    issuers: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    texts: tuple[OfficialText, ...] = ()
    looked_at: datetime | None = None

    @property
    def statements(self) -> tuple[Statement, ...]:
        """What all its texts state, the oldest first."""
        return tuple(statement for text in self.texts for statement in text.statements)


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What is known of a news document. `at` is since when it was there, `text` its title and text.

    `names` are the numbers and canonical ids of the rules that it names; `regulators`, `places` and `topics` are canonical.
    """

    at: datetime
    language: str
    text: str
    stage: Stage = Stage.NONE
    names: frozenset[str] = frozenset()
    regulators: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    statements: tuple[Statement, ...] = ()


def in_order(texts: Iterable[OfficialText]) -> tuple[OfficialText, ...]:
    """Return the texts of a rule in the order in which they came out.

    A draft that is published anew after the final text of its time has come says nothing new, and is left out.
    """
    ordered = sorted(texts, key=lambda text: text.since)
    first: dict[int, datetime] = {}
    for text in ordered:
        first.setdefault(text.document, text.since)
    finals = [text.since for text in ordered if text.stage in (Stage.FINAL, Stage.IN_FORCE)]
    return tuple(
        text
        for text in ordered
        if text.stage is not Stage.DRAFT or not any(first[text.document] < final < text.since for final in finals)
    )


class LinkReason(StrEnum):
    """What says most that an article reports on a rule."""

    NUMBER = "number"
    """It gives an official number of the rule."""
    TITLE = "title"
    """It names the rule."""
    VALUES = "values"
    """It gives numbers of the rule, and is about the same things at the right time."""
    ISSUER = "issuer"
    """It names who issued the rule, and gives a number near to one of the rule on the same metric."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A rule that an article reports on, why that is thought, and how sure it is (0 to 1)."""

    rule: Rule
    reason: LinkReason
    score: float

    @property
    def is_sure(self) -> bool:
        """True where the article may be said to contradict the rule."""
        return self.score >= SURE


def report_on(article: Article, rules: Iterable[Rule]) -> tuple[Report, ...]:
    """Return the rules that an article reports on, the surest first; none where none reaches `LINKED`.

    An official number counts only where something else agrees, since every ministry numbers its announcements; a title
    only in its own language and if it is long enough to be one. Without a name there must be two equal amounts of the
    same metrics, or one on the very same subject, and a topic in common; or the issuer, and one equal or near amount, unless
    both have topics and none in common. A rule far behind the best one is left out.
    """
    levelled = level_title(article.text)
    weighed = (_weigh(article, rule, text=levelled) for rule in rules)
    found = [each for each in weighed if each is not None and each.total >= LINKED]
    found.sort(key=lambda each: (-each.total, each.rule.number))
    return tuple(each.report for each in found if not each.is_behind(found[0]))


def amounts_compare(first: Threshold, second: Threshold) -> bool:
    """Tell whether two limits measure the same kind of thing. A unit that nobody can convert compares with nothing."""
    try:
        return first.dimension == second.dimension
    except UnknownUnit:
        return False


def is_common(threshold: Threshold) -> bool:
    """Tell whether a limit is a time, a frequency or a sum of money: a rule has many of them, for many things."""
    try:
        dimension = threshold.dimension
    except UnknownUnit:
        return False
    return dimension in ("second", "1 / second") or dimension.isupper()


def opposite_sides(first: Threshold, second: Threshold) -> bool:
    """Tell whether one is a minimum and the other a maximum."""
    return (first.op.is_lower_bound and second.op.is_upper_bound) or (
        first.op.is_upper_bound and second.op.is_lower_bound
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Weighed:
    """What speaks for a rule: its name, and the other signs together, less what speaks against it."""

    rule: Rule
    reason: LinkReason
    name: float
    signs: float

    @property
    def total(self) -> float:
        return self.name + self.signs

    @property
    def report(self) -> Report:
        return Report(rule=self.rule, reason=self.reason, score=round(max(0.0, min(self.total, 1.0)), 3))

    def is_behind(self, best: _Weighed) -> bool:
        """Tell whether another rule is meant. A rule in another language cannot be named by the same title."""
        if best.rule.language != self.rule.language and best.reason is LinkReason.TITLE:
            return best.signs - self.signs >= _BEHIND
        return best.total - self.total >= _BEHIND


@dataclass(frozen=True, slots=True, kw_only=True)
class _Numbers:
    """How many telling numbers an article gives, how many of them a rule sets, and to how many more it sets a near one.

    `round` is how many of those it sets have one digit beside noughts (3, 80, 2000), which many rules set. `special` tells
    that one of those it sets is on a subject that more than one word agrees on (storage, cell).
    """

    given: int
    equal: int
    round: int
    near: int
    special: bool

    @property
    def worth(self) -> float:
        """What they are worth. An equal one among many others says less than one alone, and a round one half."""
        if not self.given:
            return 0.0
        score = min(_ONE_VALUE + _NEXT_VALUE * (self.equal - 1), _MOST_VALUES) if self.equal else 0.0
        return (score * (self.equal - self.round / 2) + _NEAR * self.near) / self.given


def _weigh(article: Article, rule: Rule, *, text: str) -> _Weighed | None:
    topic = _topic(article, rule)
    is_foreign = not topic and bool(article.topics and rule.topics)
    issuer = bool(article.regulators & rule.issuers)
    claims = [each for each in article.statements if _is_telling(each)]
    numbers = _matched(claims, rule)
    metrics = _shared_metrics(claims, rule)
    by_number = bool(article.names & rule.numbers) and bool(topic or issuer or metrics)
    by_title = bool(article.names & rule.names) or (article.language == rule.language and _has_title(text, rule.title))
    if by_number or by_title:
        reason = LinkReason.NUMBER if by_number else LinkReason.TITLE
    elif (topic and (numbers.equal > 1 or numbers.special)) or (issuer and numbers.equal and not is_foreign):
        reason = LinkReason.VALUES
    elif issuer and numbers.near and not is_foreign:
        reason = LinkReason.ISSUER
    else:
        return None
    signs = _TOPIC * topic + _METRICS * metrics + _ISSUER * issuer + numbers.worth
    signs += _place(article, rule) + _time(article, rule)
    if article.regulators and rule.issuers and not issuer:
        signs -= _OTHER_ISSUER
    return _Weighed(rule=rule, reason=reason, name=max(_NUMBER * by_number, _TITLE * by_title), signs=signs)


def _is_telling(statement: Statement) -> bool:
    requirement = statement.requirement
    known = requirement.metric_id is not None and requirement.confidence >= _SURELY_READ
    return known and not is_common(requirement.threshold)


def _topic(article: Article, rule: Rule) -> float:
    """Return the share of the smaller set of products and materials that the other one names too."""
    if not article.topics or not rule.topics:
        return 0.0
    return len(article.topics & rule.topics) / min(len(article.topics), len(rule.topics))


def _shared_metrics(claims: Sequence[Statement], rule: Rule) -> float:
    metrics = {claim.requirement.metric_id for claim in claims}
    regulated = {each.requirement.metric_id for each in rule.statements}
    return len(metrics & regulated) / len(metrics) if metrics else 0.0


def _matched(claims: Sequence[Statement], rule: Rule) -> _Numbers:
    equal = rounded = near = 0
    special = False
    for claim in claims:
        mine = claim.requirement
        others = [
            each
            for each in rule.statements
            if each.requirement.metric_id == mine.metric_id
            and amounts_compare(mine.threshold, each.requirement.threshold)
            and not opposite_sides(mine.threshold, each.requirement.threshold)
        ]
        same = [each for each in others if mine.threshold.same_amount(each.requirement.threshold)]
        if same:
            equal += 1
            rounded += _is_round(mine.threshold)
            special = special or any(shared(claim.concepts, each.concepts) > 1 for each in same)
        elif any(_are_near(mine.threshold, each.requirement.threshold) for each in others):
            near += 1
    return _Numbers(given=len(claims), equal=equal, round=rounded, near=near, special=special)


def _is_round(threshold: Threshold) -> bool:
    return threshold.value_max is None and len(threshold.value.normalize().as_tuple().digits) == 1


def _are_near(first: Threshold, second: Threshold) -> bool:
    one, other = float(first.lower.base_value), float(second.lower.base_value)
    return abs(one - other) <= _NEARLY * max(abs(one), abs(other))


def _place(article: Article, rule: Rule) -> float:
    if not article.places:
        return 0.0
    return _PLACE if rule.jurisdiction in article.places else -_OTHER_PLACE


def _time(article: Article, rule: Rule) -> float:
    if any(-BEFORE <= article.at - text.since <= AFTER for text in rule.texts):
        return _TIME
    first = rule.texts[0] if rule.texts else None
    return -_TOO_EARLY if first is not None and first.published and article.at < first.since else 0.0


def _has_title(text: str, title: str) -> bool:
    is_long = len(title.split()) >= _WORDS_OF_A_TITLE or (not title.isascii() and len(title) >= _SIGNS_OF_A_TITLE)
    return is_long and title in text
