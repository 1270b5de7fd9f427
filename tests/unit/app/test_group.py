"""Which documents may tell the same story at all."""

from __future__ import annotations

import pytest

from limen.app.stages.group import is_same_story, sign
from limen.domain.source import DocumentClass
from limen.store.repositories.near_duplicates import SignedDocument

TEXT = " ".join(
    f"Clause {number} asks every maker of cells to keep the records of line {number}." for number in range(30)
)
DRAFT, FINAL, NOTICE, NEWS, COMMENTARY = DocumentClass


def document(document_class: DocumentClass, text: str = TEXT) -> SignedDocument:
    return SignedDocument(document_id=1, document_class=document_class, signature=sign(text))


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        *((each, each, True) for each in DocumentClass),
        (NEWS, COMMENTARY, True),
        (FINAL, NOTICE, True),
        (DRAFT, FINAL, False),
        (DRAFT, NOTICE, False),
        *((official, other, False) for official in (DRAFT, FINAL, NOTICE) for other in (NEWS, COMMENTARY)),
    ],
)
def test_what_speaks_of_a_rule_is_never_one_with_it_and_a_draft_never_with_the_final_text(
    first: DocumentClass, second: DocumentClass, *, same: bool
) -> None:
    assert is_same_story(document(first), document(second)) is same
    assert is_same_story(document(second), document(first)) is same


@pytest.mark.parametrize("document_class", DocumentClass)
def test_another_number_parts_official_documents_only(document_class: DocumentClass) -> None:
    other = TEXT.replace("Clause 7 ", "Clause 8 ")
    assert is_same_story(document(document_class), document(document_class, other)) is not document_class.is_official


def test_other_and_short_texts_are_never_the_same() -> None:
    assert not is_same_story(document(NEWS), document(NEWS, TEXT[::-1]))
    assert not is_same_story(document(NEWS, "short"), document(NEWS, "short"))
