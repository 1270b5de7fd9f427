"""Labels at the head of a line: "3.", "(b)", "（二）", "第八条", "6.3.1", "Article 12", "-"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from limen.nlp.structure.grammar import structure_grammar

_HAN = "零〇一二三四五六七八九十百两"
_HAN_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"

_BULLET = re.compile(r"[-*+•·▪●○–—◆■□](?:[ \t]+|(?=[\u4e00-\u9fff]))")
_CIRCLE = re.compile(rf"[{_CIRCLED}]")
_NTH = re.compile(rf"第 ?(?P<number>[{_HAN}]{{1,8}}|\d{{1,4}}) ?(?P<word>[\u4e00-\u9fff]{{1,2}})")
_NTH_TAIL = re.compile(rf"(?:之[{_HAN}]{{1,2}})?[ \u3000\t]*")
_HAN_COMMA = re.compile(rf"(?P<number>[{_HAN}]{{1,4}})[、.．]")
_BRACKETED = re.compile(
    rf"[(（\[](?P<number>[{_HAN}]{{1,4}}|\d{{1,3}}|[a-zA-Z]{{1,2}}|[ivxlc]{{1,7}})[)）\]](?:(?=\()|[.、]|(?![\w%]))|[(（](?P<han>[{_HAN}]{{1,4}}|\d{{1,2}})[)）](?=[\u4e00-\u9fffA-Z])"
)
_DECIMAL = re.compile(
    r"(?P<number>[A-Z]{0,2}\d{1,3}(?:\.\d{1,3}){1,5})[.．]?(?:[ \u3000\t]+(?=\D)|(?=[\u4e00-\u9fff]))"
)
_PLAIN = re.compile(
    r"(?P<number>\d{1,3}[A-Z]?|[A-Z]{1,2}\d{1,3}|[a-zA-Z]|[IVXLC]{1,7}|[ivxlc]{2,7})"
    r"(?P<sign>[.．、)）])(?:[—–-]{1,2}|[ \u3000\t]+|(?=[\u4e00-\u9fff(（*]))"
)
_BARE = re.compile(r"(?P<number>\d{1,3}[A-Z]?)(?:[ \u3000\t]+(?=[(（A-Z\u4e00-\u9fff]))")
_BOLD_NUMBER = re.compile(r"\*\*(?P<number>\d{1,3}[A-Z]?)\.?\*\*[ \u3000\t]+")
_WORD = re.compile(
    r"(?P<word>[A-Za-z]{3,11}\.?|§{1,2})[ \u3000\u00a0]?(?P<number>[A-Z]?\d{1,4}(?:[.\-]\d{1,4}){0,3}[A-Z]?|[IVXLC]{1,7}|[A-Z])"
    r"(?![\w%])[.:：—–-]?[ \u3000\t]*"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A label of `length` characters. Labels of one `style` stand on one level; `number` is None for bullets.

    `rank` is set for the labels of parts, chapters and sections, 0 the outermost; other labels have None.
    """

    text: str
    length: int
    style: str
    number: int | None = None
    rank: int | None = None


def read_label(line: str, *, marked: bool = False) -> Label | None:
    """Return the label at the head of a line without indentation, or None. `marked`: the line is a Markdown heading.

    A bare number ("4 The operator shall") is a label only in headings: in text it is a quantity more often.
    """
    bullet = None if marked else _BULLET.match(line)
    if bullet is not None:
        return Label(text=bullet.group().strip(), length=bullet.end(), style="bullet")
    circle = _CIRCLE.match(line)
    if circle is not None:
        return Label(text=circle.group(), length=1, style="circled", number=_CIRCLED.index(circle.group()) + 1)
    return _named(line) or _numbered(line, marked=marked)


def _named(line: str) -> Label | None:
    nth = _NTH.match(line)
    if nth is not None:
        return _ordinal(line, nth)
    match = _WORD.match(line)
    if match is None:
        return None
    grammar = structure_grammar()
    word, end = match.group("word").lower(), match.end()
    rank = grammar.divisions.get(word)
    if rank is None and (word not in grammar.articles or (end < len(line) and line[end].islower())):
        return None
    style = f"division {rank}" if rank is not None else f"article {word}"
    return Label(text=match.group().strip(), length=end, style=style, number=_value(match.group("number")), rank=rank)


def _ordinal(line: str, match: re.Match[str]) -> Label | None:
    grammar = structure_grammar()
    for length in (2, 1):
        word = match.group("word")[:length]
        rank = grammar.divisions.get(word)
        if rank is not None or word in grammar.articles:
            tail = _NTH_TAIL.match(line, match.start("word") + length)
            end = tail.end() if tail is not None else match.end()
            style = f"division {rank}" if rank is not None else f"article {word}"
            number = _value(match.group("number"))
            return Label(text=line[:end].strip(), length=end, style=style, number=number, rank=rank)
    return None


def _numbered(line: str, *, marked: bool) -> Label | None:
    han = _HAN_COMMA.match(line)
    if han is not None:
        return Label(text=han.group(), length=han.end(), style="han", number=_value(han.group("number")))
    bracketed = _BRACKETED.match(line)
    if bracketed is not None:
        number = bracketed.group("number") or bracketed.group("han")
        return Label(
            text=bracketed.group(), length=bracketed.end(), style=f"({_alphabet(number)})", number=_value(number)
        )
    decimal = _DECIMAL.match(line)
    if decimal is not None:
        parts = decimal.group("number").split(".")
        return Label(
            text=decimal.group("number"), length=decimal.end(), style=f"decimal {len(parts)}", number=_value(parts[-1])
        )
    plain = _BOLD_NUMBER.match(line) or _PLAIN.match(line)
    if plain is None and marked:
        plain = _BARE.match(line)
    if plain is None:
        return None
    number = plain.group("number")
    sign = plain.groupdict().get("sign") or "."
    return Label(
        text=plain.group().strip().strip("*—–-"),
        length=plain.end(),
        style=f"{_alphabet(number)}{sign}",
        number=_value(number),
    )


def _alphabet(number: str) -> str:
    if number[0] in _HAN:
        return "han"
    if number[-1].isdigit() or number[0].isdigit():
        return "1"
    # A lone c, d, l or m is a letter of a list far more often than a hundred.
    if set(number.lower()) <= set("ivx") or (len(number) > 1 and set(number.lower()) <= set(_ROMAN)):
        return "i" if number.islower() else "I"
    return "a" if number.islower() else "A"


@cache
def _value(number: str) -> int | None:
    if number[0] in _HAN:
        return _han_value(number)
    digits = re.search(r"\d+", number)
    if digits is not None:
        return int(digits.group())
    lowered = number.lower()
    if _alphabet(number) in "iI":
        values = [_ROMAN[sign] for sign in lowered]
        return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))
    return ord(lowered[-1]) - ord("a") + 1 + 26 * (len(lowered) - 1) if lowered.isascii() else None


def _han_value(number: str) -> int:
    total = digit = 0
    for sign in number:
        if sign in "十百":
            total += (digit or 1) * (10 if sign == "十" else 100)
            digit = 0
        else:
            digit = _HAN_DIGITS[sign]
    return total + digit


def letter_of_roman(label: Label, previous: int | None) -> Label:
    """Read "(i)" as the letter after "(h)" where a list of letters has come that far."""
    sign = label.text.strip("()（）[].、 ")
    if len(sign) != 1 or label.style[0 if label.style[0] != "(" else 1] not in "iI":
        return label
    value = ord(sign.lower()) - ord("a") + 1
    if previous != value - 1:
        return label
    style = label.style.replace("i", "a").replace("I", "A")
    return Label(text=label.text, length=label.length, style=style, number=value)
