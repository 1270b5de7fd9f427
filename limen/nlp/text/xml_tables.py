"""Tables of regulation XML: GPO's, CALS (OASIS exchange model) and XHTML ones."""

from __future__ import annotations

from collections.abc import Callable

from lxml.etree import _Element

from limen.nlp.text.grid import GridCell, lay_out
from limen.nlp.text.markdown import Block, paragraph
from limen.nlp.text.xml_roles import local_name

CellText = Callable[[_Element], str]


def table_blocks(element: _Element, *, cell_text: CellText) -> list[Block]:
    """Return the caption, the table and its notes. `cell_text` makes one line of what a cell holds."""
    if local_name(element) == "gpotable":
        return _gpo(element, cell_text)
    groups = _children(element, "tgroup")
    if not groups:
        return _xhtml(element, cell_text)
    blocks = [paragraph(cell_text(title)) for title in _children(element, "title", "caption")]
    for group in groups:
        blocks += _cals(group, cell_text)
    return blocks


def _gpo(element: _Element, cell_text: CellText) -> list[Block]:
    titles = [paragraph(cell_text(each)) for each in _children(element, "ttitle", "tdesc")]
    heads = [head for box in _children(element, "boxhd") for head in _children(box, "ched")]
    rows = [_gpo_heads(heads, cell_text)] if heads else []
    rows += ([_gpo_cell(entry, cell_text) for entry in _children(row, "ent")] for row in _children(element, "row"))
    notes = [paragraph(cell_text(each)) for each in _children(element, "tnote", "signote")]
    return [*titles, *lay_out(rows, header_rows=1 if heads else None), *notes]


def _gpo_heads(heads: list[_Element], cell_text: CellText) -> list[GridCell]:
    """Return one head a column: those of a lower level stand under the last of a higher one, and the lowest make columns."""
    levels = [_number(head.get("H"), default=1) for head in heads]
    above: dict[int, str] = {}
    columns = []
    for number, (head, level) in enumerate(zip(heads, levels, strict=True)):
        above = {upper: text for upper, text in above.items() if upper < level} | {level: cell_text(head)}
        if number + 1 == len(heads) or levels[number + 1] <= level:
            columns.append(GridCell(text=" ".join(filter(None, above.values())), is_header=True))
    return columns


def _gpo_cell(entry: _Element, cell_text: CellText) -> GridCell:
    # A="L02": the entry runs over that many further columns.
    digits = "".join(sign for sign in entry.get("A") or "" if sign.isascii() and sign.isdigit())
    return GridCell(text=cell_text(entry), column_span=_number(digits, default=0) + 1)


def _cals(group: _Element, cell_text: CellText) -> list[Block]:
    names = {spec.get("colname"): number for number, spec in enumerate(_children(group, "colspec"))}
    heads = [row for part in _children(group, "thead") for row in _children(part, "row")]
    body = [row for part in _children(group, "tbody", "tfoot") for row in _children(part, "row")]
    # Where cells hang down from rows above, the place of the following ones is known without their column names.
    hanging = any(entry.get("morerows") for row in (*heads, *body) for entry in row)
    rows = []
    for row in (*heads, *body):
        cells: list[GridCell] = []
        column = 0
        for entry in _children(row, "entry", "entrytbl"):
            start = names.get(entry.get("namest") or entry.get("colname"), column)
            end = names.get(entry.get("nameend"), start)
            if not hanging and start > column:
                cells += [GridCell(text="")] * (start - column)
                column = start
            span = max(end - start, 0) + 1
            column += span
            depth = _number(entry.get("morerows"), default=0) + 1
            cells.append(GridCell(text=cell_text(entry), column_span=span, row_span=depth))
        rows.append(cells)
    return lay_out(rows, header_rows=len(heads) or None)


def _xhtml(element: _Element, cell_text: CellText) -> list[Block]:
    blocks = [paragraph(cell_text(each)) for each in _children(element, "caption")]
    parts = [element, *_children(element, "thead", "tbody", "tfoot")]
    rows = [row for part in parts for row in _children(part, "tr")]
    heads = sum(len(_children(part, "tr")) for part in _children(element, "thead"))
    grid = [
        [
            GridCell(
                text=cell_text(cell),
                column_span=_number(cell.get("colspan") or cell.get("COLSPAN"), default=1),
                row_span=_number(cell.get("rowspan") or cell.get("ROWSPAN"), default=1),
                is_header=local_name(cell) == "th",
            )
            for cell in _children(row, "td", "th")
        ]
        for row in rows
    ]
    return [*blocks, *lay_out(grid, header_rows=heads or None)]


def _children(element: _Element, *names: str) -> list[_Element]:
    return [child for child in element if local_name(child) in names]


def _number(text: str | None, *, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else default
