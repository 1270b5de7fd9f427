"""The text of one page of an OFD document as lines from top to bottom (GB/T 33190-2016, chapters 7, 8 and 11)."""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from lxml.etree import _Element

from limen.nlp.text.char import Char
from limen.nlp.text.pdf_lines import Line
from limen.nlp.text.ruled import Rule, ruled_tables, rules_of
from limen.nlp.text.ruled_lines import lines_with_tables

MAX_CHARACTERS = 20_000_000
"""Characters a document may have."""

_POINTS = 72 / 25.4
_SAME_LINE = 0.45
_SMALLER = 0.82
_SCRIPT_SHIFT = 0.6
_TOUCHING = 0.35
_MOST_NEAR = 50
_BLANK = 0.28
_MAX_ADVANCES = 1_000_000
_WIDE = re.compile(r"[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]")
_NARROW_ADVANCE = 0.5


@dataclass(frozen=True, slots=True)
class _Matrix:
    """Where the coordinates of an object lie on the page: x' = a x + c y + e, y' = b x + d y + f; in millimetres."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Return the point of the page."""
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f


def page_lines(layers: Sequence[_Element], rules: Sequence[Rule], *, page: int, height: float) -> list[Line]:
    """Return the lines of a page in reading order: what stands at one height is one line, from left to right.

    `layers` are the roots of the page's content and of its templates, `rules` the lines that they draw; `height` is the
    page's, in millimetres.
    """
    chars = [char for root in layers for char in _characters(root, height)]
    rows = [_with_blanks(row) for row in _rows(chars)]
    return lines_with_tables(rows, ruled_tables(rules), rules=rules, page=page, height=height * _POINTS)


def page_rules(layers: Sequence[_Element], *, height: float) -> list[Rule]:
    """Return the horizontal and vertical lines that a page draws."""
    return [
        rule
        for root in layers
        for element in root.iter("*")
        if name(element) == "PathObject"
        for rule in _path_rules(element, height)
    ]


def name(element: _Element) -> str:
    """Return the name of an element without its namespace: writers differ in that."""
    return str(element.tag).rpartition("}")[2]


def box(text: str | None) -> tuple[float, float, float, float] | None:
    """Return left, top, width and height of an `ST_Box`; None if it is none."""
    values = numbers(text)
    return (values[0], values[1], values[2], values[3]) if len(values) == 4 else None


def numbers(text: str | None) -> list[float]:
    """Return the finite numbers of an `ST_Array`, up to the first word that is none."""
    found: list[float] = []
    for word in (text or "").split():
        try:
            value = float(word)
        except ValueError:
            return found
        if not math.isfinite(value):
            return found
        found.append(value)
    return found


def advances(text: str | None, *, count: int) -> list[float]:
    """Return up to `count` distances between characters: "3 3 1.5", where "g 2 3" stands for "3 3"."""
    found: list[float] = []
    words = iter((text or "").split())
    for word in words:
        if len(found) >= min(count, _MAX_ADVANCES):
            break
        if word == "g":
            times, value = numbers(next(words, "")), numbers(next(words, ""))
            if times and value:
                found += [value[0]] * min(max(int(times[0]), 0), count)
        else:
            found += numbers(word)
    return found[:count]


def _characters(root: _Element, height: float) -> Iterator[Char]:
    for element in root.iter("*"):
        if name(element) == "TextObject" and element.get("Visible", "true").lower() != "false":
            yield from _object(element, height)


def _object(element: _Element, height: float) -> Iterator[Char]:
    edges = box(element.get("Boundary"))
    sizes = numbers(element.get("Size"))
    if edges is None or not sizes or sizes[0] <= 0:
        return
    matrix = _matrix(numbers(element.get("CTM")), edges[0], edges[1])
    scale = math.hypot(matrix.b, matrix.d) or 1.0
    width = (numbers(element.get("HScale")) or [1.0])[0] * sizes[0]
    x, y = 0.0, 0.0
    for code in element:
        if name(code) != "TextCode":
            continue
        # Where a code states no place it begins where the one before it did.
        x, y = (numbers(code.get("X")) or [x])[0], (numbers(code.get("Y")) or [y])[0]
        text = code.text or ""
        rights = advances(code.get("DeltaX"), count=len(text))
        downs = advances(code.get("DeltaY"), count=len(text))
        at, down = x, y
        for number, sign in enumerate(text):
            usual = width * (1.0 if _WIDE.match(sign) else _NARROW_ADVANCE)
            advance = rights[number] if number < len(rights) else 0.0 if downs else usual
            left, base = matrix.place(at, down)
            right, _ = matrix.place(at + min(usual, advance or usual), down)
            yield Char(
                "" if sign.isspace() else sign,
                left * _POINTS,
                right * _POINTS,
                (height - base) * _POINTS,
                sizes[0] * scale * _POINTS,
                blank_before=False,
            )
            at += advance
            down += downs[number] if number < len(downs) else 0.0


def _path_rules(element: _Element, height: float) -> Iterator[Rule]:
    edges = box(element.get("Boundary"))
    data = next((each.text for each in element if name(each) == "AbbreviatedData"), None)
    if edges is None or not data:
        return
    matrix = _matrix(numbers(element.get("CTM")), edges[0], edges[1])
    points = list(_points(data, matrix, height))
    xs, ys = [x for x, _ in points], [y for _, y in points]
    if (len(points) in {4, 5} and {*xs} <= {min(xs), max(xs)} and {*ys} <= {min(ys), max(ys)}) or len(points) == 2:
        yield from rules_of(min(xs), min(ys), max(xs), max(ys))


def _points(data: str, matrix: _Matrix, height: float) -> Iterator[tuple[float, float]]:
    """Yield the points of a path that is one straight stroke; of others only what comes before their first curve."""
    words = iter(data.split())
    for word in words:
        if word in {"S", "M", "L"}:
            place = numbers(f"{next(words, '')} {next(words, '')}")
            if len(place) == 2:
                x, y = matrix.place(place[0], place[1])
                yield round(x * _POINTS, 2), round((height - y) * _POINTS, 2)
        elif word != "C":
            return


def _matrix(values: list[float], left: float, top: float) -> _Matrix:
    if len(values) != 6:
        return _Matrix(e=left, f=top)
    a, b, c, d, e, f = values
    return _Matrix(a, b, c, d, e + left, f + top)


def _rows(chars: list[Char]) -> list[list[Char]]:
    """Return the characters line by line from top to bottom, each line from left to right.

    Large characters make the lines; small ones that touch a character of a line are raised or lowered in it.
    """
    bases: list[float] = []
    rows: list[list[Char]] = []
    reach = _SCRIPT_SHIFT * max((char.size for char in chars), default=0.0)
    for char in sorted(chars, key=lambda each: (-each.size, -each.base, each.left)):
        middle = bisect_left(bases, char.base)
        first = max(bisect_left(bases, char.base - reach), middle - _MOST_NEAR)
        last = min(bisect_left(bases, char.base + reach), middle + _MOST_NEAR)
        near = [place for place in range(first, last) if _belongs(char, rows[place])]
        if near:
            rows[min(near, key=lambda place: abs(bases[place] - char.base))].append(char)
        else:
            bases.insert(middle, char.base)
            rows.insert(middle, [char])
    return [_once(sorted(row, key=lambda each: each.left)) for row in reversed(rows)]


def _belongs(char: Char, row: list[Char]) -> bool:
    shift, size = abs(row[0].base - char.base), row[0].size
    if shift < _SAME_LINE * char.size:
        return True
    is_script = char.size < _SMALLER * size and shift < _SCRIPT_SHIFT * size
    return is_script and any(
        max(char.left - each.right, each.left - char.right) < _TOUCHING * size for each in row[-_MOST_NEAR * 10 :]
    )


def _once(row: list[Char]) -> list[Char]:
    """Return a line without the characters that are drawn twice at one place to look bold."""
    kept: list[Char] = []
    for char in row:
        if not any(each.text == char.text and char.left - each.left < 0.2 * char.size for each in kept[-3:]):
            kept.append(char)
    return kept


def _with_blanks(row: list[Char]) -> list[Char]:
    """Return the visible characters of a line, each with whether a blank or a gap comes before it."""
    visible: list[Char] = []
    blank = False
    for before, char in pairwise([None, *row]):
        assert char is not None
        if not char.text:
            blank = True
            continue
        gap = 0.0 if before is None else char.left - before.right
        narrow = not _WIDE.match(char.text)
        is_apart = blank or (narrow and gap > _BLANK * char.size and visible and not _WIDE.match(visible[-1].text))
        visible.append(Char(char.text, char.left, char.right, char.base, char.size, blank_before=bool(is_apart)))
        blank = False
    return visible
