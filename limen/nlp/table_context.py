"""What the parts of a table say about its cells: heads, row labels, captions and notes, with their roles told apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from limen.nlp.structure import BlockKind, Structure, Table

_FIGURE = re.compile(r"[\d½¼¾⅓⅔]")
_WIDEST = 200
"""Columns above which rows of bars are no table that a person wrote; looking up heads would take for ever."""
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the body or head, with its text without blanks."""

    start: int
    end: int
    text: str
    row: int
    column: int


class TableContext:
    """A table of a text by rows of cells. `row` counts from the first row of the body; heads are joined by column."""

    def __init__(self, structure: Structure, table: Table) -> None:
        self._structure, self._table = structure, table
        self.rows = [self._cells(row, number) for number, row in enumerate(table.rows)]
        self.head_rows = [self._cells(row, -1) for row in table.header]
        self._heads: dict[int, str] = {}

    @property
    def is_readable(self) -> bool:
        """False for what only looks like a table."""
        return all(len(row) <= _WIDEST for row in self._table.rows)

    @cached_property
    def captions(self) -> tuple[str, ...]:
        """The lines above, nearest first, the headings over them, the notes and the paragraph below."""
        blocks = self._structure.blocks
        above = list(self._table.captions)
        first = (self._table.header or self._table.rows)[0][0]
        above += [index for index in reversed(blocks[first].headings) if index not in above]
        last = (self._table.rows or self._table.header)[-1][-1]
        below = [index for index in (last + 1,) if index < len(blocks) and blocks[index].kind is BlockKind.PARAGRAPH]
        chosen = dict.fromkeys((*above, *self._table.notes, *below))
        return tuple(self._structure.body(index)[:_LONGEST] for index in chosen)

    def head(self, column: int) -> str:
        """Return what stands over a column, the nearest row of heads first."""
        if column not in self._heads:
            parts = [row[column].text for row in reversed(self.head_rows) if column < len(row) and row[column].text]
            self._heads[column] = "; ".join(dict.fromkeys(parts))[:_LONGEST]
        return self._heads[column]

    def labels(self, row: int, column: int) -> list[str]:
        """Return the labels to the left of a cell, the nearest first."""
        cells = self.rows[row][:column]
        return [cell.text[:_LONGEST] for cell in reversed(cells) if cell.text and cell.column in self.label_columns]

    @cached_property
    def label_columns(self) -> frozenset[int]:
        """The first column, and those beside it with hardly a figure in them."""
        found = set()
        width = max((len(row) for row in self.rows), default=0)
        for column in range(width):
            cells = [row[column].text for row in self.rows if column < len(row) and row[column].text]
            figures = sum(_FIGURE.match(text.lstrip("<>≤≥=±~$€£¥₹（(+-− ")) is not None for text in cells)
            if (column == 0 and width > 1) or (cells and 2 * figures < len(cells)):
                found.add(column)
        return frozenset(found)

    def section(self, row: int) -> str:
        """Return the label of the nearest row above that fills a single cell and so names what follows; else nothing."""
        return self._sections[row]

    @cached_property
    def _sections(self) -> list[str]:
        """The section of each row, told for all in one go: a table of ten thousand rows would be searched as often."""
        found, current = [], ""
        for row in self.rows:
            found.append(current)
            filled = [cell.text for cell in row if cell.text]
            if len(filled) == 1 and len(row) > 1 and not _FIGURE.match(filled[0]):
                current = filled[0][:_LONGEST]
        return found

    def _cells(self, row: tuple[int, ...], number: int) -> list[Cell]:
        blocks = self._structure.blocks
        return [
            Cell(*blocks[index].body, self._structure.text[slice(*blocks[index].body)], number, column)
            for column, index in enumerate(row)
        ]
