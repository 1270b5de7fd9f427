from __future__ import annotations

from types import ModuleType

import pytest

from limen.domain.issue import IssueKind
from limen.nlp.errors import Unreadable
from limen.nlp.text import ocr, pdf, pdf_pages
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


def test_a_scan_names_the_tool_to_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "find_tool", lambda _: None)
    with pytest.raises(Unreadable, match=r"rule\.pdf: .*no text layer.*tesseract"):
        read_page(write_pdf([[]], image_pages=[0]), name="rule.pdf")


def test_pages_that_are_images_are_an_issue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "find_tool", lambda _: None)
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
    ("module", "limit", "value", "message"),
    [
        (pdf, "MAX_PAGES", 1, "2 pages"),
        (pdf_pages, "MAX_SECONDS", -1.0, "longer than"),
        (pdf_pages, "MAX_CHARACTERS", 3, "characters"),
    ],
)
def test_limits(module: ModuleType, limit: str, value: float, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, limit, value)
    with pytest.raises(Unreadable, match=message):
        read_page(write_pdf([_column("text"), _column("more")]), name="rule.pdf")


_LEFT = [
    "The operator of a plant shall keep the concen-",
    "tration of arsenic in the water that leaves the",
    "plant below 0.10 mg/L in every month, and the",
    "concentration of copper below 0.30 mg/L. It shall",
    "measure both at the outlet of the basin, twice in",
    "each week in which water leaves the plant, and",
    "report what it finds within 30 days.",
]
_RIGHT = [
    "Records of the measurements are kept for five",
    "years. An inspector may ask for them at any time",
    "and may take samples of the water. The cost of",
    "the analysis is borne by the operator if a limit",
    "is exceeded, and by the authority if none is. The",
    "operator may ask for a second analysis by another",
    "laboratory.",
]


@pytest.mark.parametrize("gutter", [9.0, 30.0])
def test_columns_that_are_drawn_across_the_page_are_read_one_after_the_other(gutter: float) -> None:
    widest = 236.0
    drawn = [Run("Mine water", 60, 760, 18)]
    for number, (left, right) in enumerate(zip(_LEFT, _RIGHT, strict=True)):
        drawn += [Run(left, 50, 700 - 13 * number, 10), Run(right, 50 + widest + gutter, 700 - 13 * number, 10)]
    title, *paragraphs = _text(drawn).split("\n\n")
    assert title == "# Mine water"
    assert " ".join(paragraphs) == " ".join([*_LEFT, *_RIGHT]).replace("concen- ", "concen")


def test_a_table_of_short_texts_is_no_columns() -> None:
    rows = [(f"Substance number {n}", f"{n}.5 mg/L", "monthly mean value") for n in range(1, 9)]
    drawn = [
        Run(text, x, 700 - 15 * n) for n, row in enumerate(rows) for text, x in zip(row, (60, 200, 300), strict=True)
    ]
    assert "| Substance number 3 | 3.5 mg/L | monthly mean value |" in _text(drawn)


def test_columns_of_a_table_that_stand_close_are_told_by_the_white_between_them() -> None:
    rows = [
        ("Arsenic", "0.10"),
        ("Cobalt", "0.25"),
        ("Copper", "0.30"),
        ("Lead", "0.08"),
        ("Nickel", "0.5"),
        ("Zinc", "0.40"),
    ]
    drawn = [Run(text, x, 700 - 15 * n) for n, row in enumerate(rows) for text, x in zip(row, (60, 110), strict=True)]
    assert "| Lead | 0.08 |" in _text(drawn)
