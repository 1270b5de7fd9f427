"""What changed between two readings of a rule, and only that."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import product

from limen.domain.alignment import pair_up
from limen.domain.change import Change, ChangeKind, Difference, Doubt, Note, NoteKind
from limen.domain.collection import uncollected
from limen.domain.deadline import same_deadline
from limen.domain.direction import direction_of, is_other_operator
from limen.domain.echo import LooseNumbers
from limen.domain.merging import Coverage
from limen.domain.printed import printed_numbers
from limen.domain.profile import Profile, Profiles, as_interval
from limen.domain.requirement import Requirement
from limen.domain.reunion import reunited
from limen.domain.scope import same_scope
from limen.domain.similarity import Weights
from limen.domain.threshold import plain

_ALIKE = 0.5
"""How much of their words two sentences share that were not written anew: only there are small differences telling."""
_SURE = 0.5
"""Confidence under which a requirement that only one reading has is left to a person."""


@uncollected()
def diff(
    old: Sequence[Requirement],
    new: Sequence[Requirement],
    *,
    old_text: str | None = None,
    new_text: str | None = None,
) -> Difference:
    """Return the changes from `old` to `new`, and the requirements that only took another form.

    Changes come in the order of the new text, removed requirements last in the order of the old one. A pair makes one
    change at most: of amount, else operator, else date, else modality, else scope. The texts that the requirements were
    read from are optional: they make the pairing surer (see `limen.domain.alignment.align`), and what one reading has
    while the other text states it in a like sentence, or what is less sure than even, becomes a doubt instead of a change.

    Raises:
        EvidenceMismatch: a text is not the one that its requirements were read from.
    """
    profiles = Profiles.of(old, new, old_text=old_text, new_text=new_text)
    rows = pair_up(profiles)
    rows |= reunited(profiles, rows)
    row_of = {column: row for row, column in rows.items()}
    pairs = [(profiles.old[row], profiles.new[column]) for row, column in rows.items()]
    removed = [profile for row, profile in enumerate(profiles.old) if row not in rows]
    added = [profile for column, profile in enumerate(profiles.new) if column not in row_of]
    before_added = _Other.of(old_text, [(after, before) for before, after in pairs], alone=removed)
    after_removed = _Other.of(new_text, pairs, alone=added)
    moved = _moved_numbers(pairs)
    found: list[Change | Note | Doubt] = []
    kept: list[tuple[Requirement, Requirement]] = []
    for column, after in enumerate(profiles.new):
        if column not in row_of:
            found.append(_of_one(ChangeKind.ADDED, after, before_added, profiles.weights))
            continue
        before = profiles.old[row_of[column]]
        said = _of_pair(before, after, profiles, moved)
        if said is None:
            kept.append((before.requirement, after.requirement))
        else:
            found.append(said)
    found.extend(_of_one(ChangeKind.REMOVED, before, after_removed, profiles.weights) for before in removed)
    return Difference(
        changes=tuple(item for item in found if isinstance(item, Change)),
        notes=tuple(item for item in found if isinstance(item, Note)),
        doubts=tuple(item for item in found if isinstance(item, Doubt)),
        kept=tuple(kept),
    )


@dataclass(frozen=True, slots=True)
class _Other:
    """What the other text says, of which there is a reading or not, where a requirement seems to have come or gone."""

    numbers: LooseNumbers
    coverage: Coverage

    @classmethod
    def of(
        cls, text: str | None, pairs: Sequence[tuple[Profile, Profile]], *, alone: Sequence[Profile]
    ) -> _Other | None:
        """`pairs` have the side of the requirement first and that of `text` second, `alone` are those that only `text` has."""
        if text is None:
            return None
        numbers = LooseNumbers.of(text, paired=[theirs for _, theirs in pairs], alone=alone)
        return cls(numbers, Coverage.of(pairs, text))

    def may_state(self, profile: Profile, weights: Weights) -> bool:
        """Tell whether the other text may state a requirement that its reading lacks."""
        return self.numbers.echo(profile, weights) or self.coverage.covers(profile, weights)


def _of_one(kind: ChangeKind, profile: Profile, other: _Other | None, weights: Weights) -> Change | Doubt:
    """Return what to say of a requirement that only one reading has."""
    if other is not None and (profile.requirement.confidence < _SURE or other.may_state(profile, weights)):
        return Doubt(kind=kind, requirement=profile.requirement)
    if kind is ChangeKind.REMOVED:
        return Change(kind=kind, direction=direction_of(kind, profile, None), old=profile.requirement, new=None)
    return Change(kind=kind, direction=direction_of(kind, None, profile), old=None, new=profile.requirement)


def _of_pair(
    old: Profile, new: Profile, profiles: Profiles, moved: Collection[tuple[str, str]]
) -> Change | Note | None:
    """Return what to say of a requirement that both readings have; None where it stands as it stood."""
    first, second = (old, new) if old.dimension == new.dimension else (as_interval(old), as_interval(new))
    kind = _kind(first, second, profiles, moved)
    if kind is not None:
        direction = direction_of(kind, first, second)
        return Change(kind=kind, direction=direction, old=old.requirement, new=new.requirement)
    form = _form(old, new)
    return None if form is None else Note(kind=form, old=old.requirement, new=new.requirement)


def _kind(old: Profile, new: Profile, profiles: Profiles, moved: Collection[tuple[str, str]]) -> ChangeKind | None:
    """Return what about a pair changed, or None where both say the same.

    In a sentence that was written anew, another operator, modality or scope is rather another way to say it.
    """
    before, after = old.requirement, new.requirement
    if not old.same_amount(new):
        return ChangeKind.VALUE
    anew = _is_written_anew(old, new, profiles.weights)
    if not anew and is_other_operator(old, new):
        return ChangeKind.OPERATOR
    if not same_deadline(before.by, after.by, old_text=profiles.old_text, new_text=profiles.new_text):
        return ChangeKind.DEADLINE
    if anew:
        return None
    if before.modality is not after.modality:
        return ChangeKind.MODALITY
    return None if same_scope(old, new, profiles, moved=moved) else ChangeKind.SCOPE


def _is_written_anew(old: Profile, new: Profile, weights: Weights) -> bool:
    """Tell whether the sentences have little in common; two rows of tables are told apart by a word, and never are."""
    in_tables = old.table is not None and new.table is not None
    told = old.clause.tokens and new.clause.tokens
    return bool(told and not in_tables and weights.overlap(old.clause, new.clause) < _ALIKE)


def _moved_numbers(pairs: Iterable[tuple[Profile, Profile]]) -> frozenset[tuple[str, str]]:
    """Return the numbers, old and new, of the pairs whose amount changed, as a text prints them."""
    return frozenset(
        pair for old, new in pairs if not old.same_amount(new) for pair in product(_numbers(old), _numbers(new))
    )


def _numbers(profile: Profile) -> list[str]:
    own = profile.requirement
    return [plain(own.threshold.value), *printed_numbers(own.evidence.quote)]


def _form(old: Profile, new: Profile) -> NoteKind | None:
    """Return in what form an unchanged pair differs, the most telling one first; None where it stands as it stood."""
    before, after = old.requirement, new.requirement
    if before.threshold.unit != after.threshold.unit:
        return NoteKind.UNIT_RESTATED
    if old.heading != new.heading:
        return NoteKind.MOVED
    return NoteKind.REWORDED if _wording(before) != _wording(after) else None


def _wording(requirement: Requirement) -> tuple[object, ...]:
    return (
        requirement.threshold,
        requirement.metric,
        requirement.subject,
        requirement.condition,
        requirement.by,
        requirement.evidence.quote,
    )
