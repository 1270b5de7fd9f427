"""Two versions read together."""

from __future__ import annotations

from dataclasses import replace

import pytest

from limen.domain.change import ChangeKind
from limen.domain.document import Reading
from limen.domain.joint import Version, compare, read_together
from limen.domain.reason import Reason
from limen.domain.requirement import Requirement
from limen.domain.sighting import QuantityRole, Sighting
from tests.unit.domain.making import within

OLD = "Residents are to be told of a blast at least 48 hours before."
NEW = "Residents are to be told of a blast at least 72 hours before."


def requirement(text: str, hours: int, *, confidence: float = 0.9) -> Requirement:
    return within(text, f"at least {hours} hours", f">= {hours} hour", "notice", "residents", confidence=confidence)


def seen(found: Requirement, *, certainty: float, reasons: tuple[Reason, ...] = (Reason.OPERATOR_SEEN,)) -> Sighting:
    return Sighting(
        threshold=found.threshold,
        role=QuantityRole.STATISTIC,
        evidence=found.evidence,
        certainty=certainty,
        reasons=reasons,
    )


def read(text: str, *requirements: Requirement, sightings: tuple[Sighting, ...] = ()) -> Version:
    return Version(text=text, reading=Reading(language="en", requirements=requirements, sightings=sightings))


def test_a_number_that_one_version_takes_for_a_statistic_is_read_as_in_the_other() -> None:
    old, missed = requirement(OLD, 48), requirement(NEW, 72)
    _, after = read_together(read(OLD, old), read(NEW, sightings=(seen(missed, certainty=0.3),)))
    [lifted] = after.requirements
    assert lifted == replace(missed, confidence=0.6)
    [change] = compare(read(OLD, old), read(NEW, sightings=(seen(missed, certainty=0.3),))).changes
    assert (change.kind, change.old, change.new) == (ChangeKind.VALUE, old, lifted)


def test_the_other_way_round_as_well() -> None:
    missed, new = requirement(OLD, 48), requirement(NEW, 72)
    before, _ = read_together(read(OLD, sightings=(seen(missed, certainty=0.3),)), read(NEW, new))
    assert [each.threshold for each in before.requirements] == [missed.threshold]


def test_an_operator_that_the_text_does_not_write_is_taken_from_the_other_version() -> None:
    guessed = within(NEW, "72 hours", "= 72 hour", "notice")
    sightings = (seen(guessed, certainty=0.4, reasons=(Reason.OPERATOR_ASSUMED,)),)
    _, after = read_together(read(OLD, requirement(OLD, 48)), read(NEW, sightings=sightings))
    assert [str(each.threshold) for each in after.requirements] == [">= 72 hour"]


@pytest.mark.parametrize("text", ["The siren sounded 72 hours before the storm.", "A blast took 72 hours to prepare."])
def test_another_sentence_is_left_alone(text: str) -> None:
    other = within(text, "72 hours", "= 72 hour", "time")
    new = read(text, sightings=(seen(other, certainty=0.4),))
    before, after = read_together(read(OLD, requirement(OLD, 48)), new)
    assert after == new.reading
    assert len(before.requirements) == 1


def test_what_was_rewritten_and_is_unlikely_on_both_sides_stays_apart() -> None:
    new_text = "Residents near the pit are to be told of a blast by letter at least 72 hours before."
    missed = requirement(new_text, 72)
    new = read(new_text, sightings=(seen(missed, certainty=0.1),))
    _, after = read_together(read(OLD, requirement(OLD, 48, confidence=0.55)), new)
    assert after.requirements == ()
