"""One character on a page of fixed layout."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Char:
    """A visible character: left and right edge, base line, height of its font; points from the lower left corner."""

    text: str
    left: float
    right: float
    base: float
    size: float
    blank_before: bool
