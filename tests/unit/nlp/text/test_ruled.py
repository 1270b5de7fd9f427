"""Tables drawn with lines, in PDFs."""

from __future__ import annotations

import pytest

from limen.domain.issue import Severity
from limen.nlp.text import ruled as ruled_module
from limen.nlp.text.reader import read_page
from limen.nlp.text.ruled import Rule, ruled_tables, rules_of, seems_ruled
from tests.unit.nlp.text.pdf_writer import Run, Stroke, ruled, write_pdf

pytest.importorskip("pdfplumber")

_TABLE = [
    ["Substance", "Monthly mean|(mg/L)", "Grab|(mg/L)"],
    ["Arsenic and its|compounds", "0.10", "0.20"],
    ["Copper", "", "0.60"],
]


def _lines(*pages: list[Run | Stroke]) -> list[str]:
    return read_page(write_pdf(pages), name="a.pdf").text.splitlines()


def test_wrapped_and_empty_cells_stay_in_their_columns() -> None:
    assert _lines([Run("Table 1", 60, 720, 9), *ruled(_TABLE), Run("The limits apply from 2027.", 60, 500, 9)]) == [
        "Table 1",
        "",
        "| Substance | Monthly mean (mg/L) | Grab (mg/L) |",
        "| --- | --- | --- |",
        "| Arsenic and its compounds | 0.10 | 0.20 |",
        "| Copper |  | 0.60 |",
        "",
        "The limits apply from 2027.",
    ]


def test_a_cell_over_two_columns_stands_in_both() -> None:
    drawn = [
        each
        for each in ruled([["Substance", "Limit (mg/L)", ""], ["", "mean", "grab"], ["Zinc", "0.40", "0.80"]])
        # the line between the two upper cells on the right is not drawn, nor that below the first cell
        if not isinstance(each, Stroke) or ((each.x0, each.x1) != (300, 300) and (each.y0, each.y1) != (670, 670))
    ]
    drawn += [Stroke(180, 670, 420, 670), Stroke(300, 670, 300, 610)]
    assert _lines(drawn) == [
        "| Substance | Limit (mg/L) mean | Limit (mg/L) grab |",
        "| --- | --- | --- |",
        "| Zinc | 0.40 | 0.80 |",
    ]


def test_a_table_goes_on_on_the_next_page_with_its_head_once() -> None:
    more = [_TABLE[0], ["Lead", "0.08", "0.16"]]
    pages = [[*ruled(_TABLE, y=150), Run("- 1 -", 290, 20, 9)], [*ruled(more, y=800), Run("- 2 -", 290, 20, 9)]]
    assert _lines(*pages)[-3:] == [
        "| Arsenic and its compounds | 0.10 | 0.20 |",
        "| Copper |  | 0.60 |",
        "| Lead | 0.08 | 0.16 |",
    ]


def test_a_table_without_sides_keeps_its_outer_columns() -> None:
    drawn = [
        each for each in ruled(_TABLE) if not (isinstance(each, Stroke) and each.x0 == each.x1 and each.x0 in {60, 420})
    ]
    assert _lines(drawn)[2:] == ["| Arsenic and its compounds | 0.10 | 0.20 |", "| Copper |  | 0.60 |"]


def test_rows_without_lines_between_them_stay_rows() -> None:
    body = [
        ("Arsenic ...........", "0.10", "0.20"),
        ("Copper ...........", "0.30", "0.60"),
        ("Lead ..........", "0.08", "0.16"),
    ]
    drawn: list[Run | Stroke] = [
        *(Stroke(60, y, 360, y) for y in (700, 680, 620)),
        *(Stroke(x, 700, x, 620) for x in (160, 260)),
        *(Run(text, x, 686, 9) for text, x in zip(("Substance", "Mean", "Grab"), (64, 164, 264), strict=True)),
    ]
    for number, row in enumerate(body):
        drawn += [Run(text, x, 666 - 14 * number, 9) for text, x in zip(row, (64, 164, 264), strict=True)]
    assert _lines(drawn) == [
        "| Substance | Mean | Grab |",
        "| --- | --- | --- |",
        "| Arsenic | 0.10 | 0.20 |",
        "| Copper | 0.30 | 0.60 |",
        "| Lead | 0.08 | 0.16 |",
    ]


def test_a_frame_around_text_is_no_table() -> None:
    frame = [Stroke(50, 720, 400, 720), Stroke(50, 650, 400, 650), Stroke(50, 720, 50, 650), Stroke(400, 720, 400, 650)]
    assert _lines([*frame, Run("At most 5 mg/L of arsenic.", 60, 700)]) == ["At most 5 mg/L of arsenic."]


def test_a_chart_is_no_table() -> None:
    grid = [each for each in ruled([[""] * 4] * 6) if isinstance(each, Stroke)]
    assert _lines([*grid, Run("Emissions", 62, 690, 9), Run("At most 5 mg/L of arsenic.", 60, 400)]) == [
        "Emissions",
        "",
        "At most 5 mg/L of arsenic.",
    ]


def test_without_the_extra_an_issue_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ruled_module, "table_geometry", lambda: None)
    page = read_page(write_pdf([ruled(_TABLE)]), name="a.pdf")
    assert "0.10" in page.text
    [issue] = page.issues
    assert issue.severity is Severity.INFO
    assert issue.message.startswith("a.pdf: pages 1 may hold ruled tables")
    assert "pip install 'limen[tables]'" in issue.message


def test_thousands_of_lines_are_a_drawing() -> None:
    rules = [Rule(x0=n / 7, y0=0, x1=n / 7, y1=700) for n in range(8000)]
    rules += [Rule(x0=0, y0=n / 7, x1=700, y1=n / 7) for n in range(8000)]
    assert ruled_tables(rules) == []


def test_thin_rectangles_are_lines() -> None:
    assert rules_of(0, 10, 100, 10.5) == (Rule(x0=0, y0=10.25, x1=100, y1=10.25),)
    assert rules_of(0, 0, 2, 2) == ()
    assert len(rules_of(0, 0, 50, 50)) == 4
    assert not seems_ruled(rules_of(0, 0, 50, 50))
