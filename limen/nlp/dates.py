"""Calendar dates as a text prints them."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

from limen.nlp.language_data import load_grammar
from limen.nlp.occurrences import Expressions

_CHINESE_DIGITS = {sign: value for value, sign in enumerate("〇一二三四五六七八九")} | {"○": 0, "零": 0, "O": 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedDate:
    """A date at [start, end) of the text. `year` None: not printed there; `day` None: a whole month."""

    start: int
    end: int
    month: int
    year: int | None = None
    day: int | None = None

    @property
    def iso(self) -> str | None:
        """The date as `2024-05-15` or `2024-05`; None without a year."""
        if self.year is None:
            return None
        return f"{self.year}-{self.month:02}" + ("" if self.day is None else f"-{self.day:02}")

    def on(self, *, year: int | None = None) -> date | None:
        """Return the day, of `year` where none is printed; None for a whole month or without any year."""
        known = self.year or year
        if known is None or self.day is None or self.day > calendar.monthrange(known, self.month)[1]:
            return None
        return date(known, self.month, self.day)


class DateReader:
    """Finds the dates of a folded text."""

    def __init__(self, code: str) -> None:
        """Compile the patterns of a language. Raises `FileNotFoundError` if it has none."""
        grammar = load_grammar(code, "dates")
        self._months: dict[str, int] = grammar["months"]
        names = "|".join(sorted(self._months, key=len, reverse=True))
        self._sought = Expressions(
            re.compile(pattern.replace("{months}", names), re.IGNORECASE) for pattern in grammar["patterns"].values()
        )
        # The deadline, the first day of a rule and the entities of a text are found from the same dates.
        self._read = lru_cache(maxsize=2)(self._find)

    def read(self, text: str) -> tuple[PrintedDate, ...]:
        """Return the dates in the order of the text, without overlap; what is no day of the calendar is left out."""
        return self._read(text)

    def _find(self, text: str) -> tuple[PrintedDate, ...]:
        found: list[PrintedDate] = []
        taken = bytearray(len(text))
        occurrences = self._sought.over(text)
        for match in (match for number in range(len(self._sought.patterns)) for match in occurrences.every(number)):
            if any(taken[match.start() : match.end()]):
                continue
            taken[match.start() : match.end()] = b"\x01" * (match.end() - match.start())
            printed = self._printed(match)
            if printed is not None:
                found.append(printed)
        return tuple(sorted(found, key=lambda printed: printed.start))

    def _printed(self, match: re.Match[str]) -> PrintedDate | None:
        groups = {name: value for name, value in match.groupdict().items() if value is not None}
        year = _number(groups.get("y"), groups.get("cy"))
        month = self._months.get(groups.get("month", "").lower()) or _number(groups.get("m"), groups.get("cm"))
        day = _number(groups.get("d"), groups.get("cd"))
        if month is None or not 1 <= month <= 12:
            return None
        # 29 February without a year may be one: 2000 was a leap year
        if day is not None and not 1 <= day <= calendar.monthrange(year or 2000, month)[1]:
            return None
        return PrintedDate(start=match.start(), end=match.end(), year=year, month=month, day=day)


@cache
def date_reader(code: str) -> DateReader:
    """Return the reader of a language, compiled once."""
    return DateReader(code)


def _number(digits: str | None, signs: str | None) -> int | None:
    if digits is not None:
        return int(digits)
    if signs is None:
        return None
    if "十" not in signs:
        return int("".join(str(_CHINESE_DIGITS[sign]) for sign in signs))
    tens, _, ones = signs.partition("十")
    if len(tens) > 1 or len(ones) > 1:
        return None
    return 10 * _CHINESE_DIGITS.get(tens, 1) + _CHINESE_DIGITS.get(ones, 0)
