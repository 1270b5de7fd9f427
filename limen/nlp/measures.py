"""Reading units: from the ways a text writes them (毫克/立方米, mg/Nm3, t a year, US$) to a string for pint."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from limen.nlp.dimensions import CURRENCIES, is_time
from limen.nlp.folding import BOLD
from limen.nlp.language_data import load_grammar
from limen.nlp.numerals import numeral_reader
from limen.nlp.occurrences import Expressions

_EXPONENT = r"(?:\^|\*\*)?(?:[23](?!\d|\.\d)|[²³])|\^?[⁻-][¹²³123](?!\d|\.\d)"
_POWERS = str.maketrans("¹²³⁻", "123-")
# What a rate is taken by; a fee "per permit" keeps the plain currency with the permit in its metric.
_COUNTS = frozenset({"piece", "enterprise", "dimensionless", "times", "percent", "cycle", "degree"})
_TIMES = frozenset(
    {"s", "minute", "hour", "day", "week", "month", "year", "degC", "degF", "K", "dB", "m", "km", "mm", "cm", "ft"}
)
# "Pressed at 22 bar every year" says how often, not how fast.
_STATES = frozenset({"bar", "kPa", "MPa", "psi", "degC", "degF", "dB", "V", "kV", "lux"})
_MAX_PARTS = 4
_PRODUCT = re.compile(r"(?<!\*)\*(?!\*)")
_LONGEST_COUNT = 24


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
    count: Decimal = Decimal(1)
    """What the divisor of a rate counts ("/100 ml"); already part of `factor`."""


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
        self._national = Expressions(map(re.compile, self._tons.get("markers", ())))
        for word in self._tons["words"]:
            self._words[word] = self._words[f"{word}s"] = "ton"
        guards = grammar.get("guards", {})
        words = _alternatives([*self._words, *(word for word in self._noted if word not in symbols["noted"])], guards)
        signs = _alternatives([*self._symbols, *symbols["noted"]], {})
        substances = _alternatives(grammar["rate"].get("substances", []), {})
        # A substance may follow its unit without a blank: kgVSS/(m3·d).
        boundary = rf"(?:(?![A-Za-z])|(?=(?:{substances})/))" if substances else r"(?![A-Za-z])"
        self._substance = re.compile(rf" ?(?:{substances})(?=/)") if substances else None
        self._named = re.compile(rf"-(?:{substances})(?![A-Za-z])") if substances else None
        scales = load_grammar(code, "numbers")["scales"] if grammar["rate"].get("scales") else {}
        self._scales = [(word, Decimal(scales[word])) for word in sorted(scales, key=len, reverse=True)]
        self._atom = re.compile(
            rf"(?i:(?:{words})){boundary if grammar['rate']['qualifiers'] else ''}|(?:{signs}){boundary}"
        )
        self._exponent = re.compile(_EXPONENT)
        qualifiers = "|".join(grammar["rate"]["qualifiers"])
        self._qualifier = re.compile(rf"(?i:(?:(?:{qualifiers}) ){{0,2}})" if qualifiers else "")
        self._rate = re.compile("(?i:" + _alternatives(grammar["rate"]["signs"], {}) + ")")
        self._bridge = re.compile(grammar["rate"].get("bridge", r"(?!)"), re.IGNORECASE)
        self._divisor = re.compile(rf"(?:{_alternatives(list(self._short), {})}){boundary}") if self._short else None
        self._count = re.compile(grammar["rate"].get("count", r"(?!)"), re.IGNORECASE)
        self._things = re.compile(grammar["rate"].get("things", r"(?!)"), re.IGNORECASE)
        self._period = re.compile(grammar["rate"].get("period", r"(?!)"), re.IGNORECASE)
        self._also = re.compile(grammar["rate"].get("also", r"(?!)"), re.IGNORECASE)
        self._numerals = numeral_reader(code)
        self._money = frozenset(name for name in symbols["before"])
        self._times = re.compile(r" ?[·*×] ?|\.(?=[A-Za-z])")
        before = {surface: name for name, surfaces in symbols["before"].items() for surface in surfaces}
        self._before_names = before
        self._before = re.compile(rf"(?<![A-Za-z])(?:{_alternatives(list(before), {})}) ?$")

    def after(self, text: str, position: int, *, national: bool = False, rated: bool = True) -> Unit | None:
        """Return the unit that begins at `position`, blanks and a qualifier before it allowed, or None.

        `national` reads "ton" as the unit of the country's own rules (short tons in the United States); without `rated`
        neither divisors nor further factors are read.
        """
        if text.startswith(BOLD, position):
            position += len(BOLD)  # "**45** m"
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
        count = Decimal(1)
        if rated:
            name, end, count = self.product(text, name, end, national=national)
            named = self._named.match(text, end) if self._named is not None else None
            end = named.end() if named is not None else end  # mg/kg-熟料
        return Unit(start=start, end=end, name=name, note=note, factor=factor / count, count=count)

    def divisor(self, text: str, position: int, *, national: bool = False) -> tuple[str, int] | None:
        """Return the divisor of a rate at `position` (" per tonne", "/t") as pint's name and its end, or None."""
        sign = self._rate.match(text, position)
        if sign is None:
            return None
        start = sign.end()
        qualifier = self._qualifier.match(text, start)
        start = qualifier.end() if qualifier else start
        bracket = text[start : start + 1] in ("(", "（")
        start += bracket
        found = self._short_at(text, start) if sign.group().strip() == "/" else None
        if found is None:
            atom = self._factor_at(text, start, national=national)
            if atom is None or (atom[0] in _COUNTS and not bracket):
                return None
            found = (_divided(atom[0]), atom[1])
        if bracket:
            found = self._bracketed(text, found, national=national)
            if text[found[1] : found[1] + 1] not in (")", "）"):
                return None
            found = (found[0], found[1] + 1)
        return found

    def _bracketed(self, text: str, first: tuple[str, int], *, national: bool) -> tuple[str, int]:
        """Read on over the further factors of a divisor in brackets: "/(m²·s)"."""
        name, end = first
        while (sign := self._times.match(text, end)) is not None:
            further = self._short_at(text, sign.end())
            if further is None:
                factor = self._factor_at(text, sign.end(), national=national)
                if factor is None:
                    break
                further = factor[0], factor[1]
            name, end = f"{name}/{further[0]}", further[1]
        return name, end

    def many(self, text: str, start: int) -> tuple[Decimal, int]:
        """Return the value and end of a scale word before the unit of a divisor (百公里, 万元); 1 where there is none."""
        for word, value in self._scales:
            if text.startswith(word, start):
                return value, start + len(word)
        return Decimal(1), start

    def before(self, text: str, position: int) -> Unit | None:
        """Return the currency that ends at `position`, or None."""
        match = self._before.search(text, max(0, position - 8), position)
        if match is None:
            return None
        return Unit(start=match.start(), end=match.end(), name=self._before_names[match.group().strip()])

    def is_sign(self, written: str) -> bool:
        """Tell whether a unit as written is, or begins with, a sign (mg/L) rather than a word (hours)."""
        return re.split(r"[/ ·*]", written, maxsplit=1)[0].rstrip("23²³") in self._symbols

    def is_national(self, text: str) -> bool:
        """Tell whether the text is of the country whose "ton" is not the tonne."""
        found = self._national.over(text)
        return any(found.has(number) for number in range(len(self._national.patterns)))

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
        if power is not None and power.group() in {"2", "3"} and not surface.isascii() and surface[-1] > "\u4dff":
            power = None  # 半年3%: a word takes no plain digit as its exponent
        if power is not None and name.isalpha() and name != "percent":
            exponent = power.group().translate(_POWERS).lstrip("^*")
            name, end = f"{name}**{exponent}", power.end()
        return name, end, note, Decimal(self._factors.get(surface, "1"))

    def product(self, text: str, name: str, end: int, *, national: bool) -> tuple[str, int, Decimal]:
        """Return a unit with the divisors and factors behind it, its end, and the count it is divided by ("/100 ml")."""
        count = Decimal(1)
        for _ in range(_MAX_PARTS):
            direct = self._divides(text, name, end, national=national) is not None or (
                self._is_shared(name) and self._things.match(text, end) is not None
            )
            bridge = None if direct else self._bridge.match(text, end)
            # The bridge ends in a blank, which the sign of the rate needs before it.
            start = bridge.end() - (text[bridge.end() - 1] == " ") if bridge else self._behind_substance(text, end)
            found = (
                self._divides(text, name, start, national=national)
                or ("/" in name and self._further(text, end))
                or None
            )
            if found is not None and _begins_anew(text, name, found[0], end):
                break
            if found is not None:
                divisor, end = found
                name = f"{name}/{divisor}"
                continue
            counted = self.counted_divisor(text, start, national=national) if count == 1 else None
            if counted is not None and (counted[0] != name or self._scales or "/" not in text[start : start + 3]):
                name, end, count = f"{name}/{counted[0]}", counted[1], counted[2]
                continue
            thing = self._things.match(text, start) if self._is_shared(name) else None
            if thing is not None:
                name, end = f"{name}/person", thing.end()
                continue
            if bridge is not None:
                break
            further = self._inverse(text, end, national=national)
            if further is None:
                break
            # "W/m²·K", "元/吨·月", "300元·年": what follows the slash divides, and money is multiplied by nothing.
            factor, inverse, power = further[0].partition("**-")
            sign = "/" if inverse or "/" in name or name in CURRENCIES else "*"
            name, end = f"{name}{sign}{factor}{f'**{power}' if power > '1' else ''}", further[1]
        return name, end, count

    def _behind_substance(self, text: str, end: int) -> int:
        """Return the end of the name of what is measured between a unit and its slash: 公斤标煤/吨, t CO2/t."""
        named = self._substance.match(text, end) if self._substance is not None else None
        return end if named is None else named.end()

    def _divides(self, text: str, name: str, start: int, *, national: bool) -> tuple[str, int] | None:
        """Return the divisor at a place unless its wording says in what period a share or a total is taken."""
        if self._period.match(text, start) or (text.startswith(" in ", start) and name in _COUNTS):
            return None
        if name in _STATES and text.startswith((" each ", " every "), start):
            return None
        return self.divisor(text, start, national=national)

    def counted_divisor(self, text: str, start: int, *, national: bool = False) -> tuple[str, int, Decimal] | None:
        """Return the divisor at a place with the number in front of it ("per 100 km", "/10 min"), or None."""
        sign = self._count.match(text, start)
        if sign is None:
            return None
        counted = self._numerals.count_at(text[sign.end() : sign.end() + _LONGEST_COUNT])
        if counted is None:
            value, position = self.many(text, sign.end())
            counted = (value, position - sign.end())
            if value == 1:
                return None
        position = sign.end() + counted[1]
        while text[position : position + 1] in {" ", "-"}:
            position += 1
        qualifier = self._qualifier.match(text, position)
        atom = self._factor_at(text, qualifier.end() if qualifier else position, national=national)
        if atom is None or atom[0] in _COUNTS or atom[0] in {"person", "vehicle"}:
            return None
        return atom[0], atom[1], counted[0]

    def _further(self, text: str, end: int) -> tuple[str, int] | None:
        """Return a second divisor behind "and": "per kilogram and day"."""
        also = self._also.match(text, end)
        atom = self._factor_at(text, also.end(), national=False) if also else None
        return (atom[0], atom[1]) if atom is not None and atom[0] not in _COUNTS else None

    def _is_shared(self, name: str) -> bool:
        """Tell whether an amount is one that things and persons get a share of: no money, count, share or time."""
        numerator = name.partition("/")[0]
        return numerator not in _COUNTS | self._money | _TIMES and numerator not in {"person", "vehicle", "permille"}

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


def _divided(name: str) -> str:
    """Return a unit as a divisor: by the horsepower-hour is by both."""
    return _PRODUCT.sub("/", name)


def _begins_anew(text: str, name: str, divisor: str, end: int) -> bool:
    """Tell whether a word behind one period is another, which divides what follows: 前三年每年."""
    return is_time(name) and is_time(divisor) and text[end] > "\u4dff"


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
