from __future__ import annotations

import pytest

from limen.domain.issue import IssueKind
from limen.nlp.errors import Unreadable
from limen.nlp.text import pdf
from limen.nlp.text.reader import read_page
from tests.unit.nlp.text.pdf_writer import Run, write_pdf


def _text(*pages: list[Run]) -> str:
    return read_page(write_pdf(pages), name="rule.pdf").text


def _column(*lines: str, top: float = 700, font: str = "F1") -> list[Run]:
    return [Run(line, 60, top - 15 * number, font=font) for number, line in enumerate(lines)]


def test_lines_are_joined_to_paragraphs_and_broken_words_made_whole() -> None:
    text = _text(
        _column(
            "The operator of a plant shall keep the concentra-",
            "tion of arsenic below the limit that the Annex sets",
            "out.",
        )
    )
    assert (
        text
        == "The operator of a plant shall keep the concentration of arsenic below the limit that the Annex sets out."
    )


def test_clauses_begin_new_paragraphs_and_references_do_not() -> None:
    text = _text(
        _column(
            "1. Cells shall reach an energy density of at least 165 Wh/kg as in",
            "(a) of the annex to this notice and shall be tested every year by one",
            "laboratory of the ministry that has been named for it in the annex.",
            "2. Packs shall reach an energy density of at least 120 Wh/kg.",
        )
    )
    assert [paragraph[:12] for paragraph in text.split("\n\n")] == ["1. Cells sha", "2. Packs sha"]


def test_numbers_broken_at_a_dash_keep_it() -> None:
    line = "The accuracy of the sensor of the type that is named Model 737–"
    assert "Model 737–9 of" in _text(_column(line, "9 of the series that the Agency has listed for this purpose today"))


def test_chinese_lines_are_joined_without_blanks() -> None:
    text = _text(
        _column(
            "第三条 动力型电池单体能量密度应不低于",
            "165Wh/kg，电池组能量密度不低于120Wh/kg。",
            "第四条 研发费用不低于3%。",
            font="F2",
        )
    )
    assert (
        text
        == "第三条 动力型电池单体能量密度应不低于165Wh/kg，电池组能量密度不低于120Wh/kg。\n\n第四条 研发费用不低于3%。"
    )


def test_running_heads_and_page_numbers_go_and_the_paragraph_goes_on() -> None:
    pages = [
        [Run("Ministry of Mines - Notice 14", 60, 810, 8), *_column(line, top=400), Run(f"- {number} -", 290, 30, 9)]
        for number, line in enumerate(
            [
                "The operator of the mine shall keep the concentration of arsenic",
                "in its effluent below 0.10 mg/L in every month of the year",
            ],
            1,
        )
    ]
    text = _text(*pages)
    assert text == (
        "The operator of the mine shall keep the concentration of arsenic in its effluent below "
        "0.10 mg/L in every month of the year"
    )


def test_raised_characters_are_never_glued_to_digits() -> None:
    runs = [
        Run("At most 30 mg/m", 60, 700),
        Run("3", 143, 704, 6.5),
        Run("and 250", 160, 700),
        Run("9", 199, 704, 6.5),
        Run("t", 210, 700),
    ]
    assert _text(runs) == "At most 30 mg/m³ and 250 [9] t"


def test_rows_with_wide_gaps_are_a_table() -> None:
    cells = [
        ("Substance", "Monthly mean", "Grab"),
        ("Arsenic", "0.10 mg/L", "0.20 mg/L"),
        ("Copper", "0.30 mg/L", "0.60 mg/L"),
    ]
    runs = [
        Run(text, x, 700 - 15 * y) for y, row in enumerate(cells) for text, x in zip(row, (60, 200, 380), strict=True)
    ]
    assert _text(runs).splitlines() == [
        "| Substance | Monthly mean | Grab |",
        "| --- | --- | --- |",
        "| Arsenic | 0.10 mg/L | 0.20 mg/L |",
        "| Copper | 0.30 mg/L | 0.60 mg/L |",
    ]


def test_larger_letters_are_headings_and_the_largest_the_title() -> None:
    body = write_pdf(
        [
            [
                Run("Notice on Cells", 60, 760, 20),
                Run("Limits", 60, 730, 14),
                *_column("At most 5 mg/L of arsenic in water."),
            ]
        ]
    )
    page = read_page(body, name="rule.pdf")
    assert page.title == "Notice on Cells"
    assert page.text == "# Notice on Cells\n\n## Limits\n\nAt most 5 mg/L of arsenic in water."


@pytest.mark.parametrize(
    ("stated", "title"), [("Notice on Cells", "Notice on Cells"), ("Microsoft Word - rule.doc", None)]
)
def test_the_stated_title_is_taken_where_no_heading_is(stated: str, title: str | None) -> None:
    body = write_pdf([_column("At most 5 mg/L of arsenic in water.")], title=stated)
    assert read_page(body, name="rule.pdf").title == title


def test_a_scan_names_the_tool_to_use() -> None:
    with pytest.raises(Unreadable, match=r"rule\.pdf: .*no text layer.*tesseract"):
        read_page(write_pdf([[]], image_pages=[0]), name="rule.pdf")


def test_pages_that_are_images_are_an_issue() -> None:
    page = read_page(write_pdf([_column("At most 5 mg/L of arsenic."), []], image_pages=[1]), name="rule.pdf")
    assert page.text == "At most 5 mg/L of arsenic."
    assert [issue.kind for issue in page.issues] == [IssueKind.UNREADABLE]
    assert "pages 2 are images" in page.issues[0].message


def test_an_encrypted_pdf() -> None:
    body = write_pdf([_column("secret")])
    key = (
        b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <"
        + b"00" * 32
        + b"> /U <"
        + b"11" * 32
        + b"> >> /ID [<00> <00>]"
    )
    with pytest.raises(Unreadable, match=r"encrypted.*password"):
        read_page(body.replace(b"trailer << ", b"trailer << " + key + b" "), name="rule.pdf")


def test_a_truncated_pdf() -> None:
    with pytest.raises(Unreadable, match=r"rule\.pdf: .*damaged or cut off.*again"):
        read_page(write_pdf([_column("text")])[:300], name="rule.pdf")


@pytest.mark.parametrize(
    ("limit", "value", "message"),
    [("MAX_PAGES", 1, "2 pages"), ("MAX_SECONDS", -1.0, "longer than"), ("MAX_CHARACTERS", 3, "characters")],
)
def test_limits(limit: str, value: float, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, limit, value)
    with pytest.raises(Unreadable, match=message):
        read_page(write_pdf([_column("text"), _column("more")]), name="rule.pdf")
