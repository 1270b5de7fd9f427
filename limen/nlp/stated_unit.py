"""Units that a heading, a column or a lead-in states once for the numbers below it: "Limit, mg/L", 地下（万吨/年）."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from limen.nlp.language_data import load_grammar
from limen.nlp.measures import Unit, unit_reader

# A unit stands in brackets, behind a comma, colon or "in", or at the very end.
_PLACE = re.compile(r"[（(\[,，:：;；/]\s*|\bin (?=\S)|(?:单位|unit)[:： ]*|\s(?=\S{1,12}$)|^", re.IGNORECASE)
_STOP = re.compile(r"\s*(?:[)）(（\],，;；|<>=≤≥]|$|[*†‡]| (?:by|as|at|or|and|unless|max|min)\b)")
_LONGEST = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedUnit:
    """A unit for the bare numbers it governs, each to be multiplied by `scale` (万吨 is 10000 tonne)."""

    name: str
    scale: Decimal
    note: str | None = None


@cache
def stated_unit(code: str, text: str) -> StatedUnit | None:
    """Return the unit that a folded heading states, or None."""
    reader = unit_reader(code)
    scales: dict[str, int] = load_grammar(code, "numbers")["scales"]
    for place in _PLACE.finditer(text[:_LONGEST]):
        position, scale = place.end(), Decimal(1)
        for word in sorted(scales, key=len, reverse=True):
            if text[position : position + len(word)].lower() == word:
                after = reader.after(text, position + len(word))
                if after is not None and _STOP.match(text, after.end):
                    return StatedUnit(name=after.name, scale=Decimal(scales[word]), note=after.note)
        currency = re.compile(r"[A-Z]{3}\b|[A-Z]{0,2}\$|[€£¥₹]").match(text, position)
        before = reader.before(text, currency.end()) if currency else None
        if before is not None and currency is not None:
            rate = reader.divisor(text, currency.end())
            end, name = (rate[1], f"{before.name}/{rate[0]}") if rate else (currency.end(), before.name)
            if _STOP.match(text, end):
                return StatedUnit(name=name, scale=scale)
        unit = reader.after(text, position)
        if unit is not None and _is_letter(text, place.group(), unit):
            continue
        if unit is not None and _STOP.match(text, unit.end) and (unit.name != "piece"):
            return StatedUnit(name=unit.name, scale=scale * unit.factor, note=unit.note)
    return None


def _is_letter(text: str, place: str, unit: Unit) -> bool:
    """Tell whether a "unit" of one letter is rather a symbol that stands alone: S for sulphur, A for a class."""
    return (
        unit.end - unit.start == 1 and text[unit.start].isalpha() and text[unit.start].isascii() and not place.strip()
    )
