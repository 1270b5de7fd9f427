"""Page numbers in messages."""

from __future__ import annotations

from collections.abc import Sequence

_SHOWN = 20


def numbers_of(pages: Sequence[int]) -> str:
    """Return page numbers (from 1) for people: "2, 5, 9", and only the first twenty of many."""
    return ", ".join(map(str, pages[:_SHOWN])) + (" and more" if len(pages) > _SHOWN else "")
