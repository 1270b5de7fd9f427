"""Reading numbers: one compiled expression per language finds them, and this module gives each its exact value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from limen.nlp.language_data import load_grammar
from limen.nlp.occurrences import Expressions

_NOUGHT, _ONE, _THOUSAND = Decimal(0), Decimal(1), Decimal(1000)
MAX_DIGITS = 24
"""Longer runs of digits are identifiers or garbage, and no quantity."""

# Thousands in groups by comma, space or apostrophe, or in the Indian way (1,20,000); a decimal part, which a damaged
# reprint sets off by a blank ("1 .5", "0. 5"); an exponent. No quantifier is nested in another
# over the same signs, so that a megabyte of digits is read in linear time.
_DIGITS = (
    r"(?:10(?:\^-?\d{1,2}|[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2})(?![\d.,])"
    r"|\d{1,3}(?:,\d{3})+(?!\d)|\d{1,2}(?:,\d\d)+,\d{3}(?!\d)|\d{1,3}(?: \d{3})+(?![\d])"
    r"|\d{1,3}(?:'\d{3})+(?!\d)|(?:\d{1,3} (?=\.\d)|0(?=\. \d))|\d+)"
    r"(?:\.\d+|,\d+(?![\d,])|(?<=0)\. \d{1,4}(?![\d.]))?"
    r"(?:[eE][+-]?\d{1,3}(?![\w])| [eE][+-]\d\d(?!\d)| ?[×x*] ?10(?:\^[+-]?\d{1,2}|[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2}|-\d{1,2}(?!\d)))?"
)
# A power of ten alone before a unit: 10⁶CFU/g.
_POWER_OF_TEN = r"10(?:\^[+-]?\d{1,2}|⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2})(?= ?[A-Za-z个])"
_BARE_POWER = re.compile(r"10(?:\^[+-]?\d{1,2}|⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2})")
# Digits that a reprint took apart (9 0天, 0. 5 m) and the raised point of old print (0·5 m).
_DAMAGED = (
    r"0 ?\. ?\d{1,9}|\d{1,9}·\d{1,9}|\d(?: \d){1,5}(?![\d.,])(?= ?[%‰℃μmkgtLdh吨克米升元天日年月个人千万瓦伏毫立平小度])"
    r"|(?<=\| )\d(?: \d){1,3}(?= \|)"
)
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_VULGAR = {
    "½": "0.5",
    "¼": "0.25",
    "¾": "0.75",
    "⅓": "0.3333333333333333333333333333",
    "⅔": "0.6666666666666666666666666667",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Numeral:
    """A number as written: half-open offsets in code points, its value with scale words, and the unit it implies.

    `unit` is set only where the number itself says it (百分之三 is 3 percent). `spelled` is True for words.
    `scale` is the factor of its scale word, 1 where it has none.
    """

    start: int
    end: int
    value: Decimal
    spelled: bool = False
    unit: str | None = None
    scale: Decimal = Decimal(1)


class NumeralReader:
    """Finds all numbers of a folded text, left to right, without overlap."""

    def __init__(self, code: str) -> None:
        """Compile the grammar of a language. Raises `FileNotFoundError` if it has none."""
        grammar = load_grammar(code, "numbers")
        self._read_spelled = _additive if grammar["style"] == "additive" else _positional
        self._grammar = grammar
        self._fixed = [
            (f"fixed{index}", Decimal(entry["value"]), entry.get("unit"))
            for index, entry in enumerate(grammar.get("fixed", ()))
        ]
        self._decimal_comma: bool = grammar["decimal_comma"]
        self._scales: dict[str, Decimal] = {word: Decimal(value) for word, value in grammar["scales"].items()}
        self._letters = {letter: Decimal(value) for letter, value in grammar.get("letters", {}).items()}
        self._sought = Expressions([re.compile(_expression(grammar), re.IGNORECASE)])
        self._groups = frozenset(self._sought.patterns[0].groupindex)

    def read(self, text: str) -> Iterator[Numeral]:
        """Yield the numbers of a folded text."""
        for match in self._sought.over(text).every(0):
            numeral = self._numeral(match)
            if numeral is not None:
                yield numeral

    def count_at(self, text: str) -> tuple[Decimal, int] | None:
        """Return the value and end of the number, or the scale word alone ("per million"), with which a text begins."""
        for word, scale in self._scales.items():
            if text.lower().startswith(f"{word} "):
                return scale, len(word)
        numeral = next(self.read(text), None)
        if numeral is None or numeral.start != 0 or numeral.value <= 0 or numeral.unit is not None:
            return None
        return numeral.value, numeral.end

    def _numeral(self, match: re.Match[str]) -> Numeral | None:
        groups = match.groupdict()
        if groups.get("skip") is not None:
            return None
        for name, fixed, unit in self._fixed:
            if groups[name] is not None:
                return Numeral(start=match.start(), end=match.end(), value=fixed, spelled=True, unit=unit)
        if groups.get("ordinal") is not None:
            return self._ordinal(match)
        if groups.get("under") is not None:
            simple = Decimal(match["simple"]) / Decimal(match["under"])
            return Numeral(start=match.start(), end=match.end(), value=simple)
        if groups.get("part") is not None:
            return self._part(match)
        if groups.get("spelled") is not None:
            value = self._read_spelled(match["spelled"], self._grammar)
            if value is None:
                return None
            value = -value if groups.get("below") else value
            scale = self._last_scale(match["spelled"])
            scale = scale if _THOUSAND <= scale <= abs(value) else _ONE
            return Numeral(start=match.start(), end=match.end(), value=value, spelled=True, scale=scale)
        return self._digits(match)

    def _digits(self, match: re.Match[str]) -> Numeral | None:
        value = parse_digits(match["digits"], decimal_comma=self._decimal_comma)
        if value is None:
            return None
        # Nought is added too: it writes 6.0×10¹¹ with all its digits.
        value += self._fraction(match) if "vulgar" in self._groups else _NOUGHT
        scale_word, letter = match["scale"], match["letter"] if "letter" in self._groups else None
        scale = self._scales[scale_word.lower()] if scale_word else self._letters[letter.lower()] if letter else _ONE
        value *= scale
        if "lesser" in self._groups and match["lesser"]:
            value += Decimal(match["lesser"]) * self._scales[match["lesser_scale"]]  # 3亿5000万, 1万2千
        if match["sign"] not in {None, "", "+", "plus "}:
            value = -value
        return Numeral(start=match.start(), end=match.end(), value=value, scale=scale)

    def _last_scale(self, written: str) -> Decimal:
        """Return the factor of the scale word in which a spelled number ends: "five million", 五万."""
        last = written.lower()
        return max((value for word, value in self._scales.items() if last.endswith(word)), default=_ONE)

    @staticmethod
    def _fraction(match: re.Match[str]) -> Decimal:
        """Return what is added to whole digits: the half of 3½, the quarter of "2 1/4 inches"."""
        if match["vulgar"] is not None:
            return Decimal(_VULGAR[match["vulgar"]])
        if match["over"] is not None:
            return Decimal(match["upper"]) / Decimal(match["over"])
        return Decimal(0)

    def _part(self, match: re.Match[str]) -> Numeral | None:
        numerator = self._either(match["numerator"])
        if numerator is None:
            return None
        unit = self._grammar["parts"].get(match["part"])
        if unit is None:
            denominator = self._either(match["part"][:-2])
            if not denominator:
                return None
            numerator /= denominator
            unit = self._grammar["parts"].get("")
        return Numeral(start=match.start(), end=match.end(), value=numerator, spelled=True, unit=unit)

    def _ordinal(self, match: re.Match[str]) -> Numeral | None:
        """Return a spelled fraction: "two thirds", "one two-hundredth"."""
        ordinals = self._grammar["ordinals"]
        words = match["ordinal"].lower().split("-")
        denominator = Decimal(1)
        for word in words:
            denominator *= ordinals.get(word) or ordinals.get(word.removesuffix("s")) or self._grammar["words"][word]
        numerator = self._grammar["words"].get(match["count"].lower(), 1)
        if denominator <= numerator:
            return None
        return Numeral(start=match.start(), end=match.end(), value=Decimal(numerator) / denominator, spelled=True)

    def _either(self, written: str) -> Decimal | None:
        if written[0].isascii():
            return parse_digits(written, decimal_comma=False)
        return _positional(written, self._grammar)


@cache
def numeral_reader(code: str) -> NumeralReader:
    """Return the reader of a language, compiled once."""
    return NumeralReader(code)


def parse_digits(written: str, *, decimal_comma: bool) -> Decimal | None:
    """Return the value of digits with separators, or None for what is no quantity (an identifier, `1,23,456,7`)."""
    if len(written) > MAX_DIGITS + 12:
        return None
    if written.isascii() and written.isdecimal() and len(written) <= MAX_DIGITS:
        return Decimal(written)
    if written in _VULGAR:
        return Decimal(_VULGAR[written])
    if written.startswith("10") and written[2:3] in set("^⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹"):
        written = f"1e{written[2:].lstrip('^').translate(_SUPERSCRIPTS)}"
    mantissa, exponent = _split_exponent(written)
    mantissa = mantissa.replace(" ", "").replace("'", "").replace("·", ".")
    head, comma, tail = mantissa.rpartition(",")
    if comma:
        is_decimal = decimal_comma and "." not in mantissa and "," not in head and (len(tail) != 3 or head == "0")
        if is_decimal:
            mantissa = f"{head}.{tail}"
        elif len(tail.split(".")[0]) == 3:
            mantissa = mantissa.replace(",", "")
        else:
            return None
    if sum(sign.isdigit() for sign in mantissa) > MAX_DIGITS:
        return None
    return Decimal(mantissa).scaleb(exponent)


def _split_exponent(written: str) -> tuple[str, int]:
    if _BARE_POWER.fullmatch(written):
        return "1", int(written[2:].lstrip("^").translate(_SUPERSCRIPTS))
    mantissa, mark, power = (
        re.sub(r" ?[×x*] ?10\^?| (?=[eE])", "e", written)
        .replace("eE", "e")
        .replace("ee", "e")
        .translate(_SUPERSCRIPTS)
        .lower()
        .partition("e")
    )
    return mantissa, int(power) if mark else 0


def _expression(grammar: dict[str, Any]) -> str:
    """Return the one expression: skipped words, fixed expressions, parts, digits with scale, spelled numbers."""
    alternatives = []
    if grammar.get("not_numbers"):
        alternatives.append(f"(?P<skip>{'|'.join(grammar['not_numbers'])})")
    scales = "|".join(sorted(map(re.escape, grammar["scales"]), key=len, reverse=True))
    digits = f"{_DIGITS}|[½¼¾⅓⅔]"
    sign = r"(?P<sign>(?<![A-Za-z0-9_.)\]%°℃℉/-])(?:[-+](?=\d)|(?<!plus or )(?<!plus/)minus |plus (?!or )))?"
    if grammar["style"] == "additive":
        alternatives += _additive_alternatives(grammar, sign, digits, scales)
    else:
        numerals = "".join(grammar["digits"]) + "".join(grammar["powers"]) + "廿卅"
        either = rf"(?:\d{{1,12}}(?:\.\d{{1,12}})?|[{numerals}]{{1,12}}(?:点[{numerals}]{{1,12}})?)"
        guard = grammar["scale_guard"]["after"]
        negative = "|".join(grammar["negative"])
        sign = rf"(?P<sign>(?<![A-Za-z0-9_.)\]%°℃℉-])(?:[-+](?=\d)|{negative}))?"
        digits = f"{_POWER_OF_TEN}|{_DAMAGED}|{digits}"
        alternatives += [f"(?P<fixed{i}>{entry['pattern']})" for i, entry in enumerate(grammar["fixed"])]
        alternatives.append(rf"(?P<part>百分之|千分之|{either}分之)(?P<numerator>{either})")
        alternatives.append(
            rf"(?<![A-Za-z0-9.]){sign}(?P<digits>{digits})(?: ?(?P<scale>{scales})(?!(?<=[百千]){guard})"
            rf"(?:(?P<lesser>\d{{1,4}})(?P<lesser_scale>万|[千百](?!{guard})))?)?"
        )
        alternatives.append(
            rf"(?P<below>{negative})?(?P<spelled>(?![百千万亿佰仟])[{numerals}]+半?(?:点[{numerals}]+)?|半)"
        )
    return "|".join(alternatives)


def _additive_alternatives(grammar: dict[str, Any], sign: str, digits: str, scales: str) -> list[str]:
    alternatives = [rf"\b(?P<fixed{i}>{entry['pattern']})" for i, entry in enumerate(grammar["fixed"])]
    words = "|".join(sorted(grammar["words"], key=len, reverse=True))
    ordinals = "|".join(sorted(grammar["ordinals"], key=len, reverse=True))
    # "a third of", but not "a third party": after the article only a word that cannot be its noun may follow.
    alternatives.append(
        rf"\b(?P<count>an?(?=[ -](?:{ordinals})\b(?:{grammar['after_fraction']}))|{words})[ -]"
        rf"(?P<ordinal>(?:(?:{words})-(?=hundred|thousand))?(?:{ordinals})s?)(?![\w-])"
    )
    alternatives.append(
        rf"(?<![\w./,-])(?P<simple>[1-9]\d?)/(?P<under>2|3|4|8|16|32|64)(?=[ -](?:{grammar['after_simple']})s?\b)"
    )
    before = grammar["before_digits"]
    alternatives.append(
        rf"(?:(?<![\w.])|{before}){sign}(?P<digits>{digits})"
        rf"(?:(?P<vulgar>(?<=\d)[½¼¾⅓⅔])|[ -](?P<upper>[1-9]\d?)/(?P<over>2|3|4|5|8|16|32|64)(?![\d/.,]))?"
        rf"(?:[ -]?(?P<scale>{scales})\b|(?P<letter>{'|'.join(grammar['letters'])})(?={grammar['after_letter']}))?"
    )
    # "and" and a blank join only what follows a hundred or a ten: "two and five" are two numbers.
    units = grammar["digit_words"]
    alternatives.append(
        rf"\b(?P<spelled>(?:{words}|a(?= (?:hundred|thousand|million|billion|dozen)\b))"
        rf"(?:[ -](?:{scales})\b|(?<=ty)[ -](?:{units})\b|{grammar['joint']}(?:{words}|{scales})\b)*"
        rf"(?:{grammar['and_half']})?)(?![\w])"
    )
    return alternatives


def _additive(written: str, grammar: dict[str, Any]) -> Decimal | None:
    total = group = Decimal(0)
    written = written.lower()
    rest = re.search(grammar["and_half"] + "$", written)
    if rest is not None:
        written = written[: rest.start()]
        total += next(Decimal(value) for word, value in grammar["halves"].items() if word in rest.group())
    for word in re.findall(r"[a-z]+", written):
        if word == "and":
            continue
        if word == "a":
            group = Decimal(1)
            continue
        if word in grammar["words"]:
            group += grammar["words"][word]
        elif word in {"hundred", "dozen"}:
            group = (group or Decimal(1)) * grammar["scales"][word]
        else:
            total += (group or Decimal(1)) * grammar["scales"][word]
            group = Decimal(0)
    return total + group


def _positional(written: str, grammar: dict[str, Any]) -> Decimal | None:
    digits, powers = grammar["digits"], grammar["powers"]
    if written == "半":
        return Decimal("0.5")
    written = written.replace("廿", "二十").replace("卅", "三十")
    half = Decimal("0.5") if written.endswith("半") else Decimal(0)
    whole, point, fraction = written.rstrip("半").partition("点")
    if len(whole) > MAX_DIGITS or len(fraction) > MAX_DIGITS:
        return None
    total = section = current = Decimal(0)
    seen_power = False
    for sign in whole:
        if sign in digits:
            # A run of bare digits is read place by place: 二〇二五.
            current = current * 10 + digits[sign] if not seen_power else Decimal(digits[sign])
            continue
        if sign not in powers:
            return None  # a digit of another script
        power = Decimal(powers[sign])
        seen_power = True
        if power >= 10000:
            total = (
                (total + section + current) * power
                if total and power > total
                else total + (section + current or 1) * power
            )
            section = current = Decimal(0)
        else:
            section += (current or 1) * power
            current = Decimal(0)
    value = total + section + current
    if point:
        if any(sign not in digits for sign in fraction):
            return None
        value += Decimal("0." + "".join(str(digits[sign]) for sign in fraction))
    return value + half
