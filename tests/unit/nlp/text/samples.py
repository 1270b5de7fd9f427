"""Small documents of every format that is read, made on the spot."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO

import docx

from tests.unit.nlp.text.pdf_writer import Run, write_pdf


def html(body: str, *, head: str = "", charset: str = "utf-8") -> bytes:
    """Return a page with that body in that encoding, declared in its head."""
    return f'<!DOCTYPE html><html><head><meta charset="{charset}">{head}</head><body>{body}</body></html>'.encode(
        charset
    )


def zipped(members: Mapping[str, bytes]) -> bytes:
    """Return a zip archive of these members."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return out.getvalue()


def word(paragraphs: Sequence[tuple[str, str]] = (("Normal", "Limit of 5 mg/L."),)) -> bytes:
    """Return a Word document of paragraphs, each with the name of its style."""
    document = docx.Document()
    for style, text in paragraphs:
        document.add_paragraph(text, style=style)
    return saved(document)


def saved(document: docx.document.Document) -> bytes:
    """Return the bytes of a Word document."""
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def workbook(rows: Sequence[Sequence[str | float]], *, merged: str = "", dimension: str = "") -> bytes:
    """Return an .xlsx of one sheet with these rows; `merged` is a range of merged cells like A1:B1."""
    lines = []
    for number, row in enumerate(rows, 1):
        cells = "".join(_cell(f"{chr(65 + column)}{number}", value) for column, value in enumerate(row) if value != "")
        lines.append(f'<row r="{number}">{cells}</row>')
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    merge = f'<mergeCells count="1"><mergeCell ref="{merged}"/></mergeCells>' if merged else ""
    size = f'<dimension ref="{dimension}"/>' if dimension else ""
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{package}/content-types"/>'.encode(),
            "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{rel}/officeDocument"'
            f' Target="xl/workbook.xml"/></Relationships>'.encode(),
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{rel}"><sheets><sheet name="Limits" sheetId="1" r:id="r1"/>'
            f"</sheets></workbook>".encode(),
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1"'
            f' Type="{rel}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'.encode(),
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}">{size}<sheetData>{"".join(lines)}</sheetData>{merge}'
            f"</worksheet>".encode(),
        }
    )


def _cell(place: str, value: str | float) -> str:
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'
    return f'<c r="{place}"><v>{value!r}</v></c>'


def tsv(words: str) -> bytes:
    """Return what tesseract writes for words on one line, each with confidence and the gap before it."""
    rows = ["level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"]
    left = 0
    for number, line in enumerate(words.splitlines()):
        text, confidence, gap = line.split()
        left += int(gap) + 40 * (number > 0)
        rows.append(f"5\t1\t1\t1\t1\t{number}\t{left}\t100\t40\t14\t{confidence}\t{text}")
    return "\n".join(rows).encode()


XML = b"""<?xml version="1.0"?>
<Regulation><Section><Label>1</Label><Text>Arsenic of at most 0.10 mg/L.</Text></Section></Regulation>"""
JSON = b'{"title": "Mine water", "details": {"body": "<p>At most 5 mg/L.</p>"}, "public_updated_at": "2024-05-01T09:00:00Z"}'


def one_of_each() -> dict[str, bytes]:
    """Return a file of every format that is read without a program of the machine, by its name."""
    from tests.unit.nlp.text.ofd_writer import Text, write_ofd  # that module needs this one

    return {
        "page.html": html(
            "<h1>Mine water</h1><p>At most 5 mg/L of arsenic in effluent.</p><table><tr><td>a<td>b<tr><td>c</table>"
        ),
        "rule.xml": XML,
        "rule.pdf": write_pdf([[Run("At most 5 mg/L.", 60, 700), Run("2", 150, 704, 6)], [Run("Page two", 60, 700)]]),
        "rule.docx": word([("Heading 1", "Limits"), ("List Number", "At most 5 mg/L."), ("List Bullet", "a bullet")]),
        "rule.xlsx": workbook([["Substance", "Limit"], ["Arsenic", 0.1]]),
        "rule.ofd": write_ofd([[Text("At most 5 mg/L.", 25, 60)], [Text("Page two", 25, 60)]]),
        "item.json": JSON,
        "rule.md": b"# Limits\n\n- at most 5 mg/L\n",
        "rule.txt": "能量密度不低于165Wh/kg。\r\n".encode("gb18030"),
    }
