"""The tables of a Markdown text as places: which one a stretch of evidence stands in, and under which head."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache

_TABLE = re.compile(r"(?:^[ \t]*\|[^\n]*(?:\n|\Z))+", re.MULTILINE)
_BAR = re.compile(r"(?<!\\)\|")


@lru_cache(maxsize=8)
def table_spans(text: str) -> Sequence[tuple[int, int]]:
    """Return start and end of each table: of lines that begin with a bar and follow each other."""
    # asked for each requirement of a text
    return tuple(match.span() for match in _TABLE.finditer(text))


def table_at(text: str, offset: int) -> int | None:
    """Return the number of the table that holds an offset, counted from 0; None outside of all tables."""
    spans = table_spans(text)
    number = bisect_right(spans, (offset, len(text))) - 1
    return number if number >= 0 and offset < spans[number][1] else None


def column_head(text: str, offset: int) -> str:
    """Return the head of the column that holds an offset; empty outside of tables, in a head, and beyond its last cell."""
    table = table_at(text, offset)
    if table is None:
        return ""
    start = table_spans(text)[table][0]
    head_end = text.find("\n", start)
    if not 0 <= head_end < offset:
        return ""
    line = text.rfind("\n", 0, offset) + 1
    column = len(_BAR.findall(text[line:offset]))
    cells = _BAR.split(text[start:head_end])
    return cells[column].strip() if column < len(cells) else ""
