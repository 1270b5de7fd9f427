"""The text of ruled tables: characters that stand in a drawn cell belong to it, whatever order they are drawn in."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence

from limen.nlp.text.char import Char
from limen.nlp.text.grid import GridCell
from limen.nlp.text.gutters import Gutter, gutters_of
from limen.nlp.text.line_joining import clean, join
from limen.nlp.text.pdf_lines import Cell, Line, joined_scripts, line_of
from limen.nlp.text.ruled import Box, Rule

_FEWEST_FILLED = 3
_SHARE_FILLED = 0.25
_MOST_OPEN_ROWS = 2
_LINES_OF_OPEN_ROWS = 2


def lines_with_tables(
    lines: Sequence[list[Char]],
    tables: Sequence[tuple[Box, ...]],
    *,
    rules: Sequence[Rule] = (),
    page: int,
    height: float,
) -> list[Line]:
    """Return the lines of a page; each ruled table is one of them, at the place of its first character.

    `height` is the page's in points. Grids that hold next to nothing are drawings, and those whose rows are not parted by
    lines are told by these rows: their characters stay lines, parted into cells by the upright ones of `rules`.
    """
    rest = [line for line in lines if line]
    places: dict[int, Line] = {}
    for boxes in tables:
        outside, inside, place = _taken(rest, boxes)
        if len(inside) < max(_FEWEST_FILLED, _SHARE_FILLED * len(boxes)) or _has_open_rows(inside):
            continue
        rest = outside
        marker = [Char("\x1e", boxes[0].left, boxes[0].left, boxes[0].bottom, 1.0, blank_before=False)]
        rest.insert(place, marker)
        places[id(marker)] = _table_line(inside, boxes, page=page, height=height)
    gutters = [
        *gutters_of([line for line in rest if id(line) not in places]),
        *map(_gutter, filter(_is_upright, rules)),
    ]
    found: list[Line] = []
    pending: list[list[Char]] = []
    for line in [*rest, None]:
        if line is None or id(line) in places:
            found += [line_of(each, page=page, height=height, gutters=gutters) for each in joined_scripts(pending)]
            pending = []
            if line is not None:
                found.append(places[id(line)])
        else:
            pending.append(line)
    return found


def _is_upright(rule: Rule) -> bool:
    return rule.is_upright


def _gutter(rule: Rule) -> Gutter:
    return Gutter(rule.x0, rule.x1, rule.y1, rule.y0)


_Inside = dict[Box, list[list[Char]]]


def _taken(lines: list[list[Char]], boxes: tuple[Box, ...]) -> tuple[list[list[Char]], _Inside, int]:
    """Return the lines without what stands in the boxes, that by box and line, and where the first of it stood."""
    left, right = min(each.left for each in boxes), max(each.right for each in boxes)
    bottom, top = min(each.bottom for each in boxes), max(each.top for each in boxes)
    rest: list[list[Char]] = []
    inside: defaultdict[Box, list[list[Char]]] = defaultdict(list)
    place: int | None = None
    for line in lines:
        outside: list[Char] = []
        parts: dict[Box, list[Char]] = {}
        for char in line:
            x, y = (char.left + char.right) / 2, char.base + 0.3 * char.size
            box = None
            if left <= x < right and bottom <= y < top:
                box = next((each for each in boxes if each.holds(x, y)), None)
            (outside if box is None else parts.setdefault(box, [])).append(char)
        if parts and place is None:
            place = len(rest)
        for box, chars in parts.items():
            inside[box].append(chars)
        if outside:
            rest.append(outside)
    return rest, dict(inside), place or 0


def _has_open_rows(inside: _Inside) -> bool:
    """Tell whether the cells below a head hold several rows: their lines stand at the same heights in two columns."""
    tops = sorted({round(box.top) for box in inside})
    if len(tops) > _MOST_OPEN_ROWS:
        return False
    lowest = [box for box in inside if round(box.top) == tops[0]]
    heights = [{round(line[0].base) for line in inside[box]} for box in lowest]
    return any(
        len(first & second) >= _LINES_OF_OPEN_ROWS
        for number, first in enumerate(heights)
        for second in heights[number + 1 :]
    )


def _table_line(inside: _Inside, boxes: tuple[Box, ...], *, page: int, height: float) -> Line:
    texts = {box: _cell_text(inside.get(box, []), page=page, height=height) for box in boxes}
    top = max(each.top for each in boxes)
    sizes = sorted(char.size for lines in inside.values() for line in lines for char in line)
    whole = " ".join(filter(None, (texts[box] for box in sorted(boxes, key=lambda each: (-each.top, each.left)))))
    left, right = min(each.left for each in boxes), max(each.right for each in boxes)
    return Line(
        page=page,
        cells=(Cell(text=whole, left=left, right=right),),
        base=min(each.bottom for each in boxes),
        size=sizes[len(sizes) // 2],
        relative_height=top / height if height else 0.5,
        rows=_grid(texts),
    )


def _cell_text(lines: list[list[Char]], *, page: int, height: float) -> str:
    made = [line_of(each, page=page, height=height) for each in joined_scripts(lines)]
    text = ""
    for line in sorted(made, key=lambda each: -each.base):
        text = join(text, line.text)
    return clean(text)


def _grid(texts: dict[Box, str]) -> tuple[tuple[GridCell, ...], ...]:
    """Return the rows from top to bottom; places without a cell are empty ones."""
    lefts = sorted({box.left for box in texts})
    downs = sorted({-box.top for box in texts})
    at: dict[tuple[int, int], GridCell] = {}
    covered: set[tuple[int, int]] = set()
    for box, text in texts.items():
        row, column = downs.index(-box.top), lefts.index(box.left)
        depth = max(bisect_left(downs, -box.bottom - 0.1) - row, 1)
        width = max(bisect_left(lefts, box.right - 0.1) - column, 1)
        at[row, column] = GridCell(text=text, column_span=width, row_span=depth)
        covered |= {(row + down, column + along) for down in range(depth) for along in range(width)}
    return tuple(
        tuple(
            at.get((row, column), GridCell(text=""))
            for column in range(len(lefts))
            if (row, column) in at or (row, column) not in covered
        )
        for row in range(len(downs))
    )
