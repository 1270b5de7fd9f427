from __future__ import annotations

import pytest

from limen.domain.issue import IssueKind, Severity
from limen.nlp.text import pdf_check
from limen.nlp.text.pdf_check import compare
from limen.nlp.text.reader import read_page
from tests.unit.nlp.text.pdf_writer import Run, write_pdf


def test_two_readers_that_see_other_digits_are_an_issue() -> None:
    # The page shows 165; the file says that this stands for 160. pdfium believes the file.
    body = write_pdf([[Run("At least", 60, 700)], [Run("165", 60, 700, actual="160"), Run("Wh/kg", 90, 700)]])
    page = read_page(body, name="a.pdf")
    [issue] = page.issues
    assert (issue.kind, issue.severity) == (IssueKind.AMBIGUOUS, Severity.WARNING)
    assert issue.message == (
        "a.pdf: two readers see other numbers (pdfium against pypdf), compare them with the page: page 2: 160 against 165"
    )


def test_readers_that_agree_say_nothing() -> None:
    assert read_page(write_pdf([[Run("At most 30 mg/m", 60, 700), Run("3", 143, 704, 6.5)]]), name="a.pdf").issues == ()


@pytest.mark.parametrize(
    ("ours", "theirs", "differ"),
    [
        ("250 [9] t", "2509 t", False),
        ("30 mg/m³", "30 mg/m3", False),
        ("１６５", "165", False),
        ("5 t, 165 Wh", "165 Wh\n5 t", False),
        ("165 Wh", "165 165 Wh", False),
        ("165 165 Wh", "165 Wh", False),
        ("165 Wh", "160 Wh", True),
        ("165 Wh", "Wh", True),
        ("160 t of 160 t", "160 t of 165 t", True),
        ("at 0.10", "at 0.1", True),
    ],
)
def test_what_counts_as_other_digits(ours: str, theirs: str, *, differ: bool) -> None:
    assert bool(compare(ours, theirs, page=1)) is differ


@pytest.mark.parametrize(("limit", "value"), [("MAX_SECONDS", -1.0), ("MAX_PAGE_BYTES", 3)])
def test_a_page_that_takes_too_long_is_told(limit: str, value: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_check, limit, value)
    page = read_page(write_pdf([[Run("At least 165 Wh/kg", 60, 700)]]), name="a.pdf")
    [issue] = page.issues
    assert issue.severity is Severity.INFO
    assert issue.message == "a.pdf: the numbers on 1 pages could not be checked by a second reader"


def test_a_second_reader_that_fails_does_not_cost_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("limen.nlp.text.pdf_check.pypdf.PdfReader", fail)
    page = read_page(write_pdf([[Run("At least 165 Wh/kg", 60, 700)]]), name="a.pdf")
    assert page.text == "At least 165 Wh/kg"
    assert "could not be checked" in page.issues[0].message
