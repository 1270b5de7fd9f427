"""Numbers in words and in wide digits."""

from __future__ import annotations

from decimal import Decimal

CHINESE_DIGITS = "〇一二三四五六七八九"
_SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def plain(value: Decimal) -> str:
    """Return a value without an exponent and without noughts at its end."""
    return f"{value.normalize():f}"


def in_english(number: int) -> str:
    """Return a number below a thousand in words."""
    if number < 20:
        return _SMALL[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return _TENS[tens - 2] + (f"-{_SMALL[ones]}" if ones else "")
    hundreds, rest = divmod(number, 100)
    return f"{_SMALL[hundreds]} hundred" + (f" and {in_english(rest)}" if rest else "")


def in_chinese(number: int) -> str:
    """Return a number from 1 to 99 in Chinese numerals."""
    tens, ones = divmod(number, 10)
    ten = "" if tens == 0 else "十" if tens == 1 else f"{CHINESE_DIGITS[tens]}十"
    return ten + (CHINESE_DIGITS[ones] if ones else "")


def wide(text: str) -> str:
    """Return the text with its digits and percent signs in full width."""
    return "".join(chr(ord(sign) + 0xFEE0) if sign in "0123456789%" else sign for sign in text)
