"""Numbers as a text prints them, levelled so that the same figure compares equal."""

from __future__ import annotations

import re
import unicodedata

from limen.domain.requirement import Requirement
from limen.domain.threshold import plain

NUMBER = re.compile(r"\d+(?:[,，]\d{3})*(?:[.．]\d+)?")


_ENGLISH = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_CHINESE = "一二三四五六七八九十"
_WORDS = {word: str(value) for words in (_ENGLISH, _CHINESE) for value, word in enumerate(words, 1)}
_WORDS |= {"once": "1", "twice": "2", "两": "2"}
_COUNTED = "年个日倍天月次级份套人小"
"""What follows a sign that is a number, and no part of a word (一般, 万一)."""
WRITTEN = re.compile(
    rf"{NUMBER.pattern}|\b(?:{'|'.join((*_ENGLISH, 'once', 'twice'))})\b"
    rf"|(?<![第两{_CHINESE}])[两{_CHINESE}](?=[{_COUNTED}])",
    re.IGNORECASE,
)
"""A number in figures, or one up to twelve in a word."""


def printed(number: str) -> str:
    """Return a printed number without the signs between its thousands and the zeros that say nothing, a word in figures."""
    word = _WORDS.get(number.casefold())
    if word is not None:
        return word
    plain = unicodedata.normalize("NFKC", number).replace(",", "")
    whole, _, fraction = plain.partition(".")
    fraction = fraction.rstrip("0")
    return f"{whole.lstrip('0') or '0'}.{fraction}" if fraction else whole.lstrip("0") or "0"


def printed_numbers(text: str) -> list[str]:
    """Return the levelled numbers of a text in their order, also those up to twelve in words."""
    return [printed(number) for number in WRITTEN.findall(text)]


def specificity(requirement: Requirement) -> int:
    """Return how unlikely an amount is to come twice by chance: its significant digits, and one for a compound unit.

    1 for 5 years or 30 m, 3 for 12.5 mg/L. A range counts the digits of both ends.
    """
    threshold = requirement.threshold
    ends = (threshold.value,) if threshold.value_max is None else (threshold.value, threshold.value_max)
    digits = sum(len(printed(plain(abs(end))).replace(".", "").strip("0")) for end in ends)
    return digits + ("/" in threshold.unit)
