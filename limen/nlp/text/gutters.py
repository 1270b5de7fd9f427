"""White strips that run down a page: between the columns of text, and between those of a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from limen.nlp.text.char import Char

_NARROWEST = 0.6
"""Of the height of the letters: wider than a blank, and no blanks of a text stand below each other so often."""
_FEWEST_LINES = 6
_MOST_OPEN = 40


@dataclass(slots=True)
class Gutter:
    """A strip from `left` to `right` that no letter stands in between `bottom` and `top`; `lines` stand on both sides of it."""

    left: float
    right: float
    top: float
    bottom: float
    lines: int = 1

    def parts(self, before: Char, char: Char) -> bool:
        """Tell whether the strip lies between two characters of a line."""
        if not self.bottom - 1 <= char.base <= self.top + 1:
            return False
        return before.right <= self.left + 1 and self.right - 1 <= char.left


def gutters_of(lines: Sequence[Sequence[Char]]) -> list[Gutter]:
    """Return the strips of a page that at least six lines stand on both sides of."""
    found: list[Gutter] = []
    open_strips: list[Gutter] = []
    for line in sorted((line for line in lines if line), key=lambda each: -each[0].base):
        row = sorted(line, key=lambda each: each.left)
        gaps = _gaps(row)
        kept: list[Gutter] = []
        for strip in open_strips:
            narrowed = _narrowed(strip, row, gaps)
            if narrowed is None:
                found += [strip] if strip.lines >= _FEWEST_LINES else []
            else:
                kept.append(narrowed)
        base = row[0].base
        known = [(strip.left, strip.right) for strip in kept]
        fresh = [gap for gap in gaps if not any(left < gap[1] and gap[0] < right for left, right in known)]
        open_strips = [*kept, *(Gutter(left, right, base, base) for left, right in fresh)][:_MOST_OPEN]
    return found + [strip for strip in open_strips if strip.lines >= _FEWEST_LINES]


def _gaps(row: Sequence[Char]) -> list[tuple[float, float]]:
    reach = row[0].right
    gaps = []
    for before, char in pairwise(row):
        reach = max(reach, before.right)
        if char.left - reach > _NARROWEST * char.size:
            gaps.append((reach, char.left))
    return gaps


def _narrowed(strip: Gutter, row: Sequence[Char], gaps: Sequence[tuple[float, float]]) -> Gutter | None:
    """Return the strip as the next line leaves it; None if a letter stands in it."""
    if row[0].left >= strip.left + 1 and row[0].left < strip.right - 1:
        return None
    if row[0].left >= strip.right - 1 or max(char.right for char in row) <= strip.left + 1:
        # A line on one side of it: the other column is shorter here.
        return strip
    for left, right in gaps:
        narrowed = max(left, strip.left), min(right, strip.right)
        if narrowed[1] - narrowed[0] > _NARROWEST * row[0].size:
            return Gutter(*narrowed, strip.top, row[0].base, strip.lines + 1)
    return None
