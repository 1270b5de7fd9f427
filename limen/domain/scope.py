"""Whether a limit still covers the same things."""

from __future__ import annotations

from collections.abc import Collection

from limen.domain.clause import clause_around
from limen.domain.printed import NUMBER, printed_numbers
from limen.domain.profile import Profile, Profiles
from limen.domain.similarity import Weights, tokens
from limen.domain.words import WordList, words

_SAME_SUBJECT = 0.75
_SAME_CONDITION = 0.5


def same_scope(old: Profile, new: Profile, profiles: Profiles, *, moved: Collection[tuple[str, str]] = ()) -> bool:
    """Tell whether two readings of one limit cover the same, as far as their words show.

    Wording differs from text to text and so does what the extractor takes for the subject. So only this is taken for
    another scope: words that cut a subject down (existing, new, large), words that open it to everything of its kind,
    and another number in the same condition ("at 25 °C", "at 40 °C"). A field that one side lacks proves nothing.
    `moved` holds the numbers, old and new, that are limits of their own and are reported there (a cycle life at a
    retention that is itself required). With the texts, a word that both hold as often has neither come nor gone.
    """
    weights = profiles.weights
    return (
        _same_restrictions(old, new, profiles)
        and _same_extent(old, new, profiles)
        and _same_numbers(old, new, weights, moved)
    )


def _same_restrictions(old: Profile, new: Profile, profiles: Profiles) -> bool:
    before, after = old.requirement, new.requirement
    rows = (_row(old, profiles.old_text), _row(new, profiles.new_text))
    fields = ((before.subject, after.subject), (before.condition, after.condition), rows)
    if all(first == second for first, second in fields):
        return True
    find = words().restricting.found
    everything_before, everything_after = find(_stated(old, rows[0])), find(_stated(new, rows[1]))
    gone: set[str] = set()
    come: set[str] = set()
    for first, second in fields:
        if first is not None and second is not None:
            gone |= find(first) - everything_after
            come |= find(second) - everything_before
    gone, come = (
        {word for word in each if not _as_often(words().restricting, word, profiles)} for each in (gone, come)
    )
    return all(_stands_in_clause(word, new) for word in gone) and all(_stands_in_clause(word, old) for word in come)


def _as_often(listed: WordList, word: str, profiles: Profiles) -> bool:
    """Tell whether both texts are given and hold a word equally often: it stands somewhere else in the same sense."""
    if profiles.old_text is None or profiles.new_text is None:
        return False
    return listed.counted(profiles.old_text)[word] == listed.counted(profiles.new_text)[word]


def _same_extent(old: Profile, new: Profile, profiles: Profiles) -> bool:
    before, after = old.requirement.subject, new.requirement.subject
    if before is None or after is None or bool(old.openers) == bool(new.openers):
        return True
    if all(_as_often(words().universal, word, profiles) for word in old.openers | new.openers):
        return True
    weights = profiles.weights
    first, second = weights.bag(_bare(before)), weights.bag(_bare(after))
    if first.tokens <= second.tokens or second.tokens <= first.tokens:
        return True
    # nothing in common at all is rather a misread subject than a wider one
    return not 0 < weights.overlap(first, second) < _SAME_SUBJECT


def _same_numbers(old: Profile, new: Profile, weights: Weights, moved: Collection[tuple[str, str]]) -> bool:
    before, after = old.requirement.condition, new.requirement.condition
    if before is None or after is None:
        return True
    first, second = set(printed_numbers(before)), set(printed_numbers(after))
    if len(first) != len(second) or first == second:
        return True
    first, second = first - second, second - first
    if all(any((number, other) in moved for other in second) for number in first):
        return True
    if all(_stands_in_clause(number, new) for number in first) and all(
        _stands_in_clause(number, old) for number in second
    ):
        return True
    sentences = [weights.bag(tokens(NUMBER.sub(" ", condition))) for condition in (before, after)]
    return weights.overlap(*sentences) < _SAME_CONDITION


def _row(profile: Profile, text: str | None) -> str | None:
    """Return the row of the table that holds a requirement; None outside of tables."""
    return None if profile.table is None or text is None else clause_around(text, profile.requirement.evidence)


def _stated(profile: Profile, row: str | None) -> str:
    own = profile.requirement
    return " ".join(filter(None, (own.subject, own.metric, own.condition, own.section, row)))


def _bare(subject: str) -> frozenset[str]:
    """Return the tokens of a subject without the words that open it to everything."""
    return tokens(words().universal.pattern.sub(" ", subject.casefold()))


def _stands_in_clause(word: str, profile: Profile) -> bool:
    """Tell whether the sentence around the number has the word, wherever the extractor put it."""
    return bool(profile.clause.tokens) and tokens(word) <= profile.clause.tokens
