"""Line breaking for plain text in which Chinese, without spaces and two columns wide, stands among Latin words."""

from __future__ import annotations

import re
import unicodedata

# Chinese typesetting (GB/T 15834) forbids these at the start and at the end of a line.
_NOT_FIRST = frozenset("，。、；：？！）》」』】〕”’…％%)")
_NOT_LAST = frozenset("（《「『【〔“‘(")

_WIDE = r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]"
_PIECE = re.compile(rf"\s+|{_WIDE}|(?:(?!{_WIDE})\S)+")


def wrap(text: str, *, width: int = 76, indent: str = "") -> str:
    """Return the text as lines of at most `width` columns, each starting with `indent`.

    Words are kept whole, so that a long URL stays one line and can be clicked. White space is normalised.
    """
    room = width - columns(indent)
    lines: list[str] = []
    line = ""
    for piece in _unbreakable(" ".join(text.split())):
        if line and columns((line + piece).rstrip()) > room:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    lines.append(line.rstrip())
    return "\n".join(indent + line for line in lines)


def columns(text: str) -> int:
    """Return the width of a text in terminal columns: two for wide letters, none for combining marks."""
    return sum(
        0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in text
    )


def _unbreakable(text: str) -> list[str]:
    """Return the stretches between which a line may break; a space ends the stretch before it."""
    stretches: list[str] = []
    for piece in _PIECE.findall(text):
        glued = stretches and (piece.isspace() or piece[0] in _NOT_FIRST or stretches[-1][-1] in _NOT_LAST)
        if glued:
            stretches[-1] += piece
        else:
            stretches.append(piece)
    return stretches
