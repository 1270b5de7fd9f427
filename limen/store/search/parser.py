"""The search language: words, "phrases", field:value, and numbers with units.

    lithium "energy density" jurisdiction:CN stage:draft -recycling >=200 Wh/kg
    metric:能量密度 160..170 Wh/kg
    0.2 kWh/kg
    subject:"spent batteries" op:min by:2027 0.5..3 %

The word after a number is its unit. An excluded term has a minus before it. A comma in the value of a field means
either. Everything must hold. What cannot be understood is an error with its place, never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import NoReturn

from limen.domain.errors import UnknownUnit
from limen.domain.quantity import Quantity, unit_scale
from limen.store.errors import SearchError
from limen.store.search.query import (
    CLOSED,
    FIELDS,
    AmountTerm,
    Bound,
    Query,
    TextField,
    TextTerm,
    ValueField,
    ValueTerm,
)
from limen.store.search.words import fold, has_words

NUMBER = r"[-+−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:[eE][-+]?\d{1,3})?(?!\d|[.,]\d)"
BARE = r"[^\s\"“”<>=≥≤≧≦]+"
SPACE = re.compile(r"\s+")
RANGE = re.compile(rf"(?P<low>{NUMBER})\s*\.\.\s*(?P<high>{NUMBER})")
BARE_AMOUNT = re.compile(rf"(?P<value>{NUMBER})\s*(?P<unit>{BARE}(?:\s*/\s*{BARE})*)")
COMPARATOR = re.compile(r"(?P<sign>[<>]=|==|[<>=≥≤≧≦])\s*")
AMOUNT = re.compile(NUMBER)
UNIT = re.compile(rf"{BARE}(?:\s*/\s*{BARE})*")
NO_UNIT = re.compile(r"[-−]|[A-Za-z_]+:|[-+−]?\d[\d,]*(?:\.\d+)?\s*\.\.")
"""What may follow a number after a space and is not its unit: an excluded term, a field, a range."""
FIELD = re.compile(r"(?P<name>[A-Za-z_]+):")
QUOTED = re.compile(r"[\"“”](?P<text>[^\"“”]*)(?P<close>[\"“”]?)")
FIELD_VALUE = re.compile(r"[^\s\"“”]+")
WORD = re.compile(BARE)

LONGEST = 1000
SIGNS = {"≥": ">=", "≧": ">=", "≤": "<=", "≦": "<=", "==": "="}
UNIT_SIGNS = {"%": "percent", "‰": "permille", "°C": "degC", "℃": "degC", "°": "degree"}
RESERVED = {
    "OR": "OR is not understood: give a field several values with commas (jurisdiction:CN,EU), or search twice",
    "NOT": "NOT is not understood: put a minus before what is to be left out",
}


def parse(text: str, *, unit_alias: Callable[[str], str | None] | None = None) -> Query:
    """Return what a query asks for.

    `unit_alias` gives the pint spelling of a unit written otherwise (吨), or None where it knows none.

    Raises:
        SearchError: a field, value or unit is unknown, a quote is left open, a number is missing, or nothing is asked for.
    """
    return _Parser(text, unit_alias=unit_alias).parse()


class _Parser:
    """Goes through a query once, from left to right."""

    def __init__(self, text: str, *, unit_alias: Callable[[str], str | None] | None) -> None:
        self._original = text
        self._text = fold(text)  # character for character, so offsets are those of the original
        self._unit_alias = unit_alias
        self._at = 0
        self._texts: list[TextTerm] = []
        self._values: list[ValueTerm] = []
        self._amounts: list[AmountTerm] = []

    def parse(self) -> Query:
        """Return what the query asks for; to be called once. Raises `SearchError`."""
        if len(self._text) > LONGEST:
            self._fail(f"a query has at most {LONGEST} characters", LONGEST)
        while self._skip_space():
            self._term()
        if not (self._texts or self._values or self._amounts):
            self._fail(
                "nothing is asked for: give a word, a field such as jurisdiction:CN, or a number such as >=200 Wh/kg", 0
            )
        return Query(
            text=self._original,
            texts=tuple(self._texts),
            values=tuple(self._values),
            amounts=tuple(self._amounts),
        )

    def _term(self) -> None:
        start = self._at
        if found := self._take(RANGE):
            self._range(found, start)
        elif found := self._take(COMPARATOR):
            self._comparison(SIGNS.get(found["sign"], found["sign"]))
        elif (found := BARE_AMOUNT.match(self._text, start)) and self._is_unit(found):
            self._at = found.end("value")
            bound = Bound(value=self._number(found["value"]), is_inclusive=True)
            self._add_amount(bound, bound)
        else:
            excluded = self._text[start] in "-−" and len(self._text) > start + 1 and not self._text[start + 1].isspace()
            if excluded:
                self._at += 1
            self._name(excluded=excluded, start=start)

    def _name(self, *, excluded: bool, start: int) -> None:
        """Read a field, a phrase or a word."""
        if COMPARATOR.match(self._text, self._at):
            self._fail("a number cannot be excluded: turn its sign around", start)
        if found := self._take(FIELD):
            self._field(found["name"], excluded=excluded, start=start)
        elif QUOTED.match(self._text, self._at):
            self._add_text(self._quoted(), None, excluded=excluded)
        else:
            word = self._take(WORD)
            assert word is not None  # neither space, quote nor comparator stands here
            if word[0] in RESERVED:
                self._fail(RESERVED[word[0]], start)
            if word[0] != "AND":
                self._add_text(word[0], None, excluded=excluded, may_be_prefix=True)

    def _field(self, name: str, *, excluded: bool, start: int) -> None:
        field = FIELDS.get(name.lower())
        if field is None:
            known = ", ".join(FIELDS)
            self._fail(f"there is no field {name!r}; there are {known}. Put words with a colon in quotes", start)
        value_at = self._at
        quoted = QUOTED.match(self._text, self._at) is not None
        if quoted:
            value = self._quoted()
        else:
            found = self._take(FIELD_VALUE)
            value = "" if found is None else found[0]
        if not value.strip():
            self._fail(f"nothing stands after {name}:", value_at)
        if isinstance(field, TextField):
            if not has_words(value):
                self._fail(f"there is no letter or digit in {value!r}", value_at)
            self._add_text(value, field, excluded=excluded, may_be_prefix=not quoted)
        else:
            values = (value,) if quoted else tuple(filter(None, value.split(",")))
            self._add_value(field, values, excluded=excluded, start=value_at)

    def _add_text(self, text: str, field: TextField | None, *, excluded: bool, may_be_prefix: bool = False) -> None:
        if not has_words(text):
            return  # a dash or an ampersand between words
        is_prefix = may_be_prefix and text.endswith("*")
        self._texts.append(TextTerm(text=text.rstrip("*"), field=field, is_prefix=is_prefix, excluded=excluded))

    def _add_value(self, field: ValueField, values: tuple[str, ...], *, excluded: bool, start: int) -> None:
        known = CLOSED.get(field)
        normal = tuple(SIGNS.get(value, value.lower()) if known else value.strip() for value in values)
        if known is not None:
            for value in normal:
                if value not in known:
                    self._fail(f"{field.value} cannot be {value!r}; it is one of {', '.join(known)}", start)
        if not normal:
            self._fail(f"nothing stands after {field.value}:", start)
        self._values.append(ValueTerm(field=field, values=normal, excluded=excluded))

    def _range(self, found: re.Match[str], start: int) -> None:
        low, high = self._number(found["low"]), self._number(found["high"])
        if low > high:
            self._fail("the range runs backwards: give the lower number first", start)
        self._add_amount(Bound(value=low, is_inclusive=True), Bound(value=high, is_inclusive=True))

    def _comparison(self, sign: str) -> None:
        found = self._take(AMOUNT)
        if found is None:
            self._fail(
                f"a number must follow {sign!r} (digits, a point for decimals, commas between thousands)", self._at
            )
        bound = Bound(value=self._number(found[0]), is_inclusive="=" in sign)
        self._add_amount(None if sign.startswith("<") else bound, None if sign.startswith(">") else bound)

    def _add_amount(self, lower: Bound | None, upper: Bound | None) -> None:
        self._amounts.append(AmountTerm(lower=lower, upper=upper, unit=self._unit(lower or upper)))

    def _unit(self, bound: Bound | None) -> str | None:
        """Read the unit after a number; None if none stands there."""
        assert bound is not None
        has_space = self._skip_space() and self._text[self._at - 1].isspace()
        if has_space and NO_UNIT.match(self._text, self._at):
            return None
        start = self._at
        found = self._take(UNIT)
        if found is None:
            return None
        unit = self._spelled(found[0])
        try:
            unit_scale(unit)
            _ = Quantity(value=bound.value, unit=unit).base_value
        except UnknownUnit:
            self._fail(
                f"{found[0]!r} is no unit; units are written as Wh/kg, mg/L, %, tonne, USD/tonne, day, cycle. "
                "Words go before the number, or in quotes",
                start,
            )
        except ArithmeticError:
            self._fail("the number is too large or too small", start)
        return unit

    def _spelled(self, written: str) -> str:
        """Return pint's spelling of a unit."""
        plain = SPACE.sub("", written)
        return UNIT_SIGNS.get(plain) or (self._unit_alias(plain) if self._unit_alias else None) or plain

    def _is_unit(self, found: re.Match[str]) -> bool:
        """Tell whether what follows a bare number makes it an amount: `0.2 kWh/kg`, `3 %` or `30day`.

        A word after a space does not: pint knows too many of them (in, are, has, rare, section, act). Write `=30 day`.
        """
        written = found["unit"]
        is_attached = found.end("value") == found.start("unit")
        if not (is_attached or "/" in written or written in UNIT_SIGNS):
            return False
        try:
            unit_scale(self._spelled(written))
        except UnknownUnit:
            return False
        return True

    def _number(self, text: str) -> Decimal:
        return Decimal(text.replace(",", "").replace("−", "-"))

    def _quoted(self) -> str:
        start = self._at
        found = self._take(QUOTED)
        assert found is not None
        if not found["close"]:
            self._fail("a quotation mark is never closed", start)
        return found["text"]

    def _take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.match(self._text, self._at)
        if found is not None:
            self._at = found.end()
        return found

    def _skip_space(self) -> bool:
        """Go to the next sign that is no space; False at the end."""
        self._take(SPACE)
        return self._at < len(self._text)

    def _fail(self, message: str, offset: int) -> NoReturn:
        raise SearchError(message, query=self._original[:LONGEST], offset=offset)
