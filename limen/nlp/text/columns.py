"""Columns of running text that are drawn line by line across the page: each is read down to its end before the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

from limen.nlp.text.pdf_lines import Line

_FEWEST_ROWS = 6
_MOST_COLUMNS = 4
# Text fills its column, and nearly every line of it has a neighbour. What stands in a table does neither.
_FULL = 0.75
_SHARE = 0.6
_NARROWEST = 9.0
"""Of the height of the letters."""
_SHORTEST = 18
_CJK_WIDTH = 2


@dataclass(frozen=True, slots=True)
class _Column:
    left: float
    right: float

    def holds(self, left: float, right: float) -> bool:
        """Tell whether a stretch of a line lies within the column, one point over at either side allowed."""
        return self.left - 1 <= left and right <= self.right + 1


def in_columns(lines: Sequence[Line]) -> list[Line]:
    """Return the lines in reading order: where text stands in columns beside each other, one column after the other."""
    ordered: list[Line] = []
    position = 0
    while position < len(lines):
        end, columns = _block(lines, position)
        if columns:
            ordered += _column_by_column(lines[position:end], columns)
        else:
            ordered += lines[position:end]
        position = end
    return ordered


def _block(lines: Sequence[Line], start: int) -> tuple[int, list[_Column]]:
    """Return where the lines end that go down the page in the same columns, and these columns; none if they are no text."""
    first = lines[start]
    if len(first.cells) < 2 or first.rows:
        return start + 1, []
    columns = [_Column(cell.left, cell.right) for cell in first.cells]
    end = start + 1
    while end < len(lines) and lines[end].page == first.page and lines[end].base < lines[end - 1].base:
        widened = None if lines[end].rows else _widened(columns, lines[end])
        if widened is None:
            break
        columns, end = widened, end + 1
    return end, columns if _is_text(lines[start:end], columns) else []


def _widened(columns: list[_Column], line: Line) -> list[_Column] | None:
    """Return the columns with the cells of a further line, each in its own; None if a cell lies in two."""
    wide = list(columns)
    used: set[int] = set()
    for cell in line.cells:
        touched = [n for n, column in enumerate(wide) if cell.left < column.right and cell.right > column.left]
        if len(touched) != 1 or touched[0] in used:
            return None
        place = touched[0]
        used.add(place)
        wide[place] = _Column(min(wide[place].left, cell.left), max(wide[place].right, cell.right))
    return wide


def _is_text(lines: Sequence[Line], columns: list[_Column]) -> bool:
    both = [line for line in lines if len(line.cells) == len(columns)]
    if len(both) < max(_FEWEST_ROWS, _SHARE * len(lines)) or len(columns) > _MOST_COLUMNS:
        return False
    for place, column in enumerate(columns):
        cells = [line.cells[place] for line in both]
        width = column.right - column.left
        if width < _NARROWEST * lines[0].size or median(each.right - each.left for each in cells) < _FULL * width:
            return False
        if median(sum(_CJK_WIDTH if sign > "\u2e80" else 1 for sign in each.text) for each in cells) < _SHORTEST:
            return False
    return True


def _column_by_column(lines: Sequence[Line], columns: list[_Column]) -> list[Line]:
    return [
        replace(line, cells=(cell,))
        for column in columns
        for line in lines
        for cell in line.cells
        if column.holds(cell.left, cell.right)
    ]
