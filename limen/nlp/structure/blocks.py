"""What `parse` returns: blocks in the order of the text, tables, sentences, and look-ups by offset."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class BlockKind(StrEnum):
    """What a block is to a reader."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    CELL = "cell"
    NOTE = "note"
    """A footnote or remark under a table."""
    RULE = "rule"
    """A line of signs only: below a table's head, between sections."""


class Span(NamedTuple):
    """Half-open offsets [start, end) in code points of the text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A stretch [start, end) of one kind. Blocks never overlap, and blanks are all that lies outside of them.

    `body` is the block without its marks and label ("# ", "- ", "（二）", "|"). Other blocks are named by their index.
    """

    kind: BlockKind
    start: int
    end: int
    body: Span
    label: str | None = None
    """"3.", "(b)", "（二）", "第八条": as written, or None."""
    level: int = 0
    """Rank of a heading, 1 the highest; depth of an item, from 1; 0 for all others."""
    headings: tuple[int, ...] = ()
    """The headings above, outermost first. A heading does not count itself."""
    parent: int | None = None
    """The item this one is nested in, or the item that this paragraph continues."""
    lead_in: int | None = None
    """The block that introduces the list the item stands in."""
    title: Span | None = None
    """A run-in title in bold at the start of the body, without its signs."""
    table: int | None = None
    row: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table by the indexes of its cells. Rows may differ in length."""

    header: tuple[tuple[int, ...], ...]
    """Rows of headings; empty where the table has none."""
    rows: tuple[tuple[int, ...], ...]
    captions: tuple[int, ...]
    """The paragraph or heading just above, nearest first: title, unit, what the limits are put on."""
    notes: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence of one block, and its clauses: the stretches between commas, semicolons and colons."""

    span: Span
    block: int
    clauses: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """The shape of one text. Look-ups are binary searches and return None between blocks."""

    text: str
    blocks: tuple[Block, ...]
    tables: tuple[Table, ...]
    sentences: tuple[Sentence, ...]
    _starts: tuple[int, ...]
    _sentence_starts: tuple[int, ...]

    def block_index(self, position: int) -> int | None:
        """Return the index of the block that covers an offset."""
        index = bisect_right(self._starts, position) - 1
        return index if index >= 0 and position < self.blocks[index].end else None

    def block_at(self, position: int) -> Block | None:
        """Return the block that covers an offset."""
        index = self.block_index(position)
        return None if index is None else self.blocks[index]

    def sentence_index(self, position: int) -> int | None:
        """Return the index of the sentence that covers an offset."""
        index = bisect_right(self._sentence_starts, position) - 1
        return index if index >= 0 and position < self.sentences[index].span.end else None

    def sentence_at(self, position: int) -> Sentence | None:
        """Return the sentence that covers an offset."""
        index = self.sentence_index(position)
        return None if index is None else self.sentences[index]

    def clause_index(self, position: int) -> int | None:
        """Return the place among its sentence's clauses of the clause that covers an offset."""
        sentence = self.sentence_at(position)
        if sentence is None:
            return None
        index = bisect_right(sentence.clauses, (position, len(self.text) + 1)) - 1
        return index if index >= 0 else None

    def body(self, index: int) -> str:
        """Return the text of a block without its marks and label."""
        start, end = self.blocks[index].body
        return self.text[start:end]

    def enclosing(self, index: int) -> Iterator[int]:
        """Yield the items a block is nested in, innermost first."""
        parent = self.blocks[index].parent
        while parent is not None:
            yield parent
            parent = self.blocks[parent].parent

    def cell(self, table: int, row: int, column: int) -> int | None:
        """Return the index of a body cell, or None where the row is shorter."""
        cells = self.tables[table].rows[row]
        return cells[column] if column < len(cells) else None

    def heads(self, cell: Block) -> tuple[int, ...]:
        """Return the heading cells over a cell, outermost first; empty for what is no cell or has no heads."""
        if cell.table is None:
            return ()
        return tuple(row[cell.column] for row in self.tables[cell.table].header if cell.column < len(row))

    def section(self, position: int) -> str | None:
        """Return headings and labels above an offset, outermost first, joined by ` > `; None where there are none."""
        index = self.block_index(position)
        if index is None:
            return None
        block = self.blocks[index]
        marks = [self._heading(heading) for heading in block.headings]
        items = [*reversed(list(self.enclosing(index))), index]
        marks += [label for item in items if (label := self.blocks[item].label) is not None]
        return " > ".join(mark for mark in marks if mark) or None

    def _heading(self, index: int) -> str:
        label = self.blocks[index].label
        return f"{label or ''} {self.body(index)}".strip()
