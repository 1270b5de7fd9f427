"""Tables with spanning cells, laid out as a full grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from limen.nlp.text.markdown import Block, paragraph, table

MAX_COLUMNS = 200
"""How many columns a sheet may have, and how far a cell may span."""
MAX_ROWS = 20_000
"""How many rows a sheet may have."""
MAX_CELLS = 500_000
"""Tables that would become larger by their spanning cells are written without repeating these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GridCell:
    """One cell as written. `row_span` 0 means to the end of the table."""

    text: str
    column_span: int = 1
    row_span: int = 1
    is_header: bool = False


def lay_out(rows: Sequence[Sequence[GridCell]], *, header_rows: int | None = None) -> list[Block]:
    """Return the Markdown of a table: its caption rows as paragraphs, then the table.

    The value of a cell that spans rows or columns is repeated in each of them, so that every number stands under all its
    heads; a cell over the whole width is a caption above the table, or a row of its own in it, and is written once.
    Heads of several rows become one. `header_rows` is how many rows are heads; None to tell by the cells.
    """
    if _spanned(rows) > MAX_CELLS:
        rows = [[replace(cell, column_span=1, row_span=1) for cell in row] for row in rows]
    cells = [list(row) for row in rows if row]
    if not cells:
        return []
    depth = _header_depth(cells) if header_rows is None else header_rows
    grid, whole = _expand(cells)
    blocks: list[Block] = []
    while grid and whole[0] and len(grid) > 1:
        blocks.append(paragraph(whole[0]))
        del grid[0], whole[0]
        depth = max(depth - 1, 0)
    depth = min(max(depth, 1), len(grid))
    body = [
        [text, *[""] * (len(row) - 1)] if text else row for row, text in zip(grid[depth:], whole[depth:], strict=True)
    ]
    made = table([_merge(grid[:depth]), *body])
    return [*blocks, made] if made else blocks


def _spanned(rows: Sequence[Sequence[GridCell]]) -> int:
    """Return how many cells the full grid has at the most."""
    total = 0
    for number, row in enumerate(rows):
        left = len(rows) - number
        for cell in row:
            depth = min(cell.row_span, left) if cell.row_span > 0 else left
            total += depth * min(max(cell.column_span, 1), MAX_COLUMNS)
    return total


def _header_depth(rows: list[list[GridCell]]) -> int:
    depth = 0
    for row in rows:
        filled = [cell for cell in row if cell.text.strip()]
        if not filled or not all(cell.is_header for cell in filled):
            break
        depth += 1
    if depth:
        return min(depth, len(rows) - 1) or 1
    # Without <th>, a first row of which some cells span columns and others rows is a head of several rows.
    first = next((row for row in rows if len(row) > 1), rows[0])
    skipped = rows.index(first)
    spans_columns = any(cell.column_span > 1 for cell in first)
    return skipped + (max(cell.row_span for cell in first) if spans_columns else 1)


def _expand(rows: list[list[GridCell]]) -> tuple[list[list[str]], list[str]]:
    """Return the full grid, and for each row the text of a cell that fills it all, else an empty string."""
    width = min(max(sum(max(cell.column_span, 1) for cell in row) for row in rows), MAX_COLUMNS)
    hanging: dict[int, tuple[int, str]] = {}
    grid: list[list[str]] = []
    whole: list[str] = []
    for number, row in enumerate(rows):
        line: list[str] = []
        queue = list(row)
        filling = row[0].text if len(row) == 1 and row[0].column_span >= width > 1 and not hanging else ""
        while queue or len(line) in hanging:
            if len(line) in hanging:
                left, text = hanging.pop(len(line))
                if left > 1:
                    hanging[len(line)] = (left - 1, text)
                line.append(text)
                continue
            cell = queue.pop(0)
            depth = cell.row_span if cell.row_span > 0 else len(rows) - number
            for _ in range(max(min(cell.column_span, MAX_COLUMNS - len(line)), 1)):
                if depth > 1:
                    hanging[len(line)] = (min(depth, len(rows) - number) - 1, cell.text)
                line.append(cell.text)
        for column in sorted(hanging):
            # A cell that hangs down beyond the end of a short row.
            if column >= len(line):
                line += [""] * (column - len(line))
                left, text = hanging[column]
                line.append(text)
                hanging[column] = (left - 1, text)
        hanging = {column: entry for column, entry in hanging.items() if entry[0] > 0}
        grid.append(line)
        whole.append(filling)
    return grid, whole


def _merge(heads: list[list[str]]) -> list[str]:
    width = max(map(len, heads))
    columns = ([head[column] for head in heads if column < len(head)] for column in range(width))
    return [" ".join(dict.fromkeys(filter(None, map(str.strip, column)))) for column in columns]
