"""One name and one operator for what two versions of a text both require.

The extractor reads either version by itself. So it may take a name from other words of a sentence that was written anew, and
guess an operator in one version that the other one writes out: that would look like two requirements, or like a change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from limen.domain.alignment import pair_up
from limen.domain.direction import are_two_sums
from limen.domain.document import Reading
from limen.domain.profile import Profiles
from limen.domain.reason import Reason
from limen.domain.requirement import Requirement
from limen.domain.reunion import reunited
from limen.domain.scope import same_scope
from limen.domain.sighting import Sighting
from limen.domain.threshold import Comparator

_GROUNDS = {
    Reason.OPERATOR_SEEN: 2,
    Reason.OPERATOR_NOUN: 1,
    Reason.OPERATOR_INHERITED: 1,
    Reason.OPERATOR_ASSUMED: 0,
}
"""How good the ground is on which an operator rests."""


def reconciled(old: Reading, new: Reading, *, old_text: str, new_text: str) -> tuple[Reading, Reading]:
    """Return both readings with the same names and operators for the requirements that are one.

    Of two metrics, and of two subjects that cover the same, the surer one stands for both; of two operators the one with
    the better ground, but for a set sum of money that became a bound. Readings without sightings come back as they are:
    nothing tells how sure their names are.

    Raises:
        EvidenceMismatch: a reading is not of its text.
    """
    if not old.sightings or not new.sightings:
        return old, new
    before, after = list(old.requirements), list(new.requirements)
    profiles = Profiles.of(before, after, old_text=old_text, new_text=new_text)
    rows = pair_up(profiles)
    rows |= reunited(profiles, rows)
    sure_before, sure_after = _Certainties.of(old.sightings), _Certainties.of(new.sightings)
    for row, column in rows.items():
        first, second = before[row], after[column]
        if not are_two_sums(profiles.old[row], profiles.new[column]):
            first, second = _one_operator(first, second)
        is_first = sure_before.metric(first) >= sure_after.metric(second)
        first, second = _one_metric(first, second, is_first=is_first)
        if same_scope(profiles.old[row], profiles.new[column], profiles):
            surer = first if sure_before.subject(first) >= sure_after.subject(second) else second
            first, second = replace(first, subject=surer.subject), replace(second, subject=surer.subject)
        before[row], after[column] = first, second
    return replace(old, requirements=tuple(before)), replace(new, requirements=tuple(after))


@dataclass(frozen=True, slots=True)
class _Certainties:
    """How sure the names of a reading are, by the place of the number."""

    by_place: Mapping[tuple[int, int], Sighting]

    @classmethod
    def of(cls, sightings: Sequence[Sighting]) -> _Certainties:
        return cls({(each.evidence.start, each.evidence.end): each for each in sightings})

    def metric(self, requirement: Requirement) -> float:
        sighting = self._sighting(requirement)
        return 0.0 if sighting is None else sighting.metric_certainty

    def subject(self, requirement: Requirement) -> float:
        sighting = self._sighting(requirement)
        return 0.0 if sighting is None else sighting.subject_certainty

    def _sighting(self, requirement: Requirement) -> Sighting | None:
        return self.by_place.get((requirement.evidence.start, requirement.evidence.end))


def _one_metric(old: Requirement, new: Requirement, *, is_first: bool) -> tuple[Requirement, Requirement]:
    surer = old if is_first else new
    return (
        replace(old, metric=surer.metric, metric_id=surer.metric_id),
        replace(new, metric=surer.metric, metric_id=surer.metric_id),
    )


def _one_operator(old: Requirement, new: Requirement) -> tuple[Requirement, Requirement]:
    """Return both with one operator where one has the better ground for its own; a range keeps its own."""
    first, second = old.threshold, new.threshold
    if first.op is second.op or Comparator.BETWEEN in (first.op, second.op):
        return old, new
    here, there = _ground(old), _ground(new)
    if here > there:
        return old, replace(new, threshold=replace(second, op=first.op))
    if there > here:
        return replace(old, threshold=replace(first, op=second.op)), new
    return old, new


def _ground(requirement: Requirement) -> int:
    return max((_GROUNDS.get(reason, 0) for reason in requirement.reasons), default=0)
