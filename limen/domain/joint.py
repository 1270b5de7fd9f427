"""Two versions of a text read together: what the extractor made out in one of them helps it to read the other.

A sentence that hardly differs is read as a requirement in one version and taken for a statistic in the other: by itself
that would be a requirement that came or went. Both are the same kind of statement, so they are read the same way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from limen.domain.alignment import align
from limen.domain.assignment import assign
from limen.domain.candidates import candidates
from limen.domain.change import Difference
from limen.domain.collection import uncollected
from limen.domain.diff import diff
from limen.domain.document import Reading
from limen.domain.likeness import likeness, may_be_one
from limen.domain.profile import Profile, Profiles
from limen.domain.reason import Reason
from limen.domain.reconcile import reconciled
from limen.domain.requirement import Requirement
from limen.domain.sighting import QuantityRole, Sighting
from limen.domain.similarity import Weights

_ALIKE = 0.5
"""How much of their words two sentences share that state the same thing (see `Weights.overlap`)."""
_TOGETHER = 1.0
"""Sum of two certainties from which on both are requirements: each is more likely one than not, on the average."""
_POSSIBLE = 0.1
"""Certainty from which on a number in a sentence that was written anew may be the requirement of the same amount."""
_BY_AMOUNT = 0.05
"""What such a pair is worth: less than any pair of like sentences."""
_UNTOUCHED, _UNTOUCHED_BUT_FOR_THE_NUMBER = 0.8, 0.95
"""How much of their words two sentences share that nobody rewrote, with the same number and with another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A text with its reading."""

    text: str
    reading: Reading


@uncollected()
def read_together(old: Version, new: Version) -> tuple[Reading, Reading]:
    """Return both readings, completed by what only the other one took for a requirement, and with one name for one thing.

    What one reading lacks is looked for among its own sightings; a reading without sightings comes back as it is. For
    names and operators see `limen.domain.reconcile`.

    Raises:
        EvidenceMismatch: a reading is not of its text.
    """
    aligned = align(old.reading.requirements, new.reading.requirements, old_text=old.text, new_text=new.text)
    return reconciled(
        _completed(old, aligned.added, new.text),
        _completed(new, aligned.removed, old.text),
        old_text=old.text,
        new_text=new.text,
    )


def compare(old: Version, new: Version) -> Difference:
    """Return what changed between two versions that are read together. Raises as `read_together`."""
    before, after = read_together(old, new)
    return diff(before.requirements, after.requirements, old_text=old.text, new_text=new.text)


def _completed(version: Version, lacking: Sequence[Requirement], other_text: str) -> Reading:
    """Return a reading with what it lacks, as far as its text states the same kind of thing in a like sentence."""
    reading = version.reading
    sightings = [each for each in reading.sightings if each.role is not QuantityRole.REQUIREMENT]
    if not lacking or not sightings:
        return reading
    profiles = Profiles.of(lacking, [_bare(each) for each in sightings], old_text=other_text, new_text=version.text)
    frequency = Counter(each.amount for each in (*profiles.old, *profiles.new))
    lone = {amount for amount, count in frequency.items() if count == 2}
    scores = [
        {column: _score(before, profiles.new[column], profiles.weights, lone=lone) for column in columns}
        for before, columns in zip(profiles.old, candidates(profiles.old, profiles.new, profiles.weights), strict=True)
    ]
    lifted = [
        _lifted(sightings[column], lacking[row])
        for row, column in enumerate(assign(scores, columns=len(sightings)))
        if column is not None and _is_one(profiles.old[row], profiles.new[column], sightings[column], profiles)
    ]
    found = sorted((*reading.requirements, *lifted), key=lambda each: (each.evidence.start, each.evidence.end))
    return replace(reading, requirements=tuple(found))


def _score(told: Profile, seen: Profile, weights: Weights, *, lone: Collection[tuple[str, ...]]) -> float:
    """Return how well a sighting stands for a requirement of the other text; 0 or less where it does not.

    `lone` are the amounts that come twice in all.
    """
    if told.dimension != seen.dimension:
        return 0.0
    if weights.overlap(told.clause, seen.clause) >= _ALIKE:
        return likeness(told, seen, weights)
    is_lone = told.amount == seen.amount and told.amount in lone
    return _BY_AMOUNT if is_lone and may_be_one(told, seen, weights) else 0.0


def _is_one(told: Profile, seen: Profile, sighting: Sighting, profiles: Profiles) -> bool:
    """Tell whether a sighting is a requirement, being like one: both are likely enough together, or nothing was rewritten,
    or it is the only number of that amount."""
    alike = profiles.weights.overlap(told.clause, seen.clause)
    if alike < _ALIKE:
        return sighting.certainty >= _POSSIBLE
    if alike >= (_UNTOUCHED if told.same_amount(seen) else _UNTOUCHED_BUT_FOR_THE_NUMBER):
        return True
    return told.requirement.confidence + sighting.certainty >= _TOGETHER


def _bare(sighting: Sighting) -> Requirement:
    return Requirement(
        threshold=sighting.threshold,
        metric=sighting.metric or "",
        subject=sighting.subject,
        evidence=sighting.evidence,
    )


def _lifted(sighting: Sighting, like: Requirement) -> Requirement:
    """Return a sighting as the requirement that it is like; only number, unit and a written operator are its own."""
    threshold = sighting.threshold
    if (
        Reason.OPERATOR_SEEN not in sighting.reasons
        and threshold.value_max is None
        and like.threshold.value_max is None
    ):
        threshold = replace(threshold, op=like.threshold.op)
    return replace(
        like,
        threshold=threshold,
        evidence=sighting.evidence,
        previous=None,
        confidence=round((like.confidence + sighting.certainty) / 2, 2),
    )
