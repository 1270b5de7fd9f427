"""What a PDF repeats on its pages: running heads, page numbers, printer's marks."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from limen.nlp.text.pdf_lines import Line

_EDGE = 0.13
_SHARE = 0.3
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"[-—–－―\s]*(?:第\s*\d+\s*页(?:\s*[,，/共]*\s*\d+\s*页)?|[-—–－―]\s*\d{1,4}\s*[-—–－―]|page\s+\d+(?:\s+of\s+\d+)?|\d{1,4}\s*/\s*\d{1,4})[-—–－―\s]*",
    re.IGNORECASE,
)


def without_furniture(lines: Sequence[Line], *, pages: int) -> list[Line]:
    """Return the lines without those that stand at the same place near the edge of several pages, digits apart."""
    seen: defaultdict[tuple[str, int], set[int]] = defaultdict(set)
    for line in lines:
        if _may_repeat(line):
            for key in _keys(line):
                seen[key].add(line.page)
    needed = max(2, round(_SHARE * pages))
    return [line for line in lines if not _is_furniture(line, seen, needed)]


def _is_furniture(line: Line, seen: dict[tuple[str, int], set[int]], needed: int) -> bool:
    if not _may_repeat(line):
        return False
    if line.upright and _PAGE_NUMBER.fullmatch(line.text):
        return True
    return len(seen[_keys(line)[0]]) >= needed


def _may_repeat(line: Line) -> bool:
    return not line.upright or not _EDGE < line.relative_height < 1 - _EDGE


def _keys(line: Line) -> tuple[tuple[str, int], ...]:
    """Return what a line is compared by: its text and place first, then the places just beside."""
    text = _DIGITS.sub("#", " ".join(line.text.split()))
    place = round(line.base / 6)
    return tuple((text, place + shift) for shift in (0, -1, 1))
