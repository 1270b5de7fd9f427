from __future__ import annotations

from collections.abc import Callable
from typing import Any

import docx
import pytest
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from limen.nlp.errors import Unreadable
from limen.nlp.text.reader import read_page
from tests.unit.nlp.text.samples import saved, word


def _read(build: Callable[[Any], None]) -> str:
    document = docx.Document()
    build(document)
    return read_page(saved(document), name="rule.docx").text


def test_headings_lists_and_tables_stand_in_their_order() -> None:
    def build(document: Any) -> None:
        document.add_heading("Limits", 1)
        document.add_paragraph("First", style="List Number")
        document.add_paragraph("Second", style="List Number")
        document.add_paragraph("Dot", style="List Bullet")
        table = document.add_table(rows=2, cols=2)
        for cell, text in zip(
            (cell for row in table.rows for cell in row.cells), ("Substance", "Limit", "As", "0.10 mg/L"), strict=True
        ):
            cell.text = text
        document.add_heading("Then", 2)

    assert _read(build) == (
        "# Limits\n\n1. First\n2. Second\n- Dot\n\n| Substance | Limit |\n| --- | --- |\n| As | 0.10 mg/L |\n\n## Then"
    )


def test_title_is_the_paragraph_styled_as_one() -> None:
    page = read_page(
        word([("Title", "规范条件（2024年本）"), ("Heading 1", "总则"), ("Normal", "不低于3%")]), name="a.docx"
    )
    assert page.title == "规范条件（2024年本）"


def test_merged_cells_are_repeated() -> None:
    def build(document: Any) -> None:
        table = document.add_table(rows=3, cols=3)
        for number, row in enumerate(table.rows):
            for column, cell in enumerate(row.cells):
                cell.text = f"{number}{column}"
        table.cell(0, 1).merge(table.cell(0, 2)).text = "over"
        table.cell(1, 0).merge(table.cell(2, 0)).text = "down"

    assert _read(build).splitlines() == [
        "| 00 | over | over |",
        "| --- | --- | --- |",
        "| down | 11 | 12 |",
        "| down | 21 | 22 |",
    ]


def test_tracked_deletions_go_and_insertions_stay() -> None:
    def build(document: Any) -> None:
        paragraph = document.add_paragraph("at least ")
        for tag, text_tag, text in (("w:del", "w:delText", "160"), ("w:ins", "w:t", "165")):
            change, run, inner = OxmlElement(tag), OxmlElement("w:r"), OxmlElement(text_tag)
            inner.text = text
            run.append(inner)
            change.append(run)
            paragraph._p.append(change)
        paragraph.add_run(" Wh/kg")
        paragraph.add_run(" 170").font.strike = True

    assert _read(build) == "at least 165 Wh/kg"


def test_raised_and_lowered_runs() -> None:
    def build(document: Any) -> None:
        paragraph = document.add_paragraph("30 mg/m")
        paragraph.add_run("3").font.superscript = True
        paragraph.add_run(" of PM")
        paragraph.add_run("2.5").font.subscript = True
        paragraph.add_run(", 250")
        paragraph.add_run("9").font.superscript = True

    assert _read(build) == "30 mg/m³ of PM2.5, 250 [9]"


@pytest.mark.parametrize(
    ("kind", "text", "shown"),
    [
        ("chineseCountingThousand", "第%1条", ["第一条 a", "第二条 b"]),
        ("decimal", "%1.", ["1. a", "2. b"]),
        ("lowerRoman", "(%1)", ["(i) a", "(ii) b"]),
        ("upperLetter", "%1)", ["A) a", "B) b"]),
        ("bullet", "", ["- a", "- b"]),
    ],
)
def test_automatic_numbers_are_written_out(kind: str, text: str, shown: list[str]) -> None:
    def build(document: Any) -> None:
        numbering = document.part.numbering_part.element
        numbering.insert(
            0,
            parse_xml(
                f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77"><w:lvl w:ilvl="0">'
                f'<w:start w:val="1"/><w:numFmt w:val="{kind}"/>'
                f'<w:lvlText w:val="{text}"/></w:lvl></w:abstractNum>'
            ),
        )
        numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="78"><w:abstractNumId w:val="77"/></w:num>'))
        for each in "ab":
            properties = document.add_paragraph(each)._p.get_or_add_pPr()
            properties.append(parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="0"/><w:numId w:val="78"/></w:numPr>'))

    assert [line for line in _read(build).splitlines() if line] == shown


def test_content_controls_and_text_boxes_are_read_once() -> None:
    def build(document: Any) -> None:
        inner = document.add_paragraph("in a control: 5 t")._p
        control, content = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
        inner.addprevious(control)
        control.append(content)
        content.append(inner)
        run = document.add_paragraph("beside")._p
        run.append(
            parse_xml(
                f'<w:r {nsdecls("w")} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:AlternateContent>'
                "<mc:Choice><w:txbxContent><w:p><w:r><w:t>boxed 7 t</w:t></w:r></w:p></w:txbxContent></mc:Choice>"
                "<mc:Fallback><w:txbxContent><w:p><w:r><w:t>boxed 7 t</w:t></w:r></w:p></w:txbxContent></mc:Fallback>"
                "</mc:AlternateContent></w:r>"
            )
        )

    text = _read(build)
    assert text.count("in a control: 5 t") == 1
    assert text.count("boxed 7 t") == 1


def test_a_document_of_images_only_is_an_error() -> None:
    with pytest.raises(Unreadable, match="no text"):
        read_page(saved(docx.Document()), name="a.docx")


def test_line_breaks_and_tabs() -> None:
    def build(document: Any) -> None:
        paragraph = document.add_paragraph("a\tb")
        paragraph.add_run().add_break()
        paragraph.add_run("c")
        assert paragraph._p.find(qn("w:r")) is not None

    assert _read(build) == "a b\nc"


def test_a_short_line_in_bold_is_a_heading_and_a_bold_limit_is_none() -> None:
    document = docx.Document()
    document.add_paragraph().add_run("Limits for water").bold = True
    document.add_paragraph().add_run("At most 5 mg/L of arsenic").bold = True
    mixed = document.add_paragraph()
    mixed.add_run("Cells").bold = True
    mixed.add_run(" and packs")
    assert (
        read_page(saved(document), name="a.docx").text
        == "**Limits for water**\n\nAt most 5 mg/L of arsenic\n\nCells and packs"
    )


@pytest.mark.parametrize(
    ("run", "shown"),
    [
        ('<w:sym w:font="Symbol" w:char="F0B3"/>', "≥"),
        ('<w:sym w:font="Symbol" w:char="F0A3"/>', "≤"),
        ('<w:sym w:font="Wingdings" w:char="F0FE"/>', "☑"),
        ('<w:rPr><w:rFonts w:ascii="Symbol"/></w:rPr><w:t>\uf0b1</w:t>', "±"),
        ('<w:sym w:font="Unknown" w:char="F0B3"/>', "\ufffd"),
        ('<w:sym w:font="Symbol" w:char="x"/>', "\ufffd"),
    ],
)
def test_signs_of_symbol_fonts_are_not_lost(run: str, shown: str) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("energy density ")
    paragraph._p.append(parse_xml(f"<w:r {nsdecls('w')}>{run}</w:r>"))
    paragraph.add_run(" 165 Wh/kg")
    page = read_page(saved(document), name="a.docx")
    assert page.text == f"energy density {shown} 165 Wh/kg"
    assert ["1 signs" in issue.message for issue in page.issues] == [True] * (shown == "\ufffd")
