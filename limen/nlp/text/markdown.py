"""How every reader writes Markdown: blocks, and what turns them into one text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

INDENT = " " * 4
"""What each level of a nested list is moved in by: enough under `1.` as well as under `-`."""

_MAX_LEVEL = 6
_BLANKS = re.compile(r"(?:[ \t\f\v]*\n)+[ \t\f\v]*|[ \t\f\v]{2,}|\t")
_MARKER = re.compile(
    r"(?:[-–—•·▪●○■□◆◇*]|\(?(?:\d{1,3}|[a-zA-Z]|[ivxlcIVXLC]{1,6})[.)](?!\d)|[（(][一二三四五六七八九十百\d]{1,4}[）)]"
    r"|[一二三四五六七八九十百]{1,4}、|\d{1,3}、|[①-⑳])\s*"
)
_CJK = "\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef"
_LINE_BREAK_IN_CJK = re.compile(rf"(?<=[{_CJK}])(?:[ \t]*\n)+[ \t]*(?=[{_CJK}])")


class BlockKind(StrEnum):
    """What a block is; it decides how far from its neighbours it stands."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    TABLE = "table"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A heading, paragraph, list item or table in Markdown."""

    kind: BlockKind
    text: str


def heading(text: str, level: int) -> Block:
    """Return a heading of level 1 to 6 (others are brought into that range), on one line."""
    marks = "#" * min(max(level, 1), _MAX_LEVEL)
    return Block(kind=BlockKind.HEADING, text=f"{marks} {one_line(text)}")


def bold_heading(text: str) -> Block:
    """Return a heading whose level nothing states, as a line in bold."""
    return Block(kind=BlockKind.HEADING, text=f"**{one_line(text).strip('* ')}**")


def words(block: Block) -> str:
    """Return the text of a block without the marks of a heading."""
    return block.text.lstrip("# ").strip("*") if block.kind is BlockKind.HEADING else block.text.lstrip("# ")


def paragraph(text: str) -> Block:
    """Return a paragraph. Line feeds in it stay."""
    return Block(kind=BlockKind.PARAGRAPH, text="\n".join(filter(None, map(str.strip, text.split("\n")))))


def item(text: str, *, marker: str = "-", depth: int = 0) -> Block:
    """Return a list item, moved in by its depth. A text that brings its own marker ("(a)", "1.") keeps only that."""
    body = one_line(text)
    prefix = "" if has_marker(body) and marker == "-" else f"{marker} "
    return Block(kind=BlockKind.ITEM, text=INDENT * depth + prefix + body)


def table(rows: Sequence[Sequence[str]]) -> Block | None:
    """Return a table whose first row is its header; None if no cell holds any text.

    Short rows are padded, rows and columns without any text left out, `|` escaped, and line feeds in cells made blanks.
    """
    cleaned = [[one_line(cell) for cell in row] for row in rows]
    cleaned = [row for row in cleaned if any(row)]
    if not cleaned:
        return None
    width = max(map(len, cleaned))
    padded = [row + [""] * (width - len(row)) for row in cleaned]
    used = [column for column in range(width) if any(row[column] for row in padded)]
    lines = [_row(row[column].replace("|", "\\|") for column in used) for row in padded]
    lines.insert(1, _row(["---"] * len(used)))
    return Block(kind=BlockKind.TABLE, text="\n".join(lines))


def render(blocks: Iterable[Block]) -> str:
    """Return the blocks as one text: items of a list on lines of their own, everything else apart by an empty line."""
    parts: list[str] = []
    before: Block | None = None
    for block in blocks:
        if not block.text.strip():
            continue
        if before is not None:
            parts.append("\n" if before.kind is block.kind is BlockKind.ITEM else "\n\n")
        parts.append(block.text)
        before = block
    return "".join(parts)


def one_line(text: str) -> str:
    """Return the text on one line: line feeds and runs of blanks become one blank, none between two Chinese characters."""
    return _BLANKS.sub(" ", _LINE_BREAK_IN_CJK.sub("", text)).strip()


def has_marker(text: str) -> bool:
    """Tell whether a text begins with the marker of a list item: "(a)", "1.", "（一）", "•"."""
    return _MARKER.match(text) is not None


def is_marker(text: str) -> bool:
    """Tell whether a text is nothing but the marker of a list item."""
    return _MARKER.fullmatch(text.strip()) is not None


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"
