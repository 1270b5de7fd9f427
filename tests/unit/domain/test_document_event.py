"""What happens to a document as a whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from limen.domain.document import Stage
from limen.domain.document_event import DocumentEvent, DocumentFacts, EventKind, document_events

DRAFT = DocumentFacts(
    url="https://ministry.example/draft",
    title="Battery conditions (draft for comment)",
    language="en",
    stage=Stage.DRAFT,
    comment_deadline=date(2026, 6, 1),
    effective_on=None,
    stands_from=date(2026, 4, 1),
)


def test_nothing_happens_where_the_facts_stay() -> None:
    assert document_events(DRAFT, DRAFT) == ()


def test_a_draft_becomes_final() -> None:
    final = replace(
        DRAFT, title="Battery conditions", stage=Stage.FINAL, comment_deadline=None, effective_on=date(2026, 9, 1)
    )
    assert document_events(DRAFT, final) == (
        DocumentEvent(kind=EventKind.STAGE, before="draft", after="final"),
        DocumentEvent(kind=EventKind.EFFECTIVE_DATE, before=None, after="2026-09-01"),
    )


@pytest.mark.parametrize(
    ("deadline", "kind", "after"),
    [
        (date(2026, 7, 1), EventKind.COMMENT_EXTENDED, "2026-07-01"),
        (date(2026, 5, 1), EventKind.COMMENT_DEADLINE, "2026-05-01"),
        (None, EventKind.COMMENT_DEADLINE, None),
    ],
)
def test_a_deadline_moves(deadline: date | None, kind: EventKind, after: str | None) -> None:
    moved = document_events(DRAFT, replace(DRAFT, comment_deadline=deadline))
    assert moved == (DocumentEvent(kind=kind, before="2026-06-01", after=after),)


def test_a_deadline_comes() -> None:
    (event,) = document_events(replace(DRAFT, comment_deadline=None), DRAFT)
    assert event == DocumentEvent(kind=EventKind.COMMENT_DEADLINE, before=None, after="2026-06-01")


def test_a_deadline_that_is_over_may_go_or_come_unnoticed() -> None:
    open_draft, closed = DRAFT, replace(DRAFT, comment_deadline=None, stands_from=date(2026, 6, 2))
    assert document_events(open_draft, closed) == ()
    assert document_events(closed, replace(DRAFT, stands_from=date(2026, 6, 2))) == ()
    reopened = replace(DRAFT, comment_deadline=date(2026, 7, 1), stands_from=date(2026, 6, 2))
    assert [event.kind for event in document_events(open_draft, reopened)] == [EventKind.COMMENT_EXTENDED]


def test_a_final_text_needs_no_deadline() -> None:
    final = replace(DRAFT, stage=Stage.FINAL, comment_deadline=None)
    assert [event.kind for event in document_events(DRAFT, final)] == [EventKind.STAGE]


def test_the_deadline_of_the_next_edition_extends_nothing() -> None:
    old = replace(DRAFT, title="电池行业规范条件（2021年本）（征求意见稿）", language="zh")
    new = replace(old, title="电池行业规范条件（2024年本）（征求意见稿）", comment_deadline=date(2029, 6, 1))
    assert [event.kind for event in document_events(old, new)] == [EventKind.COMMENT_DEADLINE]


def test_the_next_draft_of_a_rule_in_force_changes_its_stage() -> None:
    final = replace(DRAFT, stage=Stage.FINAL, comment_deadline=None, effective_on=date(2025, 1, 1))
    kinds = [event.kind for event in document_events(final, DRAFT)]
    assert kinds == [EventKind.STAGE, EventKind.COMMENT_DEADLINE]


def test_a_title_that_names_no_rule_renames_none() -> None:
    notice = replace(DRAFT, title="Notice No. 14 of 2026")
    assert document_events(DRAFT, notice) == ()
    assert document_events(notice, DRAFT) == ()


def test_another_name_is_an_event_and_another_stage_in_the_title_is_none() -> None:
    renamed = replace(DRAFT, title="Lithium-ion battery conditions (draft for comment)")
    assert [event.kind for event in document_events(DRAFT, renamed)] == [EventKind.TITLE]
    assert document_events(DRAFT, replace(DRAFT, title="Battery conditions")) == ()


def test_a_stage_that_is_not_stated_any_more_is_no_event() -> None:
    assert document_events(DRAFT, replace(DRAFT, stage=Stage.NONE)) == ()


def test_a_withdrawal_is_told_once() -> None:
    gone = replace(DRAFT, withdrawn=True)
    assert document_events(DRAFT, gone) == (
        DocumentEvent(kind=EventKind.WITHDRAWN, before="Battery conditions (draft for comment)", after=None),
    )
    assert document_events(gone, gone) == ()


@pytest.mark.parametrize(
    ("language", "bare", "with_site"),
    [
        ("en", "Battery conditions", "Battery conditions | Ministry of Works"),
        ("en", "Battery conditions", "Ministry of Works - Battery conditions (draft for comment)"),
        ("zh", "电池行业规范条件（2024年本）", "电池行业规范条件（2024年本）（征求意见稿）_工业和信息化部"),
        ("zh", "电池行业规范条件", "电池行业规范条件-中国政府网"),
    ],
)
def test_the_name_of_the_site_beside_a_title_renames_nothing(language: str, bare: str, with_site: str) -> None:
    plain, adorned = (replace(DRAFT, title=title, language=language) for title in (bare, with_site))
    assert document_events(plain, adorned) == document_events(adorned, plain) == ()


def test_another_document_need_not_repeat_a_deadline() -> None:
    hearing = replace(DRAFT, url="https://ministry.example/hearing", stage=Stage.NONE, comment_deadline=None)
    assert document_events(DRAFT, hearing) == ()
