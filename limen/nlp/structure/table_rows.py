"""Markdown tables: rows, cells, heads, captions and notes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from limen.nlp.structure.blocks import Block, BlockKind, Span, Table
from limen.nlp.structure.grammar import structure_grammar
from limen.nlp.structure.lines import Line

_DIGIT = re.compile(r"\d")
_MAX_CAPTIONS = 3
_LONGEST_CAPTION = 300


@dataclass(slots=True)
class _Draft:
    captions: tuple[int, ...]
    rows: list[tuple[int, ...]] = field(default_factory=list)
    ruled: int | None = None
    notes: list[int] = field(default_factory=list)


class TableReader:
    """Collects the tables of one text while its blocks are made."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._drafts: list[_Draft] = []
        self.is_open = False

    def open(self, blocks: Sequence[Block]) -> None:
        """Start a table below the blocks read so far."""
        self._drafts.append(_Draft(captions=self._captions(blocks)))
        self.is_open = True

    def close(self) -> None:
        """End the stretch in which notes belong to the last table."""
        self.is_open = False

    def note(self, index: int) -> None:
        """Give the open table a note."""
        self._drafts[-1].notes.append(index)

    def rule(self) -> None:
        """Take the rows so far as the head, at the first rule."""
        draft = self._drafts[-1]
        if draft.ruled is None:
            draft.ruled = len(draft.rows)

    def row(self, line: Line, first: int) -> Iterator[Block]:
        """Yield the cells of a row, the first of which will be block `first`. A cell begins with its pipe."""
        draft = self._drafts[-1]
        number, table = len(draft.rows), len(self._drafts) - 1
        content = self._text[line.start : line.end]
        pipes = [match.start() for match in re.finditer(r"(?<!\\)\|", content)]
        if len(pipes) > 1 and pipes[-1] == len(content) - 1:
            pipes.pop()
        bounds = [*pipes, len(content)]
        cells = []
        for column, (left, right) in enumerate(pairwise(bounds)):
            raw = content[left + 1 : right]
            if column == len(pipes) - 1:
                raw = raw.removesuffix("|")
            stripped = raw.strip()
            at = line.start + left + 1 + (len(raw) - len(raw.lstrip()) if stripped else 0)
            cells.append(first + column)
            yield Block(
                kind=BlockKind.CELL, start=line.start + left, end=line.start + right,
                body=Span(at, at + len(stripped)), table=table, row=number, column=column,
            )  # fmt: skip
        draft.rows.append(tuple(cells))

    def end_rows(self, blocks: Sequence[Block]) -> None:
        """Settle the heads of the table whose rows have all been read."""
        draft = self._drafts[-1]
        if draft.ruled is None:
            draft.ruled = self._unruled_head(draft, blocks)
        else:
            draft.ruled = self._deeper_head(draft, draft.ruled, blocks)

    def finish(self) -> tuple[Table, ...]:
        """Return all tables."""
        return tuple(
            Table(
                header=tuple(draft.rows[: draft.ruled]),
                rows=tuple(draft.rows[draft.ruled or 0 :]),
                captions=draft.captions,
                notes=tuple(draft.notes),
            )
            for draft in self._drafts
        )

    def _has_digit(self, cells: Sequence[int], blocks: Sequence[Block]) -> bool:
        return any(_DIGIT.search(self._text, *blocks[cell].body) for cell in cells)

    def _unruled_head(self, draft: _Draft, blocks: Sequence[Block]) -> int:
        if len(draft.rows) < 2 or len(draft.rows[0]) < 2:
            return 0
        headed = not self._has_digit(draft.rows[0], blocks) and any(
            self._has_digit(row[1:], blocks) for row in draft.rows[1:]
        )
        return int(headed)

    def _deeper_head(self, draft: _Draft, ruled: int, blocks: Sequence[Block]) -> int:
        """Count rows below the rule that go on with the head: the first cell repeats or is empty, figures follow later."""
        if not ruled:
            return ruled
        first = self._label(draft.rows[ruled - 1], blocks)
        at = ruled
        while at + 1 < len(draft.rows) and self._label(draft.rows[at], blocks) in ("", first):
            filled = [cell for cell in draft.rows[at][1:] if blocks[cell].body.start < blocks[cell].body.end]
            if not filled or self._has_digit(filled, blocks):
                break
            at += 1
        return at

    def _label(self, row: Sequence[int], blocks: Sequence[Block]) -> str:
        return self._text[slice(*blocks[row[0]].body)] if row else ""

    def _captions(self, blocks: Sequence[Block]) -> tuple[int, ...]:
        """Return the blocks right above that name the table: lines up to the heading over it."""
        found: list[int] = []
        for index in range(len(blocks) - 1, max(-1, len(blocks) - 1 - _MAX_CAPTIONS), -1):
            block = blocks[index]
            if block.kind in (BlockKind.CELL, BlockKind.RULE, BlockKind.NOTE):
                break
            body = self._text[slice(*block.body)]
            named = structure_grammar().caption.match(self._text[block.start : block.end])
            if len(body) > _LONGEST_CAPTION and not named:
                break
            found.append(index)
            if named and self._introduces(blocks[index - 1] if index else None, named.group()):
                found.append(index - 1)
            if block.kind is BlockKind.HEADING or named:
                break
        return tuple(found)

    def _introduces(self, block: Block | None, name: str) -> bool:
        """Tell whether a paragraph over a caption speaks of its table by name: "shall keep to Table 1, in mg/L"."""
        if block is None or block.kind is not BlockKind.PARAGRAPH:
            return False
        return name.strip("*_# >") in self._text[slice(*block.body)]
