"""Reading units: from the ways a text writes them (毫克/立方米, mg/Nm3, t a year, US$) to a string for pint."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from limen.nlp.language_data import load_grammar

_EXPONENT = r"(?:\^|\*\*)?(?:[23](?!\d|\.\d)|[²³])|\^?[⁻-][¹²³123](?!\d|\.\d)"
_POWERS = str.maketrans("¹²³⁻", "123-")
# What a rate is taken by; a fee "per permit" keeps the plain currency with the permit in its metric.
_COUNTS = frozenset({"piece", "enterprise", "dimensionless", "times", "percent", "cycle", "degree"})
_MAX_PARTS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A unit as written at [start, end), its name for pint, and the qualifier that its word carries ("working days").

    `factor` multiplies the number before it (三成 is 3 times 10 percent).
    """

    start: int
    end: int
    name: str
    note: str | None = None
    factor: Decimal = Decimal(1)


class UnitReader:
    """Reads the unit that stands at a place of a folded text."""

    def __init__(self, code: str) -> None:
        """Compile the units of a language with the signs shared by all."""
        grammar, symbols = load_grammar(code, "units"), _symbols()
        self._symbols = {surface: name for name, surfaces in symbols["symbols"].items() for surface in surfaces}
        self._words = _inflected(grammar["words"])
        self._noted: dict[str, dict[str, str]] = {
            surface: {**entry, "note": grammar["notes"].get(entry["note"], entry["note"])}
            for surface, entry in (symbols["noted"] | grammar["noted"]).items()
        }
        self._noted |= {f"{surface}s": entry for surface, entry in grammar["noted"].items() if surface.isascii()}
        self._short = {surface: name for name, surfaces in grammar["short"].items() for surface in surfaces}
        self._factors: dict[str, str] = grammar.get("factors", {})
        self._tons: dict[str, Any] = grammar.get("tons", {"words": []})
        for word in self._tons["words"]:
            self._words[word] = self._words[f"{word}s"] = "ton"
        guards = grammar.get("guards", {})
        words = _alternatives([*self._words, *(word for word in self._noted if word not in symbols["noted"])], guards)
        signs = _alternatives([*self._symbols, *symbols["noted"]], {})
        boundary = r"(?![A-Za-z])"
        self._atom = re.compile(
            rf"(?i:(?:{words})){boundary if grammar['rate']['qualifiers'] else ''}|(?:{signs}){boundary}"
        )
        self._exponent = re.compile(_EXPONENT)
        qualifiers = "|".join(grammar["rate"]["qualifiers"])
        self._qualifier = re.compile(rf"(?i:(?:(?:{qualifiers}) ){{0,2}})" if qualifiers else "")
        self._rate = re.compile("(?i:" + _alternatives(grammar["rate"]["signs"], {}) + ")")
        self._bridge = re.compile(grammar["rate"].get("bridge", r"(?!)"), re.IGNORECASE)
        self._divisor = re.compile(rf"(?:{_alternatives(list(self._short), {})}){boundary}") if self._short else None
        self._times = re.compile(r" ?[·*×] ?|\.(?=[A-Za-z])")
        before = {surface: name for name, surfaces in symbols["before"].items() for surface in surfaces}
        self._before_names = before
        self._before = re.compile(rf"(?<![A-Za-z])(?:{_alternatives(list(before), {})}) ?$")

    def after(self, text: str, position: int, *, national: bool = False) -> Unit | None:
        """Return the unit that begins at `position`, blanks and a qualifier before it allowed, or None.

        `national` reads "ton" as the unit of the country's own rules (short tons in the United States).
        """
        start = position
        while start < len(text) and start - position < 2 and text[start] in " \n":
            start += 1
        if start > position and text[position:start].count("\n") > 1:
            return None
        qualifier = self._qualifier.match(text, start)
        start = qualifier.end() if qualifier else start
        first = self._factor_at(text, start, national=national)
        if first is None:
            return None
        name, end, note, factor = first
        name, end = self._product(text, name, end, national=national)
        return Unit(start=start, end=end, name=name, note=note, factor=factor)

    def divisor(self, text: str, position: int, *, national: bool = False) -> tuple[str, int] | None:
        """Return the divisor of a rate at `position` (" per tonne", "/t") as pint's name and its end, or None."""
        sign = self._rate.match(text, position)
        if sign is None:
            return None
        start = sign.end()
        qualifier = self._qualifier.match(text, start)
        start = qualifier.end() if qualifier else start
        bracket = text[start : start + 1] == "("
        start += bracket
        found = self._short_at(text, start) if sign.group().strip() == "/" else None
        if found is None:
            atom = self._factor_at(text, start, national=national)
            if atom is None or atom[0] in _COUNTS:
                return None
            found = (atom[0], atom[1])
        if bracket:
            found = self._bracketed(text, found, national=national)
            if text[found[1] : found[1] + 1] != ")":
                return None
            found = (found[0], found[1] + 1)
        return found

    def _bracketed(self, text: str, first: tuple[str, int], *, national: bool) -> tuple[str, int]:
        """Read on over the further factors of a divisor in brackets: "/(m²·s)"."""
        name, end = first
        while (sign := self._times.match(text, end)) is not None:
            factor = self._factor_at(text, sign.end(), national=national)
            if factor is None:
                break
            name, end = f"{name}/{factor[0]}", factor[1]
        return name, end

    def before(self, text: str, position: int) -> Unit | None:
        """Return the currency that ends at `position`, or None."""
        match = self._before.search(text, max(0, position - 8), position)
        if match is None:
            return None
        return Unit(start=match.start(), end=match.end(), name=self._before_names[match.group().strip()])

    def is_national(self, text: str) -> bool:
        """Tell whether the text is of the country whose "ton" is not the tonne."""
        return any(re.search(marker, text) for marker in self._tons.get("markers", ()))

    def _short_at(self, text: str, start: int) -> tuple[str, int] | None:
        match = self._divisor.match(text, start) if self._divisor else None
        return (self._short[match.group()], match.end()) if match else None

    def _factor_at(self, text: str, start: int, *, national: bool) -> tuple[str, int, str | None, Decimal] | None:
        match = self._atom.match(text, start)
        if match is None:
            return None
        surface, end, note = match.group(), match.end(), None
        noted = self._noted.get(surface) or self._noted.get(surface.lower())
        if noted is not None:
            name, note = noted["unit"], noted["note"]
        else:
            # Signs keep their case (mW, MW); words do not.
            name = self._symbols.get(surface) or self._words[surface.lower()]
        if name == "ton":
            name = self._tons["national"] if national else self._tons["default"]
        power = self._exponent.match(text, end) if "*" not in name and "/" not in name else None
        if power is not None and name.isalpha() and name != "percent":
            exponent = power.group().translate(_POWERS).lstrip("^*")
            name, end = f"{name}**{exponent}", power.end()
        return name, end, note, Decimal(self._factors.get(surface, "1"))

    def _product(self, text: str, name: str, end: int, *, national: bool) -> tuple[str, int]:
        for _ in range(_MAX_PARTS):
            bridge = self._bridge.match(text, end)
            # The bridge ends in a blank, which the sign of the rate needs before it.
            found = self.divisor(text, bridge.end() - 1 if bridge else end, national=national)
            if found is not None:
                divisor, end = found
                name = f"{name}/{divisor}"
                continue
            further = self._inverse(text, end, national=national)
            if further is None:
                break
            name, end = f"{name}*{further[0]}", further[1]
        return name, end

    def _inverse(self, text: str, end: int, *, national: bool) -> tuple[str, int] | None:
        """Return a further factor with a negative power ("Wh kg-1") or behind a sign of multiplication."""
        sign = self._times.match(text, end)
        start = sign.end() if sign else end + (text[end : end + 1] == " ")
        if start == end:
            return None
        factor = self._factor_at(text, start, national=national)
        if factor is None or not (sign or "**-" in factor[0]):
            return None
        return factor[0], factor[1]


@cache
def unit_reader(code: str) -> UnitReader:
    """Return the reader of a language, compiled once."""
    return UnitReader(code)


@cache
def _symbols() -> dict[str, Any]:
    return tomllib.loads(files("limen.nlp").joinpath("units", "symbols.toml").read_text(encoding="utf-8"))


def _inflected(words: dict[str, list[str]]) -> dict[str, str]:
    """Return surface -> pint name, lower case, with the English plural of every Latin word."""
    table = {}
    for name, surfaces in words.items():
        for surface in surfaces:
            lowered = surface.lower()
            table[lowered] = name
            if lowered.isascii() and not lowered.endswith("s"):
                table[f"{lowered}s"] = name
    return table


def _alternatives(surfaces: list[str], guards: dict[str, str]) -> str:
    """Return an alternation, longest first. A guard is a pattern that must not follow its surface."""
    ordered = sorted(set(surfaces), key=lambda surface: (-len(surface), surface))
    return "|".join(re.escape(surface) + (f"(?!{guards[surface]})" if surface in guards else "") for surface in ordered)
