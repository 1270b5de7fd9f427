"""Numbers, signs and units that reprinting has damaged: put right where only one reading is possible, else kept out.

Text that was recognised, retyped or cut from a PDF loses and gains blanks ("2 5 mg / l", "0 . 5 mg/l", "mg/m 3"), takes
letters for digits ("O.5", "1O5 Wh/kg") and keeps halves of HTML entities ("ge,165"). Everything here works code point for
code point, so that offsets stay true.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from limen.nlp.measures import UnitReader

LOST = "\ufffd"
"""Stands in the mended text for each sign of a number that can be read in more than one way: nothing is reported of it."""


@dataclass(frozen=True, slots=True, order=True)
class Damage:
    """A damaged number at [start, end), and what it is read as; None if it can be read in more than one way."""

    start: int
    end: int
    read_as: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """The text to read, as long as the one that was given, and the numbers in it that a person should look at."""

    text: str
    damages: tuple[Damage, ...] = ()


# Each expression begins with what it is rare to meet, and what stands before a match is looked at then: these run over
# every text. "&ge;165", "ge;165", "ge,165": behind a number "Gt," and "lt," are units.
_ENTITY = re.compile(r"[gl][et][;,](?= ?\d)")
_SIGNS = {"ge": "≥", "le": "≤", "gt": ">", "lt": "<"}
_BEFORE_ENTITY = re.compile(r"(?:^|[^A-Za-z\d ?/=]|(?<!\d) )$")
# No sentence begins with "0. 5", and none ends with "2 .5 mg".
_DECIMAL = re.compile(r"\d{1,3}(?: \. ?|\. )(?=\d{1,6}(?![\d.,]*\d))")
_DIGITS = re.compile(r"\d+")
_LETTER_O = re.compile(r"[Oo]\.(?=\d)")
# "mg/m 3", and "50 m 3 / h": the power has slipped off the unit it stands on.
_POWER = re.compile(r"m ([23])(?![A-Za-z\d%]|[.,]\d)")
_BEFORE_POWER = re.compile(r"[A-Za-zμ] ?/ ?[Nc]?$")
_BEFORE_FLOW, _FLOW = re.compile(r"\d ?N?$"), re.compile(r" ?/ ?(?:h|s|d|a|min)\b")
_RAISED = {"2": "²", "3": "³"}
# "165 W h", "2 m g / l", "mg / k g".
_APART = re.compile(r"[kMGmcWd] [gWhmLltB](?![A-Za-z])")
_BEFORE_UNIT = re.compile(r"[\d/] ?$")
_UNITS = frozenset({"kg", "kW", "MW", "GW", "mg", "mm", "cm", "km", "Wh", "mL", "ml", "dB", "Mt", "Gt", "kt"})
# "2 5", "16 5", "1 6 5", "1 65.5": digits apart, but not as thousands are.
_SPLIT = re.compile(r"\d{1,3}(?: \d{1,2}){1,4}(?:\.\d{1,4})?(?![\d.,]*\d)(?! \d)")
_BEFORE_SPLIT = re.compile(r"(?:^|[^A-Za-z\d.,/ -]|(?<!\d) )$")
# "Table 2 5 mg/l" is a label and a number.
_LABEL = re.compile(
    r"(?:[第表附图条款项级类件]|\b(?:tables?|annex|notes?|class|types?|grade|nos?|number|sections?|articles?|paragraphs?|parts?"
    r"|schedules?|fig(?:ure)?s?|items?|phases?|stages?|steps?|pages?|columns?|rows?|category|groups?|levels?|tiers?|points?"
    r"|clauses?|chapters?|appendix|rules?|zones?|batch|methods?|samples?|outfalls?|in|on|of))[.:(]? ?$",
    re.IGNORECASE,
)
_BEFORE = 14
# What may stand between a number and its unit without belonging to either.
_NOTE = re.compile(r"\[\w{1,3}\]|[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2}|[*†‡](?= )")
_BEFORE_NOTE = re.compile(r"(?:^|(?<![A-Za-z\d.,*])(?<!\d ))(\d{1,3}(?:[ ,]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?) ?$")
_LONGEST_NUMBER = 24
# What takes one number: a sign, a Chinese word, the beginning of a cell. Between "exceed" and "2 5 mg" a point may be lost.
_ONE_NUMBER = re.compile(r"[<>=≤≥\u4e00-\u9fff] ?$")
_CELL_BEGINS, _CELL_ENDS = re.compile(r"\| *$"), re.compile(r" *\|")
# A unit with blanks in it shows that the blanks mean nothing: "2 5 mg / l".
_SPACED_UNIT = re.compile(r" ?\S{1,4} / \S")
# "1O5", "l65", "I0": letters that look like digits. "5l" and "5S" are litres and siemens, O2 is oxygen.
_MIXED = re.compile(r"[\dOIlS]{2,8}(?![A-Za-z\d])")
_IS_MIXED = re.compile(r"(?![OIS]\d$)(?=[OIlS]*\d)\d*(?:O|[IlS](?=\d))[\dOIlS]*")
_BEFORE_NUMBER = re.compile(r"(?:^|[^A-Za-z\d.,])$")


def mend(folded: str, reader: UnitReader) -> Mended:
    """Return a folded text with its damaged numbers put right, or blanked out where they are in doubt.

    `reader` reads the units of the text's language: outside of tables a number is damaged only if it measures something.
    """
    text = _ENTITY.sub(_sign, folded)
    text = _LETTER_O.sub(_nought, text)
    text = _DECIMAL.sub(lambda match: _decimal(match, reader), text)
    text = _POWER.sub(_power, text)
    text = _APART.sub(_together, text)
    text = _rewritten(text, list(_noted(text, reader)))
    damages = sorted([*_split(text, reader), *_mixed(text, reader)])
    return Mended(text=_rewritten(text, damages), damages=tuple(damages))


def _stands(match: re.Match[str], before: re.Pattern[str]) -> bool:
    """Tell whether what stands before a match ends as `before` asks."""
    return before.search(match.string, max(match.start() - 5, 0), match.start()) is not None


def _sign(match: re.Match[str]) -> str:
    sign = _SIGNS.get(match[0][:2])
    return sign.ljust(3) if sign and _stands(match, _BEFORE_ENTITY) else match[0]


def _nought(match: re.Match[str]) -> str:
    return "0." if _stands(match, _BEFORE_NUMBER) else match[0]


def _decimal(match: re.Match[str], reader: UnitReader) -> str:
    if not _stands(match, _BEFORE_NUMBER):
        return match[0]
    whole = match[0].rstrip(" .")
    after = _DIGITS.match(match.string, match.end())
    if whole != "0" and (" ." not in match[0] or after is None or reader.after(match.string, after.end()) is None):
        return match[0]
    # Noughts before a number keep its length and change nothing.
    return f"{whole}.".rjust(len(match[0]), "0")


def _power(match: re.Match[str]) -> str:
    is_flow = match[1] == "3" and _stands(match, _BEFORE_FLOW) and _FLOW.match(match.string, match.end())
    return f"m{_RAISED[match[1]]} " if is_flow or _stands(match, _BEFORE_POWER) else match[0]


def _together(match: re.Match[str]) -> str:
    unit = match[0].replace(" ", "")
    if unit not in _UNITS or not _stands(match, _BEFORE_UNIT):
        return match[0]
    before = match.string[max(match.start() - 2, 0) : match.start()]
    return f"{unit} " if "/" in before else f" {unit}"


def _noted(text: str, reader: UnitReader) -> Iterator[Damage]:
    """Yield the numbers that the mark of a footnote parts from their unit, with the mark: "250 [9] mg", "250⁹ mg"."""
    for match in _NOTE.finditer(text):
        number = _BEFORE_NOTE.search(text, max(match.start() - _LONGEST_NUMBER, 0), match.start())
        if number is None or (number[1] == "10" and match[0].isdigit()) or reader.after(text, match.end()) is None:
            continue
        yield Damage(number.start(1), match.end(), number[1].replace(",", "").replace(" ", ""))


def _split(text: str, reader: UnitReader) -> Iterator[Damage]:
    for match in _SPLIT.finditer(text):
        start, end = match.span()
        before = text[max(start - _BEFORE, 0) : start]
        in_cell = _is_cell(text, start, end)
        if not _stands(match, _BEFORE_SPLIT) or _LABEL.search(before) or not (in_cell or reader.after(text, end)):
            continue
        is_one = in_cell or _ONE_NUMBER.search(before) or _SPACED_UNIT.match(text, end)
        yield Damage(start, end, match[0].replace(" ", "") if is_one else None)


def _mixed(text: str, reader: UnitReader) -> Iterator[Damage]:
    for match in _MIXED.finditer(text):
        start, end = match.span()
        if not _IS_MIXED.fullmatch(match[0]) or not _stands(match, _BEFORE_NUMBER):
            continue
        if _is_cell(text, start, end) or reader.after(text, end):
            only_noughts = not {*match[0]} & {*"IlS"}
            yield Damage(start, end, match[0].replace("O", "0") if only_noughts else None)


def _is_cell(text: str, start: int, end: int) -> bool:
    """Tell whether a table cell holds nothing else."""
    return bool(_CELL_BEGINS.search(text, max(start - 4, 0), start) and _CELL_ENDS.match(text, end))


def _rewritten(text: str, damages: list[Damage]) -> str:
    parts, position = [], 0
    for damage in damages:
        if damage.start >= position:
            length = damage.end - damage.start
            written = LOST * length if damage.read_as is None else damage.read_as.rjust(length, "0")
            parts += [text[position : damage.start], written]
            position = damage.end
    return "".join([*parts, text[position:]])
