"""Which requirement of the new text is which of the old one."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from limen.domain.assignment import assign
from limen.domain.candidates import candidates
from limen.domain.likeness import likeness
from limen.domain.profile import Profile, Profiles
from limen.domain.requirement import Requirement
from limen.domain.similarity import Bag, Weights, tokens
from limen.domain.table import table_spans

_SAME_TABLE = 0.5
"""How much of their words two tables share that are one, before and after."""
_SAME_ROW = 0.5
"""How much of their words two rows share that are one. A row that lives on is no other one; in a transposed table none does."""
_MOST_TABLES = 40_000
"""Pairs of tables from which on only those with the very same words are taken for one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """Pairs in the order of the new side, what is only in the old text, and what is only in the new one."""

    pairs: tuple[tuple[Requirement, Requirement], ...]
    removed: tuple[Requirement, ...]
    added: tuple[Requirement, ...]


def align(
    old: Sequence[Requirement],
    new: Sequence[Requirement],
    *,
    old_text: str | None = None,
    new_text: str | None = None,
) -> Alignment:
    """Return the pairing of two readings that explains most of both.

    What was not touched at all is paired first. The rest is paired within each dimension so that the sum of likenesses
    (metric, subject, words, place, limit, date) is the greatest possible; what is like nothing stays alone. The texts
    that the requirements were read from are optional: with them, the clauses around the numbers are compared too, which
    helps where the extractor named a metric or subject otherwise on the two sides.

    Raises:
        EvidenceMismatch: a text is not the one that its requirements were read from.
    """
    profiles = Profiles.of(old, new, old_text=old_text, new_text=new_text)
    partner = pair_up(profiles)
    taken = set(partner.values())
    return Alignment(
        pairs=tuple((old[row], new[column]) for row, column in sorted(partner.items(), key=itemgetter(1))),
        removed=tuple(requirement for row, requirement in enumerate(old) if row not in partner),
        added=tuple(requirement for column, requirement in enumerate(new) if column not in taken),
    )


def pair_up(profiles: Profiles) -> dict[int, int]:
    """Return the pairing as indices: of the old side to those of the new side.

    Where a table of the old text lives on as a table of the new one, their numbers are paired with each other first: a
    second table of the same rows is another one.
    """
    partner: dict[int, int] = {}
    lives_on = _same_tables(profiles)
    old, new = _by_table(profiles.old), _by_table(profiles.new)
    for before, after in lives_on.items():
        _pair(old[before], new[after], profiles, partner, lives_on)
    rows = [row for row in range(len(profiles.old)) if row not in partner]
    taken = set(partner.values())
    _pair(rows, [column for column in range(len(profiles.new)) if column not in taken], profiles, partner, lives_on)
    return partner


def _pair(
    rows: Sequence[int],
    columns: Sequence[int],
    profiles: Profiles,
    partner: dict[int, int],
    lives_on: Mapping[int, int],
) -> None:
    """Add the best pairing of some requirements of the old side with some of the new one to `partner`.

    `lives_on` says which table of the new side each table of the old side has become.
    """
    partner |= _untouched(rows, columns, profiles)
    for some, others in _groups(rows, columns, profiles, partner):
        chosen = _match(
            [profiles.old[row] for row in some],
            [profiles.new[column] for column in others],
            profiles.weights,
            lives_on=lives_on,
        )
        partner.update((some[row], others[column]) for row, column in chosen)


def _same_tables(profiles: Profiles) -> dict[int, int]:
    """Return which table of the new text each table of the old one has become, by number; those that ended are left out."""
    if profiles.old_text is None or profiles.new_text is None:
        return {}
    before, after = (
        [profiles.weights.bag(_words(text[start:end])) for start, end in table_spans(text)]
        for text in (profiles.old_text, profiles.new_text)
    )
    if len(before) * len(after) > _MOST_TABLES:
        return _same_words(before, after)
    scores = [
        {at: profiles.weights.overlap(first, second) - _SAME_TABLE for at, second in enumerate(after)}
        for first in before
    ]
    return {row: column for row, column in enumerate(assign(scores, columns=len(after))) if column is not None}


def _same_words(before: Sequence[Bag], after: Sequence[Bag]) -> dict[int, int]:
    """Pair, in order, the bags with the same tokens."""
    waiting: defaultdict[frozenset[str], deque[int]] = defaultdict(deque)
    for column, bag in enumerate(after):
        waiting[bag.tokens].append(column)
    return {row: waiting[bag.tokens].popleft() for row, bag in enumerate(before) if waiting.get(bag.tokens)}


def _by_table(side: Sequence[Profile]) -> dict[int, list[int]]:
    found: defaultdict[int, list[int]] = defaultdict(list)
    for index, profile in enumerate(side):
        if profile.table is not None:
            found[profile.table].append(index)
    return found


def _words(text: str) -> frozenset[str]:
    return frozenset(token for token in tokens(text) if not token[0].isdecimal())


def _untouched(rows: Sequence[int], columns: Sequence[int], profiles: Profiles) -> dict[int, int]:
    """Pair, in order, the requirements that agree in everything."""
    waiting: defaultdict[tuple[object, ...], deque[int]] = defaultdict(deque)
    for column in columns:
        waiting[profiles.new[column].key].append(column)
    partner: dict[int, int] = {}
    for row in rows:
        same = waiting.get(profiles.old[row].key)
        if same:
            partner[row] = same.popleft()
    return partner


def _groups(
    rows: Sequence[int], columns: Sequence[int], profiles: Profiles, partner: Mapping[int, int]
) -> Iterable[tuple[list[int], list[int]]]:
    """Return the indices, old and new, of the requirements still alone, by dimension: only those can be one."""
    taken = set(partner.values())
    groups: defaultdict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for row in rows:
        if row not in partner:
            groups[profiles.old[row].dimension][0].append(row)
    for column in columns:
        if column not in taken:
            groups[profiles.new[column].dimension][1].append(column)
    return [group for group in groups.values() if all(group)]


def _match(
    old: Sequence[Profile], new: Sequence[Profile], weights: Weights, *, lives_on: Mapping[int, int]
) -> list[tuple[int, int]]:
    """Return the best pairing of the profiles of one dimension, as indices into the two."""
    rows = {profile.clause.tokens: profile.clause for profile in new if profile.table is not None}
    scores = []
    for profile, columns in zip(old, candidates(old, new, weights), strict=True):
        stays = profile.table is not None and any(
            weights.overlap(profile.clause, row) >= _SAME_ROW for row in rows.values()
        )
        scores.append(
            {
                column: _rounded(likeness(profile, new[column], weights))
                for column in columns
                if not _are_of_other_tables(profile, new[column], lives_on)
                and not (
                    _are_of_other_rows(profile, new[column]) and (stays or _are_of_other_names(profile, new[column]))
                )
            }
        )
    return [(row, column) for row, column in enumerate(assign(scores, columns=len(new))) if column is not None]


def _are_of_other_tables(old: Profile, new: Profile, lives_on: Mapping[int, int]) -> bool:
    """Tell whether a number would have changed and moved to another table, though its own lives on."""
    if old.table is None or new.table is None or old.table not in lives_on:
        return False
    return lives_on[old.table] != new.table and not old.same_limit(new)


def _are_of_other_rows(old: Profile, new: Profile) -> bool:
    """Tell whether both stand in rows of tables that have no word in common: their columns say the same of other things."""
    words = old.clause.tokens, new.clause.tokens
    return new.table is not None and all(words) and words[0].isdisjoint(words[1])


def _are_of_other_names(old: Profile, new: Profile) -> bool:
    """Tell whether two amounts differ and no name of either has a word of the other one's row: it is no row for columns."""
    names, others = old.everything.tokens, new.everything.tokens
    return not old.same_amount(new) and names.isdisjoint(new.clause.tokens) and others.isdisjoint(old.clause.tokens)


def _rounded(score: float) -> float:
    # a multiple of a power of two: sums of such are exact, so that what is equally good is so to the last digit
    return round(score * 128) / 128
