"""One spelling for the many signs that mean the same, code point for code point, so that offsets stay true."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

BOLD = "**"
"""Around bold words in Markdown, as our readers write it."""

_WIDE = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
# These separate clauses in Chinese and never belong to a number: kept apart from their ASCII twins.
_KEPT = "，；：！？（）"
_SIGNS = {
    " ": "\u00a0\u2002\u2003\u2007\u2008\u2009\u200a\u202f\u3000",
    "-": "\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d",
    "<": "\ufe64",
    ">": "\ufe65",
    "=": "\ufe66",
    "%": "\ufe6a",
    "~": "\u301c\u223c\uff5e",
    "μ": "\u00b5",
    "Ω": "\u2126",
    "°": "\u00ba\u02da",
    # "not greater than" is "at most"
    "≤": "\u2266\u2a7d\u226f",
    "≥": "\u2267\u2a7e\u226e",
    "·": "\u22c5\u2022\u30fb\u2219",
    "'": "\u2018\u2019",
    '"': "\u201c\u201d",
    "¥": "\uffe5",
    ":": "\u2236\uff1a",
    "/": "\u2215\u2044\uff0f",
}
_PLAIN = {sign: target for sign, target in _WIDE.items() if sign not in _KEPT} | {
    sign: target for target, signs in _SIGNS.items() for sign in signs
}
_FOLDED = re.compile(f"[{''.join(map(re.escape, _PLAIN))}]")
# The other way to write Markdown's bold; more of them in a row are a blank to be filled in.
_UNDERLINED = re.compile(r"(?<!_)__(?!_)")
_GOES_ON = re.compile(r"\n(?=[^\W_]|[$€£≥≤<>±])(?!\w{1,4}[.)] )")
"""A line feed before a line that may belong to the one above."""
_WIDE_SEPARATOR = re.compile(r"(?<=[０-９])，(?=[０-９]{3}(?![０-９]))")


def fold(text: str) -> str:
    """Return the text with full-width, typographic and damaged signs in their plain form.

    The result has the length of `text`, and position i of one is position i of the other.
    """
    return _UNDERLINED.sub(BOLD, _FOLDED.sub(lambda sign: _PLAIN[sign[0]], _WIDE_SEPARATOR.sub(",", text)))


def unwrap(text: str, *, unfinished: Sequence[str]) -> str:
    """Return the text with a blank for each line feed behind a word of `unfinished`, which ends no line of its own.

    The line may have been broken for its length; before a list, a table or a heading it was not.
    """
    if not unfinished:
        return text
    longest, ending = _ending(tuple(unfinished))

    def joined(feed: re.Match[str]) -> str:
        at = feed.start()
        return " " if ending.search(text, max(0, at - longest), at) else feed[0]

    return _GOES_ON.sub(joined, text)


@cache
def _ending(words: tuple[str, ...]) -> tuple[int, re.Pattern[str]]:
    """Return the greatest length of what ends a line in one of some words, and its expression."""
    ending = re.compile(rf"\b(?:{'|'.join(map(re.escape, words))}) ?\Z", re.IGNORECASE)
    return max(map(len, words)) + 1, ending
