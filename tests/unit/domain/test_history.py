from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from limen.domain.change import Change, ChangeKind, Direction
from limen.domain.document import Stage
from limen.domain.history import (
    History,
    MilestoneKind,
    Repeal,
    RuleText,
    first_day,
    history,
    in_force_on,
    text_in_force,
)
from limen.domain.requirement import Requirement

from .making import requirement

CELLS, DUST = requirement(">= 160 Wh/kg"), requirement("<= 5 mg/m**3", "dust")
HIGHER = requirement(">= 165 Wh/kg")


def day(text: str) -> date:
    return date.fromisoformat(text)


def text(document: int, stage: Stage, since: str, *requirements: tuple[str, Requirement], **fields: Any) -> RuleText:
    """Return the first version of a document that was fetched on the day on which it was published."""
    at = datetime.fromisoformat(since).replace(tzinfo=UTC)
    known: dict[str, Any] = {
        "version_id": document * 10,
        "document_id": document,
        "number": 1,
        "title": f"Text {document}",
        "url": f"https://site.example/{document}",
        "stage": stage,
        "edition": None,
        "valid_from": at,
        "fetched_at": at,
        "effective_on": None,
        "requirements": requirements,
    }
    return RuleText(**{**known, **fields})


def changed(key: str, old: Requirement, new: Requirement) -> tuple[str, Change]:
    return key, Change(kind=ChangeKind.VALUE, direction=Direction.TIGHTENED, old=old, new=new)


def removed(key: str, old: Requirement) -> tuple[str, Change]:
    return key, Change(kind=ChangeKind.REMOVED, direction=Direction.LOOSENED, old=old, new=None)


def steps(found: History, key: str) -> list[tuple[str, str, Stage]]:
    (life,) = (each for each in found.requirements if each.key == key)
    return [(step.kind.value, step.on.isoformat(), step.text.stage) for step in life.milestones]


def holding(texts: Iterable[RuleText], as_of: str, known_on: str | None = None) -> list[Requirement | None]:
    found = history(texts, as_of=day(as_of), known_on=None if known_on is None else day(known_on))
    return [each.holds for each in found.holding]


DRAFT = text(1, Stage.DRAFT, "2021-11-18", ("k", CELLS), ("d", DUST), edition="2021")
FINAL = text(2, Stage.FINAL, "2021-12-10", ("k", CELLS), ("d", DUST), edition="2021", effective_on=day("2021-12-15"))
NEXT_DRAFT = text(
    3,
    Stage.DRAFT,
    "2024-05-08",
    ("k", HIGHER),
    edition="2024",
    changes=(changed("k", CELLS, HIGHER), removed("d", DUST)),
)
NEXT = text(4, Stage.FINAL, "2024-06-19", ("k", HIGHER), edition="2024", effective_on=day("2024-06-20"))
CHAIN = (DRAFT, FINAL, NEXT_DRAFT, NEXT)


def test_a_requirement_is_proposed_then_final_then_in_force_then_changed() -> None:
    found = history(CHAIN, as_of=day("2025-01-01"))
    assert steps(found, "k") == [
        ("proposed", "2021-11-18", Stage.DRAFT),
        ("final", "2021-12-10", Stage.FINAL),
        ("in_force", "2021-12-15", Stage.FINAL),
        ("changed", "2024-05-08", Stage.DRAFT),
        ("final", "2024-06-19", Stage.FINAL),
        ("in_force", "2024-06-20", Stage.FINAL),
    ]
    (life,) = found.holding
    change = life.milestones[3]
    assert (change.requirement, change.previous, change.learned_at) == (HIGHER, CELLS, NEXT_DRAFT.fetched_at)


def test_a_removal_in_a_draft_becomes_law_with_the_final_text() -> None:
    found = history(CHAIN, as_of=day("2025-01-01"))
    assert steps(found, "d")[3:] == [
        ("removed", "2024-05-08", Stage.DRAFT),
        ("removed", "2024-06-20", Stage.FINAL),
    ]
    kept = replace(NEXT, requirements=(("k", HIGHER), ("d", DUST)))
    assert steps(history([DRAFT, FINAL, NEXT_DRAFT, kept], as_of=day("2025-01-01")), "d")[3:] == [
        ("removed", "2024-05-08", Stage.DRAFT)
    ]


def test_what_no_comparison_calls_removed_was_only_not_found() -> None:
    silent = replace(NEXT, requirements=(("k", HIGHER),), changes=(changed("k", CELLS, HIGHER),))
    found = history([FINAL, silent], as_of=day("2025-01-01"))
    assert [kind for kind, *_ in steps(found, "d")] == ["final", "in_force"]
    # it is not in the text in force, so it is not said to hold
    assert [each.holds for each in found.holding] == [HIGHER]


def test_what_held_is_told_by_the_day_of_effect_and_not_of_publication() -> None:
    assert holding(CHAIN, "2021-12-14") == []
    assert holding(CHAIN, "2021-12-15") == [CELLS, DUST]
    assert holding(CHAIN, "2024-06-19") == [CELLS, DUST]
    assert holding(CHAIN, "2024-06-20") == [HIGHER]


def test_only_what_was_fetched_by_then_was_known() -> None:
    late = replace(NEXT, fetched_at=datetime(2024, 9, 1, 23, 59, tzinfo=UTC))
    chain = (DRAFT, FINAL, NEXT_DRAFT, late)
    assert holding(chain, "2024-07-01", "2024-08-31") == [CELLS, DUST]
    assert holding(chain, "2024-07-01", "2024-09-01") == [HIGHER]
    assert holding(chain, "2024-07-01", "2021-11-01") == []
    assert history(chain, as_of=day("2024-07-01"), known_on=day("2021-11-20")).texts == (DRAFT,)


def test_without_a_day_of_effect_a_text_holds_from_its_publication() -> None:
    plain = replace(FINAL, effective_on=None)
    assert holding([plain], "2021-12-09") == []
    assert holding([plain], "2021-12-10") == [CELLS, DUST]
    assert [step[1] for step in steps(history([plain], as_of=day("2022-01-01")), "k")] == ["2021-12-10"] * 2


def test_a_requirement_with_its_own_day_is_in_force_from_then() -> None:
    phased = requirement(">= 170 Wh/kg", by="2027-02-18")
    law = replace(FINAL, requirements=(("k", CELLS), ("p", phased)))
    assert in_force_on(law, phased) == day("2027-02-18")
    assert holding([law], "2027-02-17") == [CELLS]
    assert holding([law], "2027-02-18") == [CELLS, phased]
    # a day that has passed already changes nothing
    assert in_force_on(law, replace(phased, by="2020-01-01")) == day("2021-12-15")
    assert in_force_on(law, replace(phased, by="soon")) == day("2021-12-15")


@pytest.mark.parametrize(
    ("period", "first"),
    [
        ("2027-12-31", "2027-12-31"),
        ("2027-12", "2027-12-01"),
        ("2027", "2027-01-01"),
        ("2027-28", "2027-01-01"),
        ("2027-02-30", None),
        ("soon", None),
    ],
)
def test_the_first_day_of_a_period(period: str, first: str | None) -> None:
    assert first_day(period) == (None if first is None else day(first))


def test_a_page_that_becomes_final_and_is_then_postponed() -> None:
    page = replace(DRAFT, requirements=(("k", CELLS),))
    final = replace(
        page,
        version_id=11,
        number=2,
        stage=Stage.FINAL,
        valid_from=datetime(2022, 1, 10, tzinfo=UTC),
        effective_on=day("2022-03-01"),
    )
    postponed = replace(
        final, version_id=12, number=3, valid_from=datetime(2022, 2, 1, tzinfo=UTC), effective_on=day("2022-06-01")
    )
    found = history([postponed, page, final], as_of=day("2022-04-01"))
    assert found.in_force is None
    assert [(kind, on) for kind, on, _ in steps(found, "k")] == [
        ("proposed", "2021-11-18"),
        ("final", "2022-01-10"),
        ("in_force", "2022-03-01"),
        ("in_force", "2022-06-01"),
    ]
    assert holding([page, final, postponed], "2022-06-01") == [CELLS]
    # by what was known before, it would have held
    assert holding([page, final, replace(postponed, fetched_at=postponed.valid_from)], "2022-04-01", "2022-01-31") == [
        CELLS
    ]


def test_a_later_version_of_a_text_holds_no_earlier_than_it_was_there() -> None:
    corrected = replace(
        FINAL,
        version_id=21,
        number=2,
        valid_from=datetime(2022, 3, 1, tzinfo=UTC),
        requirements=(("k", HIGHER), ("d", DUST)),
        changes=(changed("k", CELLS, HIGHER),),
    )
    assert holding([FINAL, corrected], "2022-02-28") == [CELLS, DUST]
    assert holding([FINAL, corrected], "2022-03-01") == [HIGHER, DUST]
    assert steps(history([FINAL, corrected], as_of=day("2023-01-01")), "k")[2:] == [
        ("changed", "2022-03-01", Stage.FINAL),
        ("final", "2022-03-01", Stage.FINAL),
        ("in_force", "2022-03-01", Stage.FINAL),
    ]


def test_a_reprint_of_an_older_edition_takes_nothing_over() -> None:
    reprint = replace(
        FINAL, document_id=9, version_id=90, valid_from=datetime(2025, 1, 1, tzinfo=UTC), effective_on=None
    )
    assert text_in_force([*CHAIN, reprint], day("2026-01-01")) is NEXT
    # editions that are counted otherwise have no order among years
    second = replace(reprint, edition="second")
    assert text_in_force([*CHAIN, second], day("2026-01-01")) is second


def test_a_notice_without_numbers_takes_the_place_of_no_text() -> None:
    notice = text(9, Stage.FINAL, "2025-01-01")
    assert text_in_force([*CHAIN, notice], day("2026-01-01")) is NEXT
    assert text_in_force([notice], day("2026-01-01")) is notice


def test_an_amendment_leaves_the_whole_text_in_force_and_is_named_beside_it() -> None:
    amendment = text(
        5, Stage.FINAL, "2022-05-01", ("a", HIGHER), is_amending=True, effective_on=day("2022-06-01"), edition="2021"
    )
    before = history([DRAFT, FINAL, amendment], as_of=day("2022-05-31"))
    assert (before.in_force, before.amended) == (FINAL, ())
    after = history([DRAFT, FINAL, amendment], as_of=day("2022-06-01"))
    assert (after.in_force, after.amended) == (FINAL, (amendment,))
    # the next edition holds what it changed
    assert history([*CHAIN, amendment], as_of=day("2025-01-01")).amended == ()
    assert text_in_force([amendment], day("2023-01-01")) is amendment


def test_a_repeal_ends_what_it_means() -> None:
    repeal = Repeal(
        on=day("2023-01-01"), title="Law", url="u", version_id=99, fetched_at=datetime(2023, 1, 1, tzinfo=UTC)
    )
    before = history([DRAFT, FINAL], as_of=day("2022-12-31"), repeals=[repeal])
    assert (before.repealed, len(before.holding)) == (None, 2)
    after = history([DRAFT, FINAL], as_of=day("2023-01-01"), repeals=[repeal])
    assert (after.repealed, after.in_force, after.holding) == (repeal, None, ())
    assert [kind for kind, *_ in steps(after, "k")] == ["proposed", "final", "in_force"]
    unknown = history([FINAL], as_of=day("2023-01-01"), known_on=day("2022-12-31"), repeals=[repeal])
    assert unknown.repealed is None
    # of another edition, or before the text that holds
    assert history([FINAL], as_of=day("2024-01-01"), repeals=[replace(repeal, edition="2018")]).repealed is None
    assert history(CHAIN, as_of=day("2024-07-01"), repeals=[repeal]).repealed is None


def test_a_text_that_does_not_say_where_it_stands_only_states() -> None:
    found = history([text(1, Stage.NONE, "2024-01-01", ("k", CELLS))], as_of=day("2024-02-01"))
    assert [kind for kind, *_ in steps(found, "k")] == ["stated"]
    assert found.holding == ()


def test_a_change_against_an_older_text_is_told_once() -> None:
    """The draft was found after the final text had been compared with the edition before: both comparisons say 160, 165."""
    final = replace(NEXT, changes=(changed("k", CELLS, HIGHER),))
    kinds = [kind for kind, *_ in steps(history([FINAL, NEXT_DRAFT, final], as_of=day("2025-01-01")), "k")]
    assert kinds.count(MilestoneKind.CHANGED.value) == 1


def test_a_scope_that_changes_is_a_change_of_the_same_requirement() -> None:
    narrower = replace(CELLS, subject="power cells")
    final = replace(NEXT, requirements=(("k", narrower),), changes=(changed("k", CELLS, narrower),))
    found = history([FINAL, final], as_of=day("2025-01-01"))
    assert [kind for kind, *_ in steps(found, "k")] == ["final", "in_force", "changed", "final", "in_force"]
