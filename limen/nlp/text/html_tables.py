"""Tables of pages: which only place text, and what the cells of the others are."""

from __future__ import annotations

from lxml.html import HtmlElement

from limen.nlp.text.grid import GridCell
from limen.nlp.text.html_block import HtmlBlock, joined
from limen.nlp.text.markdown import is_marker

_LONG_CELL = 2000


def rows(table: HtmlElement) -> list[HtmlElement]:
    """Return the `tr` of a table in the page's order, without those of tables in its cells."""
    return list(table.xpath("./tr | ./thead/tr | ./tbody/tr | ./tfoot/tr"))


def is_layout(table: HtmlElement, content: list[list[list[HtmlBlock]]]) -> bool:
    """Tell whether a table only places text on the page, as mail, old sites and EUR-Lex do with their points."""
    if (table.get("role") or "").lower() in {"presentation", "none"} or next(
        table.iterdescendants("table"), None
    ) is not None:
        return True
    filled = [[blocks for blocks in row if blocks] for row in content]
    if max(map(len, filled), default=0) <= 1:
        return True
    if any(len(block.plain) > _LONG_CELL for row in filled for blocks in row for block in blocks):
        return True
    # Points: every row is a marker and its text.
    return all(
        len(row) <= 1 or (len(row) == 2 and len(filled) <= 1 and is_marker(joined(row[0]))) or _is_point(row)
        for row in filled
    )


def _is_point(row: list[list[HtmlBlock]]) -> bool:
    marker = joined(row[0])
    # A bare number may be the item column of a real table; a bracket or a dash is none.
    return len(row) == 2 and is_marker(marker) and not marker.rstrip(".").isdigit()


def grid_cell(cell: HtmlElement, blocks: list[HtmlBlock]) -> GridCell:
    """Return a `td` or `th` whose content was read into `blocks`; spans that are no number count as 1."""
    return GridCell(
        text=joined(blocks),
        column_span=integer(cell.get("colspan"), default=1),
        row_span=integer(cell.get("rowspan"), default=1),
        is_header=cell.tag == "th",
    )


def integer(text: str | None, *, default: int) -> int:
    """Return the number that an attribute holds; `default` if it is missing, signed, no ASCII digits or over 99999."""
    digits = (text or "").strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 6 else default
