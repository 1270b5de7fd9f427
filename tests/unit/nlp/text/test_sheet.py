from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from limen.nlp.errors import Unreadable
from limen.nlp.text.reader import read_page
from tests.unit.nlp.text.samples import workbook, zipped


def test_lines_above_the_table_are_paragraphs_and_numbers_keep_their_digits() -> None:
    body = workbook(
        [
            ["Limits of 2024", ""],
            ["Substance", "Limit"],
            ["Arsenic", 0.1],
            ["Copper", 30.0],
            ["Lead", 0.08000000000000002],
        ]
    )
    assert read_page(body, name="a.xlsx").text.splitlines() == [
        "Limits of 2024",
        "",
        "| Substance | Limit |",
        "| --- | --- |",
        "| Arsenic | 0.1 |",
        "| Copper | 30 |",
        "| Lead | 0.08 |",
    ]


def test_merged_cells_are_repeated() -> None:
    body = workbook([["Metal", "Mean", "Grab"], ["As", 0.1, 0.2], ["", 0.3, 0.4]], merged="A2:A3")
    assert read_page(body, name="a.xlsx").text.splitlines()[2:] == ["| As | 0.1 | 0.2 |", "| As | 0.3 | 0.4 |"]


def test_an_empty_sheet_is_an_error() -> None:
    with pytest.raises(Unreadable, match="empty"):
        read_page(workbook([]), name="a.xlsx")


def test_a_sheet_beyond_the_limits_is_refused() -> None:
    gap: list[list[str | float]] = [[""]] * 20_000
    rows: list[list[str | float]] = [["x"], *gap, ["y"]]
    with pytest.raises(Unreadable, match="20002 rows"):
        read_page(workbook(rows), name="a.xlsx")


@pytest.mark.parametrize("cell", [b'<c r="XFD1048576"><v>1</v></c>', b"<c  t='n' r = 'xfd1048576'><v>1</v></c>"])
def test_two_cells_in_opposite_corners_do_not_fill_the_memory(cell: bytes) -> None:
    with zipfile.ZipFile(BytesIO(workbook([["a"]]))) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    members[name] = members[name].replace(b"</sheetData>", b'<row r="1048576">' + cell + b"</row></sheetData>")
    with pytest.raises(Unreadable, match="spans more than"):
        read_page(zipped(members), name="a.xlsx")


_ODS = """<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">
<office:body><office:spreadsheet><table:table table:name="S">{}</table:table></office:spreadsheet></office:body>
</office:document-content>"""
_CELL = '<table:table-cell {} office:value-type="float" office:value="0.5"><text:p>0.5</text:p></table:table-cell>'


def _ods(rows: str) -> bytes:
    return zipped(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": _ODS.format(rows).encode(),
            "META-INF/manifest.xml": b"<m/>",
        }
    )


def test_an_opendocument_sheet_is_read_and_its_empty_rest_is_no_matter() -> None:
    row = f"<table:table-row>{_CELL.format('')}{_CELL.format('')}</table:table-row>"
    rest = (
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/>'
        "</table:table-row>"
    )
    assert read_page(_ods(row + row + rest), name="a.ods").text.splitlines()[2] == "| 0.5 | 0.5 |"


def test_repeated_cells_do_not_fill_the_memory() -> None:
    cell = _CELL.format('table:number-columns-repeated="1000"')
    bomb = f'<table:table-row table:number-rows-repeated="1000000">{cell}</table:table-row>'
    with pytest.raises(Unreadable, match="spans more than"):
        read_page(_ods(bomb), name="a.ods")


def test_a_workbook_of_excel_97_is_read() -> None:
    """`data/limits.xls` holds words of our own, saved by LibreOffice."""
    page = read_page((Path(__file__).parent / "data" / "limits.xls").read_bytes(), name="download")
    assert page.text.splitlines() == [
        "| Substance | Limit (mg/L) |",
        "| --- | --- |",
        "| Arsenic | 0.1 |",
        "| 砷 | 25 |",
    ]


def test_a_merge_over_everything_is_cut_to_the_sheet() -> None:
    body = workbook([["a", "b"], ["c", "d"]], merged="A2:XFD1048576")
    assert "| a | b |" in read_page(body, name="a.xlsx").text


def test_a_workbook_without_sheets_is_damaged() -> None:
    body = workbook([["a"]]).replace(b"xl/worksheets/sheet1.xml", b"xl/worksheets/sheetX.xml")
    with pytest.raises(Unreadable, match=r"a\.xlsx"):
        read_page(body, name="a.xlsx")
