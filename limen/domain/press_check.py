"""What the official texts say to the numbers of an article: confirmed, contradicted, outdated, or not stated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Context, Decimal
from enum import StrEnum

from limen.domain.concepts import covers, exclude_one_another, says_no_more, shared, thesaurus
from limen.domain.document import Stage
from limen.domain.press import (
    AFTER,
    BEFORE,
    Article,
    OfficialText,
    Report,
    Rule,
    Statement,
    amounts_compare,
    is_common,
    opposite_sides,
)
from limen.domain.quantity import Quantity, close
from limen.domain.requirement import Modality, Requirement
from limen.domain.similarity import tokens
from limen.domain.threshold import Comparator, Threshold

SURELY_READ = 0.7
"""The confidence, on both sides, from which on two numbers may be called a contradiction."""

_LIKE_WORDS = 0.5
"""Share of the words of the shorter name that the other one must have too."""
_WHOM = frozenset({"whom"})
_WORDS_FOR_COMMON = 2
_FACTOR = Decimal(2)
_DIGITS_OF_A_ROUNDING = 2
_LONG = Context(prec=200)


class Verdict(StrEnum):
    """What the official text says to a number of the press."""

    CONFIRMED = "confirmed"
    CONTRADICTED = "contradicted"
    """The text sets another amount on the very same thing."""
    OUTDATED = "outdated"
    """An earlier text stated it; a later one has moved it."""
    UNSTATED = "unstated"
    """No text has anything that can be set beside it with certainty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The verdict on one number of an article.

    `official` is the statement beside it, None for `unstated`. `is_ahead` tells that the press had the number before any
    official text of the rule. `waits` tells that the publisher of the rule was not visited since the article appeared: a
    contradiction cannot be told from a text that was not seen yet, and the number is to be looked at again.
    """

    claim: Statement
    verdict: Verdict
    official: Statement | None = None
    is_ahead: bool = False
    waits: bool = False


def check(article: Article, report: Report) -> tuple[Finding, ...]:
    """Return what the texts of a rule say to each number of an article, in the order of the article.

    A number is confirmed by the newest text, else by an earlier one (outdated, if the newest moved it), that states its
    amount on the same metric, on the same side of the bound and on a subject that can be the same. It is contradicted
    only if the text that stood when the article appeared, and each that came soon after, has one limit that can be meant,
    that limit is surely on the same subject, no other number of the article lays claim to it, both numbers were read
    surely, the link is sure, and nothing in the article says that it tells of a text to come.
    """
    found = (_stated(claim, article, report.rule) for claim in article.statements)
    return tuple(each if each.official is not None else _unstated(each.claim, article, report) for each in found)


def settle(findings: Mapping[int, Sequence[Finding]]) -> dict[int, tuple[Finding, ...]]:
    """Return the findings by rule, seen together: what one rule states is contradicted by none and ahead of none."""
    known = {
        each.claim.number
        for of_rule in findings.values()
        for each in of_rule
        if each.verdict in (Verdict.CONFIRMED, Verdict.OUTDATED) and not each.is_ahead
    }
    return {rule: tuple(_beside(each, known) for each in of_rule) for rule, of_rule in findings.items()}


def _beside(finding: Finding, known: Iterable[int]) -> Finding:
    if finding.claim.number not in known:
        return finding
    if finding.verdict is Verdict.CONTRADICTED:
        return Finding(claim=finding.claim, verdict=Verdict.UNSTATED)
    return replace(finding, is_ahead=False, waits=False)


def _stated(claim: Statement, article: Article, rule: Rule) -> Finding:
    """Return where the claim is stated: in the newest text, else an earlier one; unstated if in none.

    A text that has it rounded counts only where none has it exactly.
    """
    stating = _stating(claim, article, rule, rounded=False) or _stating(claim, article, rule, rounded=True)
    if not stating:
        return Finding(claim=claim, verdict=Verdict.UNSTATED)
    text, official = stating[-1]
    later = rule.texts[rule.texts.index(text) + 1 :]
    moved = any(_candidates(claim, each, article) for each in later)
    first = stating[0][0]
    return Finding(
        claim=claim,
        verdict=Verdict.OUTDATED if moved else Verdict.CONFIRMED,
        official=official,
        is_ahead=_is_sure(claim) and first.published and first.since > _time_of(claim, article),
    )


def _stating(claim: Statement, article: Article, rule: Rule, *, rounded: bool) -> list[tuple[OfficialText, Statement]]:
    found = ((text, _same(claim, text, article, rounded=rounded)) for text in rule.texts)
    return [(text, official) for text, official in found if official is not None]


def _unstated(claim: Statement, article: Article, report: Report) -> Finding:
    """Return what to say of a number that no text states."""
    rule = report.rule
    official = _contradiction(claim, article, report)
    ahead = official is None and _is_ahead(claim, article, rule)
    if rule.texts and (official is not None or ahead) and not _was_visited_since(rule, claim, article):
        return Finding(claim=claim, verdict=Verdict.UNSTATED, waits=True)
    if official is not None:
        return Finding(claim=claim, verdict=Verdict.CONTRADICTED, official=official)
    return Finding(claim=claim, verdict=Verdict.UNSTATED, is_ahead=ahead)


def _time_of(claim: Statement, article: Article) -> datetime:
    return claim.since or article.at


def _was_visited_since(rule: Rule, claim: Statement, article: Article) -> bool:
    return rule.looked_at is not None and rule.looked_at >= _time_of(claim, article)


def _contradiction(claim: Statement, article: Article, report: Report) -> Statement | None:
    """Return the statement that a claim surely contradicts; None where there is any doubt."""
    if not report.is_sure or not _is_sure(claim) or _is_hedged(claim):
        return None
    found = None
    for text in _relevant(claim, article, report.rule):
        official = _counterpart(claim, text, article)
        if official is None or not _differ(claim, official) or _is_claimed(official, claim, article, text):
            return None
        found = official
    return found


def _relevant(claim: Statement, article: Article, rule: Rule) -> list[OfficialText]:
    """Return the texts that a claim can be wrong about: the last one before the article, and those soon after it.

    Only texts that limit the same metric count. A text that was old when the article appeared is left out, and so is a
    draft where the article tells of the final text: then the article is about another text.
    """
    metric = claim.requirement.metric_id
    texts = [text for text in rule.texts if any(each.requirement.metric_id == metric for each in text.statements)]
    at = _time_of(claim, article)
    before = [text for text in texts if text.since <= at][-1:]
    after = [text for text in texts if at < text.since <= at + BEFORE]
    is_final = article.stage in (Stage.FINAL, Stage.IN_FORCE)
    meant = [text for text in before if at - text.since <= AFTER and not (is_final and text.stage is Stage.DRAFT)]
    return meant + after


def _counterpart(claim: Statement, text: OfficialText, article: Article) -> Statement | None:
    """Return the one limit that a claim can mean, if its subject is surely the same."""
    candidates = _candidates(claim, text, article)
    amounts = [each.requirement.threshold for each in candidates]
    if any(not amounts[0].same_amount(other) for other in amounts[1:]):
        return None
    return next((each for each in candidates if _is_same_subject(claim, each, text, article)), None)


def _is_same_subject(claim: Statement, official: Statement, text: OfficialText, article: Article) -> bool:
    mine, other = claim.requirement, official.requirement
    if not covers(official.concepts, claim.concepts):
        return False
    if mine.subject is None and other.subject is None:
        return not is_common(mine.threshold)
    if mine.subject is None or other.subject is None:
        return False
    agreed = shared(claim.subject, official.subject)
    if agreed < (_WORDS_FOR_COMMON if is_common(mine.threshold) else 1):
        return False
    only_whom = claim.subject.keys() & official.subject.keys() <= _WHOM
    if only_whom and not (says_no_more(mine.subject) and says_no_more(other.subject)):
        return False
    return article.language != text.language or _have_like_words(mine.subject, other.subject)


def _differ(claim: Statement, official: Statement) -> bool:
    """Tell whether two limits on one thing surely exclude each other."""
    mine, other = claim.requirement, official.requirement
    if not _is_sure(official) or mine.metric_id is None or mine.metric_id != other.metric_id:
        return False
    if Modality.ENCOURAGED in (mine.modality, other.modality) and mine.modality is not other.modality:
        return False
    first, second = mine.threshold, other.threshold
    if not _same_kind(first, second) or _is_implied(first, second):
        return False
    one, two = abs(first.lower.base_value), abs(second.lower.base_value)
    # A number that is far off is of something else more often than wrong.
    return one <= _FACTOR * two and two <= _FACTOR * one


def _is_claimed(official: Statement, claim: Statement, article: Article, text: OfficialText) -> bool:
    """Tell whether another number of the article lays claim to an official limit: it states it, or can mean it."""
    for other in article.statements:
        first, second = other.requirement.threshold, claim.requirement.threshold
        if other is claim or (amounts_compare(first, second) and first.same_amount(second)):
            continue
        stated = _same(other, text, article, rounded=True)
        meant = _candidates(other, text, article) if stated is None else [stated]
        if any(each is official for each in meant):
            return True
    return False


def _is_ahead(claim: Statement, article: Article, rule: Rule) -> bool:
    """Tell whether the press has a number of the rule that no text of the rule has, though all are older than the article."""
    if not _is_sure(claim) or any(text.since > _time_of(claim, article) for text in rule.texts):
        return False
    regulated = {each.requirement.metric_id for each in rule.statements}
    if not regulated:
        return True
    if claim.requirement.metric_id not in regulated:
        return False
    comparable = [text for text in rule.texts if _candidates(claim, text, article)]
    if not comparable or thesaurus().anticipation.occurs(claim.sentence):
        return True
    previous = claim.requirement.previous
    if previous is not None:
        old = Quantity(value=previous, unit=claim.requirement.threshold.unit)
        candidates = _candidates(claim, comparable[-1], article)
        if any(old.same_amount(each.requirement.threshold.lower) for each in candidates):
            return True
    return article.stage is Stage.DRAFT and _time_of(claim, article) - comparable[-1].since > AFTER


def _same(claim: Statement, text: OfficialText, article: Article, *, rounded: bool) -> Statement | None:
    """Return the statement of a text that has the amount of a claim, the one on the likest subject first.

    With `rounded` also one that the press may have rounded.
    """
    mine = claim.requirement.threshold
    equal = [
        each
        for each in _candidates(claim, text, article)
        if mine.same_amount(each.requirement.threshold) or (rounded and _is_rounded(mine, each.requirement.threshold))
    ]
    return max(equal, key=lambda each: _kinship(claim, each), default=None)


def _kinship(claim: Statement, official: Statement) -> tuple[bool, int, bool]:
    same_operator = claim.requirement.threshold.op is official.requirement.threshold.op
    return covers(official.concepts, claim.concepts), shared(claim.concepts, official.concepts), same_operator


def _candidates(claim: Statement, text: OfficialText, article: Article) -> list[Statement]:
    """Return the statements of a text that a claim can mean, by metric, unit, side of the bound, date and subject."""
    is_one_language = article.language == text.language
    mine = claim.requirement
    return [
        each
        for each in text.statements
        if _same_metric(mine, each.requirement, is_one_language=is_one_language)
        and amounts_compare(mine.threshold, each.requirement.threshold)
        and not opposite_sides(mine.threshold, each.requirement.threshold)
        and _dates_agree(mine.by, each.requirement.by)
        and not exclude_one_another(claim.concepts, each.concepts)
    ]


def _same_metric(first: Requirement, second: Requirement, *, is_one_language: bool) -> bool:
    if first.metric_id is not None and second.metric_id is not None:
        return first.metric_id == second.metric_id
    return is_one_language and _have_like_words(first.metric, second.metric)


def _have_like_words(first: str, second: str) -> bool:
    one, other = tokens(first), tokens(second)
    return bool(one and other) and len(one & other) >= _LIKE_WORDS * min(len(one), len(other))


def _dates_agree(first: str | None, second: str | None) -> bool:
    return first is None or second is None or first.startswith(second) or second.startswith(first)


def _is_rounded(claim: Threshold, official: Threshold) -> bool:
    """Tell whether the amount of a claim is the official one with fewer digits, two at least."""
    digits = claim.value.as_tuple()
    if Comparator.BETWEEN in (claim.op, official.op) or len(digits.digits) < _DIGITS_OF_A_ROUNDING:
        return False
    last_digit = Decimal(1).scaleb(int(digits.exponent))
    return close(official.lower.to(claim.unit).value.quantize(last_digit, context=_LONG), claim.value)


def _is_sure(statement: Statement) -> bool:
    requirement = statement.requirement
    return requirement.metric_id is not None and requirement.confidence >= SURELY_READ


def _is_hedged(claim: Statement) -> bool:
    """Tell whether the article says that the number is rounded, or of a text to come, or replaces the official one."""
    known = thesaurus()
    return (
        claim.requirement.previous is not None
        or known.anticipation.occurs(claim.sentence)
        or known.rounding.occurs(claim.sentence)
    )


def _same_kind(first: Threshold, second: Threshold) -> bool:
    return (
        first.op is second.op
        or (first.op.is_lower_bound and second.op.is_lower_bound)
        or (first.op.is_upper_bound and second.op.is_upper_bound)
    )


def _is_implied(claim: Threshold, official: Threshold) -> bool:
    """Tell whether a looser wording of the press ("more than 150") holds wherever the official limit does."""
    mine, other = claim.lower.base_value, official.lower.base_value
    return (claim.op is Comparator.MORE_THAN and mine < other) or (claim.op is Comparator.LESS_THAN and mine > other)
