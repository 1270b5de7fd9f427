"""Many values in few questions."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TypeVar

AT_ONCE = 500
"""Values in one question; SQLite takes 32,766 parameters, its planner likes fewer."""

Value = TypeVar("Value")


def in_pieces(values: Collection[Value]) -> Iterator[list[Value]]:
    """Yield values in lists that are short enough for one question."""
    every = list(values)
    for start in range(0, len(every), AT_ONCE):
        yield every[start : start + AT_ONCE]
