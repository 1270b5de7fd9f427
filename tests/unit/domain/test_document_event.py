"""What happens to a document as a whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from limen.domain.document import Stage
from limen.domain.document_event import DocumentEvent, DocumentFacts, EventKind, document_events

DRAFT = DocumentFacts(
    title="Battery conditions (draft for comment)",
    language="en",
    stage=Stage.DRAFT,
    comment_deadline=date(2026, 6, 1),
    effective_on=None,
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
