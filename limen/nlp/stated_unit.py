"""Units that a heading, a column or a lead-in states once for the numbers below it: "Limit, mg/L", 地下（万吨/年）."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from limen.nlp.language_data import load_grammar
from limen.nlp.measures import Unit, unit_reader

_BRACKET = re.compile(r"[（(\[]\s*")
_MARKED = re.compile(
    r"(?:\b(?:in|as)\s+|\bunits?\s*[:：]?\s*|单位(?:均|都|一律)?\s*[:：为]?\s*|以\s*)(?=\S)", re.IGNORECASE
)
_AFTER_SIGN = re.compile(r"(?:[,，:：;；]|(?:(?<=[\u4e00-\u9fff)）])|(?<=[A-Za-z]{3}))[/∕])\s*")
_LAST_WORD = re.compile(r"(?:\s|(?<=[)）\u4e00-\u9fff]))(?=[^\s\u4e00-\u9fff]{1,12}$)")
_WHOLE = re.compile(r"^")
_STOP = re.compile(r"\s*(?:[)）(（\],，;；:：|<>=≤≥。.]|$|[*†‡ᵃᵇᶜ¹²³]| (?:by|as|at|or|and|unless|max|min|of|per)\b)")
_LONGEST = 400
_CURRENCY = re.compile(r"[A-Z]{3}\b|[A-Z]{0,2}\$|[€£¥₹]")
_LETTER = re.compile(r"[A-Z]")
_NAMED = re.compile(r"(?:[A-Za-z]{3}|[\u4e00-\u9fff])\s*[/（(]$")
"""A quantity's name before a sign that its symbol may follow, even if it is one capital letter: 功率/W, "Current (A)"."""
_SYMBOL = re.compile(r"[^\u4e00-\u9fff]+$")
_SIGN = re.compile(r" ?[\u4e00-\u9fff]")
_COUNT = re.compile(r"\d\s*$")
_EXTREME = re.compile(r"(?:min|max)\b", re.IGNORECASE)
_MONEY = re.compile(r"\b(?:charge|fee|price|cost|fine|duty|levy|tax|payment|amount)s?\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedUnit:
    """A unit for the bare numbers it governs, each to be multiplied by `scale` (万吨 is 10000 tonne)."""

    name: str
    scale: Decimal
    note: str | None = None


@cache
def stated_unit(code: str, text: str) -> StatedUnit | None:
    """Return the unit that a folded heading states, or None.

    A unit in brackets is believed before one behind "in" or a comma, and that before a last word; a word such as "day"
    that is the whole of a heading names the column rather than its unit, and so does a single capital letter.
    """
    text = text[:_LONGEST]
    if _CURRENCY.match(text) and (found := _unit_at(code, text, 0, loose=False, wordy=False)) is not None:
        return found  # "AUD/kg": the sign behind a currency divides it
    for pattern, loose in (
        (_BRACKET, True),
        (_MARKED, True),
        (_AFTER_SIGN, False),
        (_LAST_WORD, False),
        (_WHOLE, False),
    ):
        for place in pattern.finditer(text):
            found = _unit_at(code, text, place.end(), loose=loose, wordy=pattern not in (_LAST_WORD, _WHOLE))
            if found is not None:
                return found
    return None


def _unit_at(code: str, text: str, position: int, *, loose: bool, wordy: bool) -> StatedUnit | None:
    """Read a unit at a place. `loose` allows further words behind it, `wordy` a plain word ("hours") as unit."""
    reader = unit_reader(code)
    scale, start = _scale_word(code, text, position)
    currency = _CURRENCY.match(text, start)
    before = reader.before(text, currency.end()) if currency else None
    if before is not None and currency is not None:
        rate = reader.divisor(text, currency.end())
        end, name = (rate[1], f"{before.name}/{rate[0]}") if rate else (currency.end(), before.name)
        if loose or _STOP.match(text, end):
            return StatedUnit(name=name, scale=scale)
    unit = reader.after(text, start)
    if unit is None or not _is_written_as_unit(code, text, unit, loose=loose, wordy=wordy):
        return None
    if unit.name == "piece" and not loose:
        return None
    name = (
        "GBP"
        if unit.name == "lb" and text[unit.start : unit.end].startswith("pound") and _MONEY.search(text)
        else unit.name
    )
    return StatedUnit(name=name, scale=scale * unit.factor, note=unit.note)


def _scale_word(code: str, text: str, position: int) -> tuple[Decimal, int]:
    """Return the factor of a scale word before a unit ("million tonnes", 万吨) and where the unit begins."""
    if unit_reader(code).after(text, position) is not None:
        return Decimal(1), position  # 千克 is a kilogram rather than a thousand grams
    scales: dict[str, int] = load_grammar(code, "numbers")["scales"]
    for word in sorted(scales, key=len, reverse=True):
        if text[position : position + len(word)].lower() == word and unit_reader(code).after(
            text, position + len(word)
        ):
            return Decimal(scales[word]), position + len(word)
    return Decimal(1), position


def _is_written_as_unit(code: str, text: str, unit: Unit, *, loose: bool, wordy: bool) -> bool:
    written = text[unit.start : unit.end]
    if _COUNT.search(text, 0, unit.start):
        return False  # "above 50 MW" picks a row or column
    if (_LETTER.fullmatch(written) and not _NAMED.search(text[: unit.start])) or _EXTREME.fullmatch(written):
        return False
    ends = (
        _STOP.match(text, unit.end) is not None or (_SYMBOL.match(written) and _SIGN.match(text, unit.end)) is not None
    )
    if not wordy and written.isascii() and not unit_reader(code).is_sign(written):
        return False
    return ends or (loose and len(written) > 1 and text[unit.end : unit.end + 1] in (" ", "（"))
