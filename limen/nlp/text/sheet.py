"""Workbooks (.xls, .xlsx, .ods): every visible sheet as a table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from limen.domain.document import PageText
from limen.nlp.errors import Unreadable
from limen.nlp.text.archive import check_archive
from limen.nlp.text.grid import MAX_COLUMNS, MAX_ROWS, GridCell, lay_out
from limen.nlp.text.markdown import Block, heading, paragraph, render
from limen.nlp.text.raw_page import RawPage
from limen.nlp.text.sheet_extent import check_extent


def read_sheet(page: RawPage) -> PageText:
    """Return each visible sheet as a Markdown table under its name; lines above the table become paragraphs.

    Numbers stand as they are stored, with up to 15 digits: a cell that Excel shows as 15 % holds 0.15.

    Raises:
        Unreadable: the workbook is damaged, encrypted, empty or too large.
    """
    if page.body.startswith(b"PK"):
        check_archive(page.body, name=page.name)
        check_extent(page.body, name=page.name)
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(page.body))
        names = _visible(workbook)
        blocks: list[Block] = []
        for name in names:
            made = _sheet(workbook, name, file_name=page.name)
            blocks += [heading(name, 2), *made] if made and len(names) > 1 else made
    except PasswordError as error:
        raise Unreadable(page.name, "the workbook is encrypted", "save it without a password") from error
    except (CalamineError, ValueError, OSError) as error:
        raise Unreadable(page.name, f"the workbook is damaged ({error})", "fetch or save it again") from error
    if not blocks:
        raise Unreadable(page.name, "the workbook is empty", "fetch or save it again")
    return PageText(text=render(blocks))


def _visible(workbook: Any) -> list[str]:
    return [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet
    ]


def _sheet(workbook: Any, name: str, *, file_name: str) -> list[Block]:
    sheet = workbook.get_sheet_by_name(name)
    height, width = sheet.total_height + 1, sheet.total_width + 1
    if height > MAX_ROWS or width > MAX_COLUMNS:
        raise Unreadable(
            file_name,
            f"sheet {name!r} has {height} rows and {width} columns",
            f"save the part that matters as a sheet of at most {MAX_ROWS} rows and {MAX_COLUMNS} columns",
        )
    rows = [[_shown(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    spans = dict(sheet.merged_cell_ranges or ())
    covered = {
        (row, column)
        for (top, left), (bottom, right) in spans.items()
        for row in range(top, min(bottom + 1, len(rows)))
        for column in range(left, min(right + 1, width))
    } - spans.keys()
    above = _lines_above(rows)
    grid = []
    for number, row in enumerate(rows[above:], above):
        cells = [
            _cell(text, (number, column), spans.get((number, column)))
            for column, text in enumerate(row)
            if (number, column) not in covered
        ]
        if any(cell.text for cell in cells) or any((number, column) in covered for column in range(len(row))):
            grid.append(cells)
    return [*(paragraph(" ".join(filter(None, row))) for row in rows[:above] if any(row)), *lay_out(grid)]


def _cell(text: str, place: tuple[int, int], end: tuple[int, int] | None) -> GridCell:
    if end is None:
        return GridCell(text=text)
    return GridCell(text=text, column_span=end[1] - place[1] + 1, row_span=end[0] - place[0] + 1)


def _lines_above(rows: Sequence[Sequence[str]]) -> int:
    """Return how many rows at the top hold one cell at most: titles and remarks, not the table."""
    if max((sum(map(bool, row)) for row in rows), default=0) < 2:
        return 0
    return next(number for number, row in enumerate(rows) if sum(map(bool, row)) > 1)


def _shown(value: Any) -> str:
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case float():
            # Fifteen digits are what a workbook promises; the rest is binary noise.
            return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
        case datetime():
            return value.isoformat(sep=" ", timespec="minutes") if value.time() != time() else value.date().isoformat()
        case date() | time():
            return value.isoformat()
        case timedelta():
            return str(value)
        case _:
            return str(value).strip()
