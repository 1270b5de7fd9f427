"""One name and one operator for what two versions both require."""

from __future__ import annotations

from dataclasses import replace

import pytest

from limen.domain.change import ChangeKind
from limen.domain.document import Reading
from limen.domain.errors import EvidenceMismatch
from limen.domain.joint import Version, compare
from limen.domain.reason import Reason
from limen.domain.reconcile import reconciled
from limen.domain.requirement import Requirement
from limen.domain.sighting import QuantityRole, Sighting
from tests.unit.domain.making import within

OLD = "Members pay a levy of 0.96 AUD per kilogram of alkaline batteries."
NEW = "For alkaline batteries the levy that members pay is 0.88 AUD per kilogram."
LEVY = within(
    OLD,
    "0.96 AUD per kilogram",
    "= 0.96 AUD/kg",
    "levy",
    "alkaline batteries",
    metric_id="levy",
    reasons=(Reason.OPERATOR_SEEN,),
)
MONEY = within(
    NEW,
    "0.88 AUD per kilogram",
    "= 0.88 AUD/kg",
    "money",
    "alkaline batteries that members",
    reasons=(Reason.OPERATOR_SEEN,),
)


def reading(requirement: Requirement, *, metric: float = 0.5, subject: float = 0.5) -> Reading:
    """Return a reading of one requirement with how sure its names are."""
    sighting = Sighting(
        threshold=requirement.threshold,
        role=QuantityRole.REQUIREMENT,
        evidence=requirement.evidence,
        metric=requirement.metric,
        metric_certainty=metric,
        subject=requirement.subject,
        subject_certainty=subject,
    )
    return Reading(language="en", requirements=(requirement,), sightings=(sighting,))


def together(
    old: Reading, new: Reading, *, old_text: str = OLD, new_text: str = NEW
) -> tuple[Requirement, Requirement]:
    before, after = reconciled(old, new, old_text=old_text, new_text=new_text)
    return before.requirements[0], after.requirements[0]


def test_the_surer_name_stands_for_both() -> None:
    before, after = together(reading(LEVY, metric=0.9, subject=0.2), reading(MONEY, metric=0.4, subject=0.8))
    assert (before.metric, before.metric_id, before.subject) == ("levy", "levy", "alkaline batteries that members")
    assert (after.metric, after.metric_id, after.subject) == ("levy", "levy", "alkaline batteries that members")
    before, after = together(reading(LEVY, metric=0.3), reading(MONEY, metric=0.4))
    assert (before.metric, after.metric) == ("money", "money")
    assert (before.metric_id, after.metric_id) == (None, None)


def test_numbers_and_evidence_stay_their_own() -> None:
    before, after = together(reading(LEVY), reading(MONEY))
    assert (before.threshold, before.evidence) == (LEVY.threshold, LEVY.evidence)
    assert (after.threshold, after.evidence) == (MONEY.threshold, MONEY.evidence)


def test_subjects_that_do_not_cover_the_same_are_both_kept() -> None:
    text = NEW.replace("alkaline", "existing alkaline")
    existing = within(text, "0.88 AUD per kilogram", "= 0.88 AUD/kg", "levy", "existing alkaline batteries")
    before, after = together(reading(LEVY), reading(existing), new_text=text)
    assert (before.subject, after.subject) == ("alkaline batteries", "existing alkaline batteries")


def test_a_reading_of_which_nobody_knows_how_sure_it_is_stays_as_it_is() -> None:
    bare = replace(reading(MONEY), sightings=())
    assert reconciled(reading(LEVY), bare, old_text=OLD, new_text=NEW) == (reading(LEVY), bare)


@pytest.mark.parametrize(
    ("here", "there", "expected"),
    [
        (Reason.OPERATOR_SEEN, Reason.OPERATOR_ASSUMED, "<="),
        (Reason.OPERATOR_NOUN, Reason.OPERATOR_ASSUMED, "<="),
        (Reason.OPERATOR_SEEN, Reason.OPERATOR_INHERITED, "<="),
        (Reason.OPERATOR_ASSUMED, Reason.OPERATOR_SEEN, "="),
        (Reason.OPERATOR_INHERITED, Reason.OPERATOR_NOUN, None),
        (Reason.OPERATOR_SEEN, Reason.OPERATOR_SEEN, None),
    ],
)
def test_an_operator_with_the_better_ground_stands_for_both(here: Reason, there: Reason, expected: str | None) -> None:
    old = within(OLD, "0.96 AUD per kilogram", "<= 0.96 AUD/kg", "levy", "alkaline batteries", reasons=(here,))
    before, after = together(reading(old), reading(replace(MONEY, metric="levy", reasons=(there,))))
    operators = (before.threshold.op.value, after.threshold.op.value)
    assert operators == (("<=", "=") if expected is None else (expected, expected))


def test_a_range_keeps_its_operator() -> None:
    text = "Members pay a levy of 0.80 to 0.96 AUD per kilogram of alkaline batteries."
    old = within(
        text, "0.80 to 0.96 AUD per kilogram", "between 0.80 0.96 AUD/kg", "levy", "alkaline batteries",
        reasons=(Reason.OPERATOR_SEEN,),
    )  # fmt: skip
    new = replace(MONEY, metric="levy", reasons=(Reason.OPERATOR_ASSUMED,))
    before, after = together(reading(old), reading(new), old_text=text)
    assert (before.threshold.op.value, after.threshold.op.value) == ("between", "=")


def test_a_change_has_one_name() -> None:
    old = Version(text=OLD, reading=reading(LEVY, metric=0.9))
    new = Version(text=NEW, reading=reading(MONEY, metric=0.4))
    [change] = compare(old, new).changes
    assert change.kind is ChangeKind.VALUE
    assert [side.metric for side in (change.old, change.new) if side is not None] == ["levy", "levy"]


def test_a_reading_of_another_text_is_refused() -> None:
    with pytest.raises(EvidenceMismatch):
        reconciled(reading(LEVY), reading(MONEY), old_text=NEW, new_text=NEW)


def test_a_set_sum_and_the_same_sum_as_a_bound_are_two_sums() -> None:
    old_text, new_text = "The fee is 500 EUR.", "The fee is at most 500 EUR."
    old = within(old_text, "500 EUR", "= 500 EUR", "fee", reasons=(Reason.OPERATOR_ASSUMED,))
    new = within(new_text, "at most 500 EUR", "<= 500 EUR", "fee", reasons=(Reason.OPERATOR_SEEN,))
    versions = (Version(text=old_text, reading=reading(old)), Version(text=new_text, reading=reading(new)))
    [change] = compare(*versions).changes
    assert change.kind is ChangeKind.OPERATOR
