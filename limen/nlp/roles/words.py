"""Cutting the stretches around a number into words: words of English, signs of Chinese."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

_NUMBER = re.compile(r"\d[\d,.]*")
_ENGLISH = re.compile(r"[a-z][a-z'\-]*|#|%|[<>=≤≥±$€£/:;,.()|\n—–]")
_CHINESE = re.compile(r"[\u4e00-\u9fff]|[a-z]+|#|%|[<>=≤≥±/:;,.()|\n—–：；，。（）、]")

WordCutter = Callable[[str], list[str]]


def without_numbers(text: str) -> str:
    """Return a text in lower case with a # for each number: what is learnt of one must hold for any other."""
    return _NUMBER.sub("#", text.lower())


def english_words(text: str) -> list[str]:
    """Return the words and signs of a text without the plural's s."""
    return [
        word[:-1] if len(word) > 3 and word[-1] == "s" and word[-2] != "s" else word
        for word in _ENGLISH.findall(without_numbers(text))
    ]


def chinese_words(text: str) -> list[str]:
    """Return the characters, Latin words and signs of a text."""
    found: list[str] = _CHINESE.findall(without_numbers(text))
    return found


def pairs(words: Sequence[str]) -> list[str]:
    """Return each word joined to the next."""
    return [first + second for first, second in pairwise(words)]
