"""The characters of a PDF page as lines, each with its place, and raised and lowered characters written out."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median
from typing import Any

import pypdfium2.raw as pdfium

from limen.nlp.text.char import Char
from limen.nlp.text.grid import GridCell
from limen.nlp.text.gutters import Gutter
from limen.nlp.text.scripts import lowered, raised
from limen.nlp.text.symbols import symbol

HYPHEN = "\u00ad"
"""Stands in line texts for a hyphen that only breaks a word at the end of a line."""

_LINE_HYPHENS = frozenset({"\x02", "\ufffe", "\u00ad"})
_CELL_GAP = 1.8
_SMALLER = 0.82
_RAISED = 0.18
_LOWERED = 0.08
_NEXT_LINE = 0.7
_BLANK = 0.15
_LONGEST_NAME = 128
_PRIVATE_USE = range(0xE000, 0xF900)
# Dots that lead the eye to the next column.
_LEADERS = re.compile(r" ?(?:\. ?){5,}$")
LOST = "\ufffd"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A stretch of a line with no wide gap in it."""

    text: str
    left: float
    right: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a page (`page` counts from 0); `cells` are its parts between wide gaps."""

    page: int
    cells: tuple[Cell, ...]
    base: float
    size: float
    upright: bool = True
    relative_height: float = field(default=0.5)
    """Where on the page the base line is: 0 at the bottom, 1 at the top."""
    rows: tuple[tuple[GridCell, ...], ...] = ()
    """The rows of a ruled table, which is one line whatever its height; empty for a line of text."""
    last_page: int | None = None
    """The page on which a ruled table ends; None if that is the page on which it begins."""

    @property
    def text(self) -> str:
        """The whole line."""
        return " ".join(cell.text for cell in self.cells)

    @property
    def left(self) -> float:
        """Left edge."""
        return self.cells[0].left

    @property
    def right(self) -> float:
        """Right edge."""
        return self.cells[-1].right


def char_lines(text_page: Any) -> Iterator[list[Char]]:
    """Yield the characters between the line ends that pdfium sees."""
    box, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    box_pointer, x_pointer, y_pointer = ctypes.byref(box), ctypes.byref(x), ctypes.byref(y)
    line: list[Char] = []
    blank = False
    for index in range(text_page.count_chars()):
        code = pdfium.FPDFText_GetUnicode(text_page, index)
        text = _character(code)
        if text == LOST and code in _PRIVATE_USE:
            text = symbol(code, _font(text_page, index)) or LOST
        if text in "\r\n":
            if line and text == "\n":
                yield line
                line = []
            blank = False
            continue
        if text.isspace():
            blank = True
            continue
        if not pdfium.FPDFText_GetLooseCharBox(text_page, index, box_pointer):
            continue
        if not pdfium.FPDFText_GetCharOrigin(text_page, index, x_pointer, y_pointer):
            continue
        size = abs(box.top - box.bottom)
        if line and x.value < line[-1].left and abs(y.value - line[-1].base) > _NEXT_LINE * size:
            # pdfium sees no line end where a hyphen breaks a word.
            yield line
            line = []
        line.append(Char(text, box.left, box.right, y.value, size, blank))
        blank = False
    if line:
        yield line


def _font(text_page: Any, index: int) -> str:
    """Return the name of the font of a character."""
    name = ctypes.create_string_buffer(_LONGEST_NAME)
    length = pdfium.FPDFText_GetFontInfo(text_page, index, name, _LONGEST_NAME, ctypes.c_int())
    return name.raw[: max(min(length, _LONGEST_NAME) - 1, 0)].decode("utf-8", "replace")


def _character(code: int) -> str:
    if code == 0 or code in _PRIVATE_USE or 0xD800 <= code < 0xE000 or code > 0x10FFFF:
        return LOST
    text = chr(code)
    if text in _LINE_HYPHENS:
        return HYPHEN
    return text if text in "\r\n" or text.isprintable() or text.isspace() else LOST


def joined_scripts(lines: list[list[Char]]) -> list[list[Char]]:
    """Put raised and lowered characters that pdfium takes for lines of their own back into the line they stand in."""
    joined: list[list[Char]] = []
    for line in lines:
        if joined and _continues(joined[-1], line):
            last, first = joined[-1][-1], line[0]
            blank = first.blank_before or first.left - last.right > _BLANK * max(first.size, last.size)
            joined[-1] = [*joined[-1], replace(first, blank_before=blank), *line[1:]]
        else:
            joined.append(line)
    return joined


def _continues(line: list[Char], following: list[Char]) -> bool:
    last, first = line[-1], following[0]
    small, large = sorted((_size(line), _size(following)))
    gap = first.left - last.right
    if gap < -0.3 * large:
        return False
    if abs(_base(line) - _base(following)) < 0.1 * large and small > _SMALLER * large:
        return gap < large
    is_script = small < _SMALLER * large or last.size < _SMALLER * first.size
    return is_script and gap < 0.35 * large and abs(first.base - last.base) < 0.6 * large


def _base(chars: list[Char]) -> float:
    return median(char.base for char in chars)


def _size(chars: list[Char]) -> float:
    return median(char.size for char in chars)


def line_of(chars: list[Char], *, page: int, height: float, gutters: Sequence[Gutter] = ()) -> Line:
    """Return a line of characters from left to right; scripts are written out.

    It is split into cells where gaps are wide, and where one of the `gutters` of the page runs through it.
    """
    largest = max(char.size for char in chars)
    normal = [char for char in chars if char.size >= _SMALLER * largest]
    size, base = _size(normal), median(char.base for char in normal)
    cells: list[list[Char]] = [[chars[0]]]
    for before, char in pairwise(chars):
        if char.left - before.right > _CELL_GAP * size or any(gutter.parts(before, char) for gutter in gutters):
            cells.append([])
        cells[-1].append(char)
    return Line(
        page=page,
        cells=tuple(
            Cell(text=_text(cell, size=size, base=base), left=cell[0].left, right=max(char.right for char in cell))
            for cell in cells
        ),
        base=base,
        size=size,
        upright=_is_upright(chars, size),
        relative_height=base / height if height else 0.5,
    )


def _is_upright(chars: list[Char], size: float) -> bool:
    rise = max(char.base for char in chars) - min(char.base for char in chars)
    return rise < 2 * size or rise < max(char.right for char in chars) - min(char.left for char in chars)


def _text(chars: list[Char], *, size: float, base: float) -> str:
    written = ""
    run: list[Char] = []
    position = 0
    for char in [*chars, None]:
        now = 0 if char is None else _position(char, size=size, base=base)
        if char is None or now != position:
            after = "" if char is None else (" " if char.blank_before else "") + char.text
            written = _with_run(written, run, position, after)
            run, position = [], now
        if char is not None:
            run.append(char)
    return _LEADERS.sub("", written).strip()


def _with_run(written: str, run: list[Char], position: int, after: str) -> str:
    text = "".join((" " if char.blank_before else "") + char.text for char in run)
    if not text or not position:
        return written + text
    # pdfium sees a blank in the shift between the lines.
    before = written.rstrip()
    mark = text.strip()
    return before + (raised(before, mark, after=after) if position > 0 else lowered(before, mark))


def _position(char: Char, *, size: float, base: float) -> int:
    """Return 1 for a raised character, -1 for a lowered one, 0 for one on the line."""
    if char.size >= _SMALLER * size:
        return 0
    shift = (char.base - base) / size
    return 1 if shift > _RAISED else -1 if shift < -_LOWERED else 0
