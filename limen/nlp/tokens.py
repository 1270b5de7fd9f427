"""Tokens for names: words of Latin letters and digits, and every other sign by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

_LATIN = r"A-Za-z0-9\u00c0-\u024f"
_TOKEN = re.compile(rf"([{_LATIN}]+|[^\S ]+|.)( ?)", re.DOTALL)
_WITHIN = re.compile(rf"(?<=[{_LATIN}])[{_LATIN}]")


def tokens(text: str, start: int = 0) -> Iterator[re.Match[str]]:
    """Return the tokens of a text from a place on; group 1 is one without the blank behind it."""
    return _TOKEN.finditer(text, start)


def continues(text: str, position: int) -> bool:
    """Tell whether a word that began before a position goes on there."""
    return _WITHIN.match(text, position) is not None
