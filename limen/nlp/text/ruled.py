"""Tables drawn with lines: from the lines on a page to the boxes of its cells.

The geometry is pdfplumber's (extra `tables`). Without it tables are told by the gaps between their columns alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from limen.domain.issue import Issue, IssueKind, Severity
from limen.nlp.text.page_numbers import numbers_of

_THIN = 3.0
_SHORTEST = 4.0
_SNAP = 3.0
_NARROWEST = 15.0
_MAX_RULES = 1500
_MAX_CROSSINGS = 3000
_FEWEST_FLAT = 3
_FEWEST_UPRIGHT = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A horizontal or vertical line on a page, in points from the lower left corner: `x0 <= x1`, `y0 <= y1`."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def is_upright(self) -> bool:
        """Whether the line is vertical."""
        return self.y1 - self.y0 > self.x1 - self.x0


@dataclass(frozen=True, slots=True, order=True)
class Box:
    """A cell of a ruled table, in points from the lower left corner of the page."""

    left: float
    bottom: float
    right: float
    top: float

    def holds(self, x: float, y: float) -> bool:
        """Tell whether a point lies in the cell."""
        return self.left <= x < self.right and self.bottom <= y < self.top


def rules_of(left: float, bottom: float, right: float, top: float) -> tuple[Rule, ...]:
    """Return a drawn rectangle as rules: a thin one is a line, any other has four sides."""
    width, height = right - left, top - bottom
    if max(width, height) < _SHORTEST:
        return ()
    if height <= _THIN:
        middle = (bottom + top) / 2
        return (Rule(x0=left, y0=middle, x1=right, y1=middle),)
    if width <= _THIN:
        middle = (left + right) / 2
        return (Rule(x0=middle, y0=bottom, x1=middle, y1=top),)
    return (
        Rule(x0=left, y0=bottom, x1=right, y1=bottom),
        Rule(x0=left, y0=top, x1=right, y1=top),
        Rule(x0=left, y0=bottom, x1=left, y1=top),
        Rule(x0=right, y0=bottom, x1=right, y1=top),
    )


def seems_ruled(rules: Sequence[Rule]) -> bool:
    """Tell whether a page has lines enough for a table of two rows and two columns, which may be open at the sides."""
    upright = len({round(rule.x0 / _SNAP) for rule in rules if rule.is_upright})
    flat = len({round(rule.y0 / _SNAP) for rule in rules if not rule.is_upright})
    return flat >= _FEWEST_FLAT and upright >= _FEWEST_UPRIGHT


def ruled_tables(rules: Sequence[Rule]) -> list[tuple[Box, ...]]:
    """Return the cells of each table of at least two rows and two columns that the lines of a page make, from top to bottom.

    Empty without pdfplumber, and for pages with so many lines that they are drawings.
    """
    if not seems_ruled(rules) or len(rules) > 10 * _MAX_RULES:
        return []
    plumber = table_geometry()
    if plumber is None:
        return []
    found = []
    for cells in _cells(plumber, rules):
        sides = _open_sides(cells, rules)
        within = [rule for rule in rules if _overlaps(rule, cells)]
        whole = max(_cells(plumber, [*within, *sides]), key=len, default=cells) if sides else cells
        if _is_grid(whole):
            found.append(whole)
    return found


def _cells(plumber: Any, rules: Sequence[Rule]) -> list[tuple[Box, ...]]:
    edges = plumber.merge_edges(
        [_edge(rule) for rule in rules],
        snap_x_tolerance=_SNAP,
        snap_y_tolerance=_SNAP,
        join_x_tolerance=_SNAP,
        join_y_tolerance=_SNAP,
    )
    if len(edges) > _MAX_RULES:
        return []
    crossings = plumber.edges_to_intersections(edges, _SNAP, _SNAP)
    if len(crossings) > _MAX_CROSSINGS:
        return []
    groups = plumber.cells_to_tables(plumber.intersections_to_cells(crossings))
    return [tuple(Box(x0, -bottom, x1, -top) for x0, top, x1, bottom in group) for group in groups]


def _overlaps(rule: Rule, cells: Sequence[Box]) -> bool:
    bottom, top = min(cell.bottom for cell in cells), max(cell.top for cell in cells)
    return rule.y1 >= bottom - _SNAP and rule.y0 <= top + _SNAP


def _open_sides(cells: Sequence[Box], rules: Sequence[Rule]) -> list[Rule]:
    """Return the sides that a table is drawn without: where its uppermost and its lowest line end beyond its cells."""
    left, right = min(cell.left for cell in cells), max(cell.right for cell in cells)
    bottom, top = min(cell.bottom for cell in cells), max(cell.top for cell in cells)
    reach = []
    for height in (bottom, top):
        along = [
            rule
            for rule in rules
            if not rule.is_upright and abs(rule.y0 - height) < _SNAP and rule.x0 < right and rule.x1 > left
        ]
        if not along:
            return []
        reach.append((min(rule.x0 for rule in along), max(rule.x1 for rule in along)))
    (first_left, first_right), (second_left, second_right) = reach
    ends = []
    if abs(first_left - second_left) < _SNAP and first_left < left - _NARROWEST:
        ends.append(first_left)
    if abs(first_right - second_right) < _SNAP and first_right > right + _NARROWEST:
        ends.append(first_right)
    return [Rule(x0=x, x1=x, y0=bottom, y1=top) for x in ends]


@cache
def table_geometry() -> Any:
    """Return pdfplumber's module of tables; None if the extra `tables` is not installed. It takes a while to import."""
    try:
        from pdfplumber import table
    except ImportError:
        return None
    return table


def missing_issue(file_name: str, pages: Sequence[int]) -> Issue | None:
    """Return what to tell of the pages (from 1) that seem to hold ruled tables, where the extra to read them is missing."""
    if not pages or table_geometry() is not None:
        return None
    message = (
        f"{file_name}: pages {numbers_of(pages)} may hold ruled tables, which were read by the gaps between their columns "
        "alone; install the extra that reads their lines (pip install 'limen[tables]')"
    )
    return Issue(kind=IssueKind.UNREADABLE, severity=Severity.INFO, message=message)


def _edge(rule: Rule) -> dict[str, Any]:
    # pdfplumber measures downwards.
    return {
        "x0": rule.x0,
        "x1": rule.x1,
        "top": -rule.y1,
        "bottom": -rule.y0,
        "width": rule.x1 - rule.x0,
        "height": rule.y1 - rule.y0,
        "orientation": "v" if rule.is_upright else "h",
    }


def _is_grid(cells: tuple[Box, ...]) -> bool:
    return len({cell.left for cell in cells}) > 1 and len({cell.top for cell in cells}) > 1
