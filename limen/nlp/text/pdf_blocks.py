"""Lines of a PDF to paragraphs, headings and tables."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from limen.nlp.text.columns import in_columns
from limen.nlp.text.grid import GridCell, lay_out
from limen.nlp.text.line_joining import BEGINS_IN_CJK, ENDS_IN_CJK, clean, join
from limen.nlp.text.markdown import Block, BlockKind, heading, item, paragraph, table
from limen.nlp.text.pdf_lines import Line

_CLAUSE = re.compile(
    r"第\s*[〇零一二三四五六七八九十百千\d]+\s*[条章节款项编]|[一二三四五六七八九十百]+、|[（(][一二三四五六七八九十百]+[）)]"
    r"|\d{1,3}(?:\.\d{1,3}){0,4}[.、)）]?\s*(?=\D)|[（(](?:\d{1,2}|[a-zA-Z]|[ivxIVX]{1,5})[）)]|§|[•●○■◆▪–—-]\s"
    r"|[A-Z][A-Z ]{3,40}:|(?:Article|Section|Chapter|Annex|Part|Schedule)\s+[\dIVXA-Z]"
)
_BULLET = re.compile(r"[•●○■◆▪]\s*")
_SENTENCE_END = re.compile(r"(?:[.;:!?。；：！？…][\"”’)）\]]*|\b(?:and|or)|[和或及])\Z")
_WIDE_BREAK = 1.45
_HEADING_SIZE = 1.12
_LONGEST_HEADING = 150
_INDENT = 1.2
_MIN_ROWS = 2
_SAME_EDGE = 6.0
_OPENING = 3000
_SHORTEST_TITLE = 6

_ColumnKey = tuple[int, int, int]
"""Page, place on it in steps of half an inch, size of the letters in points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfBlock:
    """A block with the size of its letters in points, by which headings are told."""

    block: Block
    size: float
    page: int


def pdf_blocks(lines: Sequence[Line]) -> list[PdfBlock]:
    """Return the blocks of a document from the lines of all its pages in order."""
    if not lines:
        return []
    lines = in_columns(lines)
    layout = _Layout(lines)
    blocks: list[PdfBlock] = []
    group: list[Line] = []
    for rows in _runs(_whole_tables(lines)):
        if rows[0].rows:
            blocks += [*_paragraph(group, layout), *_ruled(rows[0])]
            group = []
            continue
        if len(rows) > 1:
            blocks += _paragraph(group, layout)
            group = []
            blocks += _table(rows)
            continue
        line = rows[0]
        if group and layout.begins_anew(group[-1], line):
            blocks += _paragraph(group, layout)
            group = []
        group.append(line)
    return blocks + _paragraph(group, layout)


def title_of(blocks: Sequence[PdfBlock], text: str, *, stated: str | None) -> str | None:
    """Return the title: what the file states if its text begins with that, else the largest heading of the first page.

    None if there is neither; a stated title is the last resort, too.
    """
    opening = "".join(text[:_OPENING].split())
    if stated and len(stated) >= _SHORTEST_TITLE and "".join(stated.split()) in opening:
        return stated
    heads = [each for each in blocks if each.block.kind is BlockKind.HEADING and each.page == 0]
    largest = max(heads, key=lambda each: each.size, default=None)
    return stated if largest is None else largest.block.text.lstrip("# ")


class _Layout:
    """What is usual in the document: size of letters, distance of lines, right margins."""

    def __init__(self, lines: Sequence[Line]) -> None:
        letters: Counter[float] = Counter()
        for line in lines:
            letters[round(line.size, 1)] += len(line.text)
        self.body_size = letters.most_common(1)[0][0]
        larger = sorted({size for size in letters if size > _HEADING_SIZE * self.body_size}, reverse=True)
        self._levels = {size: min(number, 3) for number, size in enumerate(larger, 1)}
        gaps = Counter(
            round((before.base - after.base) / before.size, 1)
            for before, after in pairwise(lines)
            if before.page == after.page and 0 < before.base - after.base < 3 * before.size
        )
        self._leading = gaps.most_common(1)[0][0] if gaps else 1.2
        ends: defaultdict[_ColumnKey, list[float]] = defaultdict(list)
        for line in lines:
            for key in self._column_keys(line) if len(line.cells) == 1 else ():
                ends[key].append(line.right)
        self._margins = {key: _margin(rights, tolerance=key[2]) for key, rights in ends.items()}

    def heading_level(self, line: Line) -> int | None:
        """Return the level of a heading with letters of that size, None for text."""
        return self._levels.get(round(line.size, 1))

    def begins_anew(self, before: Line, line: Line) -> bool:
        """Tell whether a line begins a new paragraph after the line before it."""
        if abs(line.size - before.size) > 0.1 * before.size or len(line.cells) > 1 or len(before.cells) > 1:
            return True
        if self._ended_early(before, line):
            return True
        if _CLAUSE.match(line.text) and _SENTENCE_END.search(before.text):
            return True
        if line.page != before.page or line.base >= before.base:
            return bool(_SENTENCE_END.search(before.text)) and bool(re.match(r"[A-Z“\"]", line.text))
        if before.base - line.base > _WIDE_BREAK * self._leading * before.size:
            return True
        return _INDENT * line.size < line.left - before.left < 8 * line.size and bool(_SENTENCE_END.search(before.text))

    def _ended_early(self, before: Line, line: Line) -> bool:
        """Tell whether the first word of the line would have had room in the line before."""
        room = max(self._margins.get(key, before.right) for key in self._column_keys(before)) - before.right
        width = line.right - line.left
        if not line.text or width <= 0:
            return True
        first = 2 if BEGINS_IN_CJK.match(line.text) else len(line.text.split(maxsplit=1)[0]) + 1
        needed = width * min(first / len(line.text), 1.0) * 1.3
        # Closing signs may not begin a line in Chinese: up to two letters go over with them.
        return room > max(needed, 2.5 * before.size if ENDS_IN_CJK.search(before.text) else 0.0)

    @staticmethod
    def _column_keys(line: Line) -> tuple[_ColumnKey, ...]:
        """Return the places by which lines of one column know each other: paragraphs may be moved in by some letters."""
        place = round(line.left / 36)
        return tuple((line.page, place + shift, round(line.size)) for shift in (-1, 0, 1))


def _margin(rights: list[float], *, tolerance: float) -> float:
    """Return where lines of a column end on the right: a single line beyond the others is no line of the column."""
    rights = sorted(rights, reverse=True)
    pairs = (first for first, second in pairwise(rights) if first - second <= 2 * tolerance)
    return next(pairs, rights[0])


def _whole_tables(lines: Sequence[Line]) -> list[Line]:
    """Return the lines with ruled tables that go on on the next page made whole; the head is there but once."""
    whole: list[Line] = []
    for line in lines:
        last = whole[-1] if whole else None
        if last is not None and last.rows and line.rows and _goes_on(last, line):
            rows = line.rows[1:] if line.rows[0] == last.rows[0] else line.rows
            whole[-1] = replace(last, rows=(*last.rows, *rows), last_page=line.page)
        else:
            whole.append(line)
    return whole


def _goes_on(table: Line, following: Line) -> bool:
    is_next = following.page == (table.page if table.last_page is None else table.last_page) + 1
    same = abs(table.left - following.left) < _SAME_EDGE and abs(table.right - following.right) < _SAME_EDGE
    return is_next and same and _width(table.rows) == _width(following.rows)


def _width(rows: Sequence[Sequence[GridCell]]) -> int:
    return max(sum(cell.column_span for cell in row) for row in rows)


def _ruled(line: Line) -> list[PdfBlock]:
    return [PdfBlock(block=block, size=line.size, page=line.page) for block in lay_out(line.rows)]


def _runs(lines: Sequence[Line]) -> list[list[Line]]:
    """Return the lines one by one, but rows of a table together."""
    runs: list[list[Line]] = []
    for line in lines:
        last = runs[-1][-1] if runs else None
        follows = (
            last is not None
            and not (line.rows or last.rows)
            and len(line.cells) > 1
            and len(last.cells) > 1
            and line.page == last.page
            and 0 < last.base - line.base < 4 * last.size
        )
        if follows:
            runs[-1].append(line)
        else:
            runs.append([line])
    return runs


def _table(rows: list[Line]) -> list[PdfBlock]:
    columns = _columns(rows)
    first = rows[0]
    if len(rows) >= _MIN_ROWS and columns is not None:
        grid = [[""] * len(columns) for _ in rows]
        for row, line in zip(grid, rows, strict=True):
            for cell in line.cells:
                row[next(n for n, (left, right) in enumerate(columns) if cell.left < right and cell.right > left)] = (
                    cell.text
                )
        made = table(grid)
        return [PdfBlock(block=made, size=first.size, page=first.page)] if made else []
    return [PdfBlock(block=paragraph(clean(line.text)), size=line.size, page=line.page) for line in rows]


def _columns(rows: list[Line]) -> list[tuple[float, float]] | None:
    """Return the columns as stretches from left to right; None if two cells of a row fall into one."""
    columns: list[tuple[float, float]] = []
    for left, right in sorted((cell.left, cell.right) for line in rows for cell in line.cells):
        if columns and left < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], right))
        else:
            columns.append((left, right))
    for line in rows:
        places = [
            next(n for n, (left, right) in enumerate(columns) if cell.left < right and cell.right > left)
            for cell in line.cells
        ]
        if len(set(places)) < len(places):
            return None
    return columns


def _paragraph(lines: list[Line], layout: _Layout) -> list[PdfBlock]:
    if not lines:
        return []
    text = ""
    for line in lines:
        text = join(text, line.text)
    text = clean(text)
    if not text:
        return []
    level = layout.heading_level(lines[0])
    if level is not None and len(text) <= _LONGEST_HEADING and any(map(str.isalpha, text)):
        block = heading(text, level)
    elif _BULLET.match(text):
        block = item(_BULLET.sub("", text, count=1))
    else:
        block = paragraph(text)
    return [PdfBlock(block=block, size=lines[0].size, page=lines[0].page)]
