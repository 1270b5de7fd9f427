"""How likely two requirements are one, before and after: the score that alignment maximises."""

from __future__ import annotations

import re

from limen.domain.printed import specificity
from limen.domain.profile import Profile
from limen.domain.similarity import Weights
from limen.domain.threshold import Comparator
from limen.domain.words import words

# What each agreement is worth. The sum of the first four is 1; a pair needs `_NEEDED` of it, and a pair with one and
# the same limit needs less, for a number seldom comes twice by chance. Set on the development pairs and on thousands
# of generated ones (tests/property/test_domain.py); see benchmarks/diff.py for the cost.
_TOPIC, _SUBJECT, _WORDS, _PLACE = 0.40, 0.30, 0.20, 0.10
_NEEDED = 0.45
_SAME_WORDS = 0.40
_SAME_LIMIT, _SAME_AMOUNT = 0.30, 0.22
_OTHER_SIDE, _OTHER_FORM = 0.35, 0.05
_SAME_DATE, _OTHER_DATE = 0.08, 0.08
_OPPOSED = 0.60
_UNKNOWN_SUBJECT = 0.45
_OTHER_METRIC = 0.5
_SAME_METRIC = 0.6
_SAME_COLUMN, _SAME_CELL = 0.5, 0.3
_RELATED = 0.2
_SAME_SENTENCE = 0.45
_CLAUSE, _PHRASE = 0.7, 0.5
_CONTEXT_FOR_TOPIC = 0.9
_MUCH = 0.35
"""Share of the weighted words of the shorter sentence that the other one must hold."""
_GENERAL = frozenset({"time_limit"})
"""Ids of the lexicon for what has no closer name: two things that have one need not be alike."""
_COMMON = re.compile(r"dimensionless|second|1 / second|[A-Z]{3}|piece|person|vehicle|household|animal|unknown .*")
"""Dimensions of which most texts state many round amounts."""
_SPECIFIC = 2
"""Specificity from which on an amount that either text states once is one requirement, however it is worded."""


def likeness(old: Profile, new: Profile, weights: Weights) -> float:
    """Return how much better it is to pair the two than to leave them apart; 0 or less where they should stay apart.

    Both must be of one dimension.
    """
    clause = weights.overlap(old.clause, new.clause)
    if not _related(old, new, weights, clause):
        return 0.0
    context = min(1.0, _CLAUSE * clause + _PHRASE * weights.overlap(old.phrase, new.phrase))
    topic, subject = _topic(old, new, weights), _subject(old, new, weights)
    shared = max(weights.overlap(old.everything, new.everything), context)
    score = _TOPIC * max(topic, _CONTEXT_FOR_TOPIC * context) + _SUBJECT * subject + _WORDS * shared
    score += _PLACE * _place(old, new) + _limits(old, new) + _dates(old, new) - _NEEDED
    if _same_words(old, new):
        score += _SAME_WORDS
    if _is_same_cell(old, new, weights, clause):
        score += _SAME_CELL
    return score - _OPPOSED * _are_opposed(old, new)


def may_be_one(old: Profile, new: Profile, weights: Weights) -> bool:
    """Tell whether two sentences that state one amount, each text once, say the same in other words.

    An amount that few things have (12.2 mm/minute) is enough; a round one (5 years) needs words in common, and the name
    of the same holder is none: he may be told two things.
    """
    if specificity(old.requirement) + _is_measured(old) >= _SPECIFIC:
        return True
    return words_in_common(old, new, weights) >= _MUCH


def measure_the_same(old: Profile, new: Profile, weights: Weights) -> bool:
    """Tell whether two limits are on the same quantity, by its id or by most of the words of its name."""
    first, second = _telling_id(old), _telling_id(new)
    if first is not None and second is not None:
        return first == second
    return old.metric.tokens == new.metric.tokens or weights.overlap(old.metric, new.metric) >= _SAME_METRIC


def words_in_common(old: Profile, new: Profile, weights: Weights) -> float:
    """Return the share of the weighted words of the shorter side that the other one has too, 0 to 1, without their holder."""
    holder = old.subject.tokens & new.subject.tokens
    first, second = (weights.bag((side.clause.tokens | side.everything.tokens) - holder) for side in (old, new))
    return weights.containment(first, second)


def _is_measured(profile: Profile) -> bool:
    """Tell whether a limit is set on a physical quantity; sums, shares, times and counts come again and again."""
    return _COMMON.fullmatch(profile.dimension) is None


def _is_same_cell(old: Profile, new: Profile, weights: Weights, row: float) -> bool:
    """Tell whether both stand in a like row and under a like head of a table, whatever the extractor called them."""
    return row >= _SAME_SENTENCE and weights.overlap(old.column, new.column) >= _SAME_COLUMN


def _same_words(old: Profile, new: Profile) -> bool:
    """Tell whether both say the same but for the number: what the extractor named, or a sentence with no other number."""
    named = old.subject.tokens and (old.metric.tokens, old.subject.tokens) == (new.metric.tokens, new.subject.tokens)
    if named and old.everything.tokens == new.everything.tokens:
        return True
    written = old.clause.tokens and (old.clause.tokens, old.phrase.tokens) == (new.clause.tokens, new.phrase.tokens)
    return bool(written and old.clause.tokens <= old.phrase.tokens)


def _related(old: Profile, new: Profile, weights: Weights, clause: float) -> bool:
    """Tell whether the two can be about one thing at all: the same holder insured and taxed for one sum are not.

    What one side measures must come up somewhere on the other, or the sentences must be much the same.
    """
    if clause >= _SAME_SENTENCE or old.metric.tokens == new.metric.tokens:
        return True
    if _telling_id(old) is not None and _telling_id(old) == _telling_id(new):
        return True
    here = max(weights.share(old.metric, new.everything), weights.share(new.metric, old.everything))
    if here < _RELATED and old.clause.tokens and new.clause.tokens:
        here = max(weights.share(old.metric, new.clause), weights.share(new.metric, old.clause))
    return here >= _RELATED


def _telling_id(profile: Profile) -> str | None:
    metric_id = profile.requirement.metric_id
    return None if metric_id in _GENERAL else metric_id


def _topic(old: Profile, new: Profile, weights: Weights) -> float:
    """Return how far both measure the same, 0 to 1. A metric's id knows synonyms; two ids that differ are two metrics."""
    overlap = weights.overlap(old.metric, new.metric)
    first, second = _telling_id(old), _telling_id(new)
    if first is not None and second is not None:
        return max(overlap, 0.9) if first == second else overlap * _OTHER_METRIC
    return overlap


def _subject(old: Profile, new: Profile, weights: Weights) -> float:
    """Return how far both limit the same thing, 0 to 1. A subject that one side does not name speaks neither way."""
    if not old.subject.tokens or not new.subject.tokens:
        return _UNKNOWN_SUBJECT if old.subject.tokens or new.subject.tokens else 0.7
    overlap = weights.overlap(old.subject, new.subject)
    return max(overlap, 0.8 * weights.containment(old.subject, new.subject)) if 0.0 < overlap < 1.0 else overlap


def _place(old: Profile, new: Profile) -> float:
    """Return how far both stand at the same place, 0 to 1, by the headings above them and their order."""
    common = len(old.heading & new.heading)
    total = len(old.heading) + len(new.heading)
    return (2 * common / total if total else 0.5) * 0.7 + (1 - abs(old.position - new.position)) * 0.3


def _limits(old: Profile, new: Profile) -> float:
    if old.same_amount(new):
        return _SAME_LIMIT if old.requirement.threshold.op is new.requirement.threshold.op else _SAME_AMOUNT
    if old.opposes(new):
        return -_OTHER_SIDE if old.writes_operator and new.writes_operator else -_OTHER_FORM
    first, second = old.requirement.threshold.op, new.requirement.threshold.op
    mixed = first is not second and not {first, second}.isdisjoint((Comparator.EQUAL, Comparator.BETWEEN))
    return -_OTHER_FORM if mixed else 0.0


def _dates(old: Profile, new: Profile) -> float:
    first, second = old.requirement.by, new.requirement.by
    if first is None or second is None:
        return 0.0
    return _SAME_DATE if first == second else -_OTHER_DATE


def _are_opposed(old: Profile, new: Profile) -> bool:
    """Tell whether the two cut down what they cover in ways that exclude each other (existing plants, new plants)."""
    if old.kinds == new.kinds:
        return False
    opposites = words().opposites
    gone, come = old.kinds - new.kinds, new.kinds - old.kinds
    return any(frozenset((first, second)) in opposites for first in gone for second in come)
