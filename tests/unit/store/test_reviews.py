"""The review queue: what goes in, what a decision does, and that it outlives another reading."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from limen.domain.diff import diff
from limen.domain.document import Reading
from limen.domain.reason import Reason
from limen.domain.requirement import Requirement
from limen.domain.review import ReviewState
from limen.store import queries
from limen.store.errors import NotStored
from limen.store.records import SavedComparison, StoredRequirement, StoredVersion
from limen.store.repositories import changes, documents, readings, reviews
from limen.store.review_queries import queue, reviewed
from limen.store.search.search import search
from tests.unit.store.samples import DAY, DAY_1, a_requirement, a_version, keep

FLOOR = 0.5
TEXT = "Cells shall reach at least 160 Wh/kg. Exporters pay 500 USD for each container."


def unsure(text: str = TEXT, *, value: str = "500", confidence: float = 0.4, metric: str = "fee") -> Requirement:
    found = a_requirement(text, f"{value} USD", value, "USD", metric=metric)
    return replace(found, confidence=confidence, reasons=(Reason.OPERATOR_ASSUMED, Reason.UNIT_SEEN))


def sure(text: str = TEXT) -> Requirement:
    return a_requirement(text, "at least 160 Wh/kg", "160", "Wh/kg", subject="cells")


def read(
    session: Session, version: StoredVersion, *found: Requirement, below: float = FLOOR
) -> tuple[StoredRequirement, ...]:
    reading = Reading(language="en", requirements=found)
    return readings.save(session, version.id, reading, extractor_version="2", at=DAY_1, review_below=below)


@pytest.fixture
def version(session: Session) -> StoredVersion:
    return keep(session, a_version(TEXT))[0]


def compare(session: Session, old: StoredVersion, new: StoredVersion) -> SavedComparison:
    sides = [[each.requirement for each in readings.requirements(session, one.id)] for one in (old, new)]
    return changes.save(
        session, old_version_id=old.id, new_version_id=new.id, difference=diff(*sides), detected_at=DAY_1
    )


@pytest.fixture
def comparison(session: Session, version: StoredVersion) -> SavedComparison:
    """The sure limit and the unsure fee both changed."""
    read(session, version, sure(), unsure())
    text = TEXT.replace("160", "165").replace("500", "600")
    new, _ = keep(session, a_version(text, at=DAY_1 + DAY))
    limit = a_requirement(text, "at least 165 Wh/kg", "165", "Wh/kg", subject="cells")
    read(session, new, limit, unsure(text, value="600"))
    return compare(session, version, new)


def test_what_is_under_the_floor_awaits_its_review(session: Session, version: StoredVersion) -> None:
    first, second = read(session, version, sure(), unsure())
    assert (first.review, second.review) == (None, ReviewState.AWAITING)
    (entry,) = queue(session)
    assert entry.requirement == second.requirement
    assert entry.sentence == "Exporters pay 500 USD for each container"
    assert (entry.mark, entry.held, entry.decided_at) == (second.mark, 0, None)
    assert reviewed(session, entry.mark) == entry


def test_without_a_floor_nothing_does(session: Session, version: StoredVersion) -> None:
    assert {each.review for each in read(session, version, sure(), unsure(), below=0.0)} == {None}
    assert queue(session) == ()


@pytest.mark.parametrize("state", [ReviewState.ACCEPTED, ReviewState.REJECTED])
def test_a_decision_outlives_another_reading_of_the_same_words(
    session: Session, version: StoredVersion, state: ReviewState
) -> None:
    mark = read(session, version, sure(), unsure())[1].mark
    assert reviews.decide(session, mark, state, at=DAY_1) == 1
    assert queue(session) == ()
    again = read(session, version, sure(), unsure(metric="container fee", confidence=0.3))
    assert again[1].review is state
    longer = f"A new first sentence. {TEXT}"
    later, _ = keep(session, a_version(longer, at=DAY_1 + DAY))
    assert read(session, later, unsure(longer))[0].review is state
    assert [entry.decided_at for entry in queue(session, state=state)] == [DAY_1]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (TEXT.replace("500", "550"), "550"),
        (TEXT.replace("for each container", "for each ship"), "500"),
    ],
)
def test_another_value_or_another_sentence_is_asked_again(
    session: Session, version: StoredVersion, text: str, value: str
) -> None:
    mark = read(session, version, unsure())[0].mark
    reviews.decide(session, mark, ReviewState.ACCEPTED, at=DAY_1)
    later, _ = keep(session, a_version(text, at=DAY_1 + DAY))
    assert read(session, later, unsure(text, value=value))[0].review is ReviewState.AWAITING


def test_the_same_words_in_another_document_are_asked_again(session: Session, version: StoredVersion) -> None:
    mark = read(session, version, unsure())[0].mark
    reviews.decide(session, mark, ReviewState.REJECTED, at=DAY_1)
    other, _ = keep(session, a_version(TEXT, url="https://cn-miit.example/other"))
    assert read(session, other, unsure())[0].review is ReviewState.AWAITING


def test_only_what_was_put_up_can_be_decided(session: Session, version: StoredVersion) -> None:
    mark = read(session, version, sure())[0].mark
    for wrong in (mark, "no-such-mark"):
        with pytest.raises(NotStored, match=wrong):
            reviews.decide(session, wrong, ReviewState.ACCEPTED, at=DAY_1)
        with pytest.raises(NotStored, match=wrong):
            reviewed(session, wrong)


def test_a_change_of_something_unsure_is_held(session: Session, comparison: SavedComparison) -> None:
    assert len(comparison.change_ids) == 2
    assert len(comparison.free_ids) == 1
    (told,) = changes.alert(session, comparison.id).changes
    assert told.subject_requirement.metric == "energy density"
    assert [entry.change for entry in queries.changes(session)] == [told]
    assert reviews.take_released(session) == ()
    # Both sides are shown: the old number waits as well.
    assert [(int(entry.requirement.threshold.value), entry.held) for entry in queue(session)] == [(600, 1), (500, 1)]


def test_a_change_is_released_once_when_both_sides_are_accepted(session: Session, comparison: SavedComparison) -> None:
    new, old = queue(session)
    reviews.decide(session, new.mark, ReviewState.ACCEPTED, at=DAY_1)
    assert reviews.take_released(session) == ()
    reviews.decide(session, old.mark, ReviewState.ACCEPTED, at=DAY_1)
    ((_, released),) = reviews.take_released(session)
    assert (released.id, frozenset(released.change_ids)) == (comparison.id, comparison.held_ids)
    assert reviews.take_released(session) == ()
    assert len(queries.changes(session)) == 2


def test_a_change_of_something_rejected_is_never_told(session: Session, comparison: SavedComparison) -> None:
    for entry in queue(session):
        reviews.decide(session, entry.mark, ReviewState.REJECTED, at=DAY_1)
    assert reviews.take_released(session) == ()
    assert len(queries.changes(session)) == 1
    assert reviews.lower_floor(session, 0.0) == 0


def test_a_lower_floor_sets_free_what_is_no_longer_under_it(session: Session, comparison: SavedComparison) -> None:
    assert reviews.lower_floor(session, FLOOR) == 0
    assert reviews.lower_floor(session, 0.3) == 2
    assert queue(session) == ()
    assert len(reviews.take_released(session)) == 1


def test_a_surer_reading_sets_the_held_change_free(session: Session, comparison: SavedComparison) -> None:
    versions = [documents.by_id(session, number) for number in (1, 2)]
    for version, value in zip(versions, ("500", "600"), strict=True):
        text = version.version.text
        read(session, version, unsure(text, value=value, confidence=0.9))
    assert len(reviews.take_released(session)) == 1


def test_search_finds_what_is_reported(session: Session, version: StoredVersion) -> None:
    mark = read(session, version, sure(), unsure())[1].mark
    assert search(session, "metric:fee").requirement_count == 0
    reviews.decide(session, mark, ReviewState.ACCEPTED, at=DAY_1)
    assert search(session, "metric:fee").requirement_count == 1
    reviews.decide(session, mark, ReviewState.REJECTED, at=DAY_1)
    assert search(session, "metric:fee").requirement_count == 0
    assert queries.overview(session).requirements == 1
