"""Markdown tables with the offsets of their cells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_ROW = re.compile(r"[ \t]*\|.*")
_RULE = re.compile(r"[ \t|:\-]+")
_MAX_CAPTION_LINES = 3

_BAR = re.compile(r"(?<!\\)\|")
"""Between two cells; a bar inside a cell is written `\\|`."""

_WIDEST = 200
"""Columns above which rows of bars are no table that a person wrote; looking up heads would take for ever."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """The text of one cell without its blanks, at [start, end) of the text; empty cells have start == end."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table: its heading row (empty if it has none), its body, and the lines just above it, nearest first."""

    start: int
    end: int
    header: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    captions: tuple[str, ...]


def read_tables(text: str) -> Iterator[Table]:
    """Yield the tables of a text in order."""
    lines: list[tuple[int, str]] = []
    offset = 0
    for line in text.splitlines(keepends=True):
        lines.append((offset, line))
        offset += len(line)
    index = 0
    while index < len(lines):
        if not _ROW.match(lines[index][1]):
            index += 1
            continue
        first = index
        while index < len(lines) and _ROW.match(lines[index][1]):
            index += 1
        if all(line.count("|") <= _WIDEST for _, line in lines[first:index]):
            yield _table(lines[first:index], _captions(lines, first))


def _table(lines: list[tuple[int, str]], captions: tuple[str, ...]) -> Table:
    rows = [_cells(start, line) for start, line in lines]
    ruled = len(rows) > 1 and _RULE.fullmatch(lines[1][1].strip()) is not None
    body = [cells for cells, (_, line) in zip(rows, lines, strict=True) if not _RULE.fullmatch(line.strip())]
    last_start, last_line = lines[-1]
    return Table(
        start=lines[0][0],
        end=last_start + len(last_line),
        header=rows[0] if ruled else (),
        rows=tuple(body[1:] if ruled else body),
        captions=captions,
    )


def _cells(start: int, line: str) -> tuple[Cell, ...]:
    cells = []
    position = line.index("|") + 1
    for part in _BAR.split(line[position:].rstrip().removesuffix("|")):
        stripped = part.strip()
        left = start + position + len(part) - len(part.lstrip()) if stripped else start + position
        cells.append(Cell(start=left, end=left + len(stripped), text=stripped))
        position += len(part) + 1
    return tuple(cells)


def _captions(lines: list[tuple[int, str]], first: int) -> tuple[str, ...]:
    found: list[str] = []
    for index in range(first - 1, -1, -1):
        line = lines[index][1].strip()
        if line:
            found.append(line)
        if len(found) == _MAX_CAPTION_LINES or line.startswith("#"):
            break
    return tuple(found)
