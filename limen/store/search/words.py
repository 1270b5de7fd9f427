"""How a text is cut into the words that are indexed and looked for, the same way on both sides.

Neither SQLite's nor PostgreSQL's tokenizer splits Chinese: a whole run of characters becomes one word. Each ideograph,
kana and Hangul syllable therefore becomes a word of its own, and a Chinese search word is looked for as the *phrase* of
its characters. Compared with a dictionary this cannot miss a word that the dictionary splits differently in its context
(磷酸铁锂), finds single-character metals (锂, 镍, 铜), and needs no re-indexing when a dictionary changes.
"""

from __future__ import annotations

import re

SEPARATOR = "\x1f"
"""Put between words that have no space. A control character, so that it can be taken out again without a trace."""
OPEN, CLOSE = "\x02", "\x03"
"""Put around what was found."""

IDEOGRAPHS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003134f"
BOUNDARY = re.compile(rf"(?<=[{IDEOGRAPHS}])(?=\w)|(?<=\w)(?=[{IDEOGRAPHS}])|(?<=\d)(?=[A-Za-z])|(?<=[A-Za-z])(?=\d)")
"""Beside an ideograph, and between a number and its unit (165Wh), which is as often written with a space."""
LETTER_OR_DIGIT = re.compile(r"[^\W_]")

FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
RAISED_AND_LOWERED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉", "01234567890123456789")
FOLDED: dict[int, int | str] = {
    **FULL_WIDTH,
    **RAISED_AND_LOWERED,
    **dict.fromkeys(map(ord, (SEPARATOR, OPEN, CLOSE, "\x00")), " "),
}


def fold(text: str) -> str:
    """Return the text with full-width, raised and lowered signs as plain ones (ＣＯ₂ as CO2), character for character."""
    return text.translate(FOLDED)


def segment(text: str) -> str:
    """Return the folded text with `SEPARATOR` between words that have no space. Without the separators it is `fold(text)`."""
    return BOUNDARY.sub(SEPARATOR, fold(text))


def has_words(text: str) -> bool:
    """Tell whether there is anything to look for: a letter or a digit."""
    return LETTER_OR_DIGIT.search(text) is not None
