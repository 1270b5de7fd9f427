"""Requirements that alignment left alone on both sides and that are one all the same, in a sentence written anew.

Two readings may take metric and subject from different words of a reworded sentence ("results shall be kept for", "must
hold on to the results for"). Two limits of one holder that measure different things are two all the same.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from limen.domain.assignment import assign
from limen.domain.candidates import candidates
from limen.domain.likeness import may_be_one, words_in_common
from limen.domain.profile import FREQUENCY, TIME, Profile, Profiles
from limen.domain.similarity import Weights

_ENOUGH = 0.4
"""Share of the weighted words of the shorter sentence that the other one must hold, for two amounts that differ."""
_SAME_DUTY = 0.7
"""How much of their words two sentences share that state one periodic duty in two measures."""


def reunited(profiles: Profiles, rows: Mapping[int, int]) -> dict[int, int]:
    """Return pairs among what the pairing `rows` leaves over, as indices; none without the texts.

    The same amount goes first, where either side has it once; then what is most alike in its words.
    """
    if profiles.old_text is None or profiles.new_text is None:
        return {}
    columns = set(rows.values())
    old = [row for row in range(len(profiles.old)) if row not in rows]
    new = [column for column in range(len(profiles.new)) if column not in columns]
    found = _by_amount(old, new, profiles)
    taken = set(found.values())
    return found | _by_words(
        [row for row in old if row not in found], [column for column in new if column not in taken], profiles
    )


def _by_amount(old: Sequence[int], new: Sequence[int], profiles: Profiles) -> dict[int, int]:
    places: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for column in new:
        places[profiles.new[column].amount].append(column)
    rivals = Counter(profiles.old[row].amount for row in old)
    found = {}
    for row in old:
        before = profiles.old[row]
        like = places.get(before.amount, [])
        if len(like) == rivals[before.amount] == 1 and may_be_one(before, profiles.new[like[0]], profiles.weights):
            found[row] = like[0]
    return found


def _by_words(old: Sequence[int], new: Sequence[int], profiles: Profiles) -> dict[int, int]:
    before, after = [profiles.old[row] for row in old], [profiles.new[column] for column in new]
    scores = [
        {column: _kinship(profile, after[column], profiles.weights) for column in columns}
        for profile, columns in zip(before, candidates(before, after, profiles.weights), strict=True)
    ]
    return {
        old[row]: new[column] for row, column in enumerate(assign(scores, columns=len(after))) if column is not None
    }


def _kinship(old: Profile, new: Profile, weights: Weights) -> float:
    """Return how much more than enough two leftovers in one unit have in common to be one limit that moved; 0 or less
    where they have not. Cells of tables are never: alignment knows best which belong together."""
    if {old.dimension, new.dimension} == {TIME, FREQUENCY}:
        # "once a year" is an interval, "four times a year" a frequency: one duty, if the sentence is the same
        return max(0.0, weights.overlap(old.clause, new.clause) - _SAME_DUTY)
    if old.table is not None and new.table is not None:
        return 0.0
    if old.requirement.threshold.unit != new.requirement.threshold.unit:
        return 0.0
    if old.opposes(new) and old.writes_operator and new.writes_operator:
        return 0.0
    return words_in_common(old, new, weights) - _ENOUGH
