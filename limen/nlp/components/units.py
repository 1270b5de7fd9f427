"""Gives each number its unit: after it, before it (currencies), or shared with a later member of its list."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from spacy.tokens import Doc

from limen.nlp.dimensions import is_time
from limen.nlp.language_data import load_grammar
from limen.nlp.measures import Unit, unit_reader
from limen.nlp.mention import Mention
from limen.nlp.numerals import Numeral, numeral_reader

# "half a year", "three-quarters of an hour"
_ARTICLE = re.compile(r" (?:of )?(?:an?|one) ")
_LABEL = re.compile(r"单位 ?[:为]? ?")
_CLOSERS = (")", "）")
_OPENERS = ("(", "（")
_FULL_STOPS = re.compile(r"[。！？\n]")
_LISTED = re.compile(r" ?(?:[，,、；;。.和与及或以的]|$)")
_BRACKETED = re.compile(r"[(（][\d.+~±、 -]*$")
_BRACKET = 24
_BACK = 40
_TEN = Decimal(10)
_CELL = re.compile(r"\| \d{4} ?\|")
_RECENT = range(2005, 2061)
_YEARS = range(1900, 2101)
# "$3m", "€5k": behind money a letter is a scale.
_MONEY_SCALE = re.compile(r" ?(m|M|k|K|b|B)(?![A-Za-z\d/²³])")
_SCALES = {"k": Decimal(1000), "m": Decimal(1_000_000), "b": Decimal(1_000_000_000)}
_SHARE = "dimensionless"
_TOLERANCE = re.compile(r"\([\d.,+\- ]{1,12}(?:±|\+/?-)[\d., ]{1,12}$")
_LONGEST_TOLERANCE = 30
_LONGEST_PART = 12
_INCHES = re.compile(r" ?in\b")
_CENTIMETRES = 10
_HALF = Decimal("0.5")
# How many of the smaller part make one of the larger; None is a part without a unit.
_SMALLER = {
    ("hour", "minute"): 60, ("minute", "s"): 60, ("m", "cm"): 100, ("m", None): 100, ("ft", "inch"): 12,
    ("year", "month"): 12, ("km", "m"): 1000, ("kg", "g"): 1000, ("lb", "ounce"): 16, ("degree", "arcminute"): 60,
}  # fmt: skip


class Units:
    """Sets `doc._.mentions`: one for each number; `unit` stays None where the text writes none."""

    def __init__(self, code: str) -> None:
        self._reader = unit_reader(code)
        grammar = load_grammar(code, "ranges")
        units = load_grammar(code, "units")
        self._uncounted = frozenset(units.get("uncounted", ()))
        self._classifier: str = units.get("classifier", "")
        self._half_before, self._half_after, self._further_tenth = (
            re.compile(units.get(name, "(?!)")) for name in ("half_before", "half_after", "further_tenth")
        )
        self._range_gap = re.compile(grammar["range_gap"], re.IGNORECASE)
        self._difference = re.compile(f"(?:{grammar.get('difference', '(?!)')})$")
        self._absolute = re.compile(grammar.get("absolute", ""))
        self._senses: dict[str, list[tuple[re.Pattern[str], str]]] = {
            word: [(re.compile(sense["pattern"]), sense["unit"]) for sense in senses]
            for word, senses in units.get("senses", {}).items()
        }
        self._numerals = numeral_reader(code)
        self._parts = re.compile(grammar.get("parts", r"(?!)"))
        self._list_gap = re.compile(grammar["list_gap"], re.IGNORECASE)

    def __call__(self, doc: Doc) -> Doc:
        """Read the units of one text."""
        text: str = doc._.folded
        national = self._reader.is_national(text)
        mentions: list[Mention] = []
        for numeral in doc._.numerals:
            mention = self._mention(text, numeral, national=national)
            if mention is not None and not (mentions and mention.start < mentions[-1].end):
                mention.unit = self._sense(text, mention)
                if mention.unit == "degC" and mentions and self._differs(text, mentions[-1], mention):
                    mention.unit = "delta_degC"
                mentions.append(mention)
        self._share(text, mentions)
        self._shorten(text, mentions)
        doc._.mentions = [mention for mention in mentions if not _is_year(text, mention)]
        return doc

    def _mention(self, text: str, numeral: Numeral, *, national: bool) -> Mention | None:
        start, end, value = numeral.start, numeral.end, numeral.value
        before = self._reader.before(text, start)
        attributive = text[end : end + 1] == "-" and text[end + 1 : end + 2].isalpha()
        if before is not None:
            if (short := _MONEY_SCALE.match(text, end)) is not None and numeral.scale == 1:
                scale = _SCALES[short[1].lower()]
                value, end = value * scale, short.end()
            closed = end + (text[end : end + 5] == ") per")
            name, unit_end, count = self._reader.product(text, before.name, closed, national=national)
            return Mention(
                start=before.start,
                end=end if unit_end == closed else _before_cue(text, end, unit_end),
                value=value / count,
                count=count,
                scale=numeral.scale,
                spelled=numeral.spelled,
                unit=name,
                unit_start=before.start,
                unit_end=before.end,
            )
        if numeral.unit is not None:
            return Mention(start=start, end=end, value=value, unit=numeral.unit, unit_start=end, unit_end=end)
        half = self._half_before.match(text, end)
        if half is not None:
            value, end = value + _HALF, half.end()
        unit: Unit | None = self._reader.after(text, end + attributive, national=national)
        if unit is None and numeral.spelled and numeral.value < 1 and (article := _ARTICLE.match(text, end)):
            unit = self._reader.after(text, article.end(), national=national)
        if unit is not None and value == value.to_integral_value() and text[unit.start : unit.end] in self._uncounted:
            unit = None
        unit = unit or self._bracketed(text, start, end, national=national)
        if unit is None:
            if attributive:
                return None
            if numeral.spelled and value != value.to_integral_value() and value < 1:
                # Half, two thirds: shares of what they stand before.
                return Mention(start=start, end=end, value=value, unit=_SHARE, unit_start=end, unit_end=end)
            return Mention(
                start=start,
                end=end,
                value=value,
                scale=numeral.scale,
                spelled=numeral.spelled,
                unit_start=end,
                unit_end=end,
            )
        value, unit = self._compound(text, value, unit, national=national)
        unit, further = self._further(text, unit)
        return Mention(
            start=start,
            end=_before_cue(text, unit.start, unit.end),
            value=_tenths(value, unit) + further,
            scale=numeral.scale,
            unit=unit.name,
            unit_start=unit.start,
            unit_end=unit.end,
            note=unit.note,
            count=unit.count,
            factor=unit.factor * unit.count,
            attributive=attributive,
        )

    def _bracketed(self, text: str, start: int, end: int, *, national: bool) -> Unit | None:
        """Return the unit behind the bracket around a number, or within one behind it: (23±1)℃, 3（%）."""
        bracket = self._bracket(text, start, end)
        if text[end : end + 1] in _CLOSERS and _BRACKETED.search(text, max(0, start - _BRACKET), start):
            bracket = end + 1
        if bracket is not None:
            return self._reader.after(text, bracket, national=national)
        if text[end : end + 1] not in _OPENERS or not self._classifier:
            return None
        label = _LABEL.match(text, end + 1)
        unit = self._reader.after(text, label.end() if label else end + 1, national=national)
        return unit if unit is not None and text[unit.end : unit.end + 1] in _CLOSERS else None

    def _further(self, text: str, unit: Unit) -> tuple[Unit, Decimal]:
        """Return a unit with what still belongs to its number behind it, and that: 两年半, 八成五."""
        if is_time(unit.name) and (half := self._half_after.match(text, unit.end)) is not None:
            return replace(unit, end=half.end()), _HALF
        if unit.factor == _TEN and (tenth := self._further_tenth.match(text, unit.end)) is not None:
            digit = next(self._numerals.read(tenth.group()), None)
            return replace(unit, end=tenth.end()), digit.value if digit is not None else Decimal(0)
        return unit, Decimal(0)

    def _sense(self, text: str, mention: Mention) -> str | None:
        """Return the unit of a mention, settled by what stands before it where its word has several (30度: °, ℃, kWh)."""
        senses = self._senses.get(text[mention.unit_start : mention.unit_end], ())
        if mention.unit != "degC" and not senses:
            return mention.unit
        before = text[max(0, mention.start - _BACK) : mention.start]
        clause = before[max(map(before.rfind, "。；;\n")) + 1 :]
        if mention.unit == "degC" and self._difference.search(clause):
            return "delta_degC"
        clause += text[mention.start : mention.unit_start]
        found = [(match.end(), unit) for pattern, unit in senses for match in pattern.finditer(clause)]
        return max(found)[1] if found else mention.unit

    def _differs(self, text: str, earlier: Mention, mention: Mention) -> bool:
        """Tell whether a temperature goes on with the difference before it: 温升夏季不大于1℃，其他季节不大于2℃."""
        if earlier.unit != "delta_degC" or mention.start - earlier.end > 2 * _BACK:
            return False
        between = text[earlier.end : mention.start]
        return not self._absolute.search(between) and not _FULL_STOPS.search(between)

    @staticmethod
    def _bracket(text: str, start: int, end: int) -> int | None:
        """Return where the bracket around a tolerance ends: "(17.5 ± 0.7) kg"."""
        if text[end : end + 1] == ")" and _TOLERANCE.search(text, max(0, start - _LONGEST_TOLERANCE), end):
            return end + 1
        return None

    def _compound(self, text: str, value: Decimal, unit: Unit, *, national: bool) -> tuple[Decimal, Unit]:
        """Add the smaller part: "4 min 30 s", "one metre eighty", "a metre and a half"."""
        further = self._parts.match(text, unit.end)
        if further is None or "/" in unit.name:
            return value, unit
        if further.lastgroup == "half":
            return value + _HALF, replace(unit, end=further.end())
        numeral = next(self._numerals.read(text[further.end() : further.end() + _LONGEST_PART]), None)
        if numeral is None or numeral.start != 0 or numeral.value <= 0:
            return value, unit
        end = further.end() + numeral.end
        smaller = self._reader.after(text, end, national=national)
        factor = _SMALLER.get((unit.name, smaller.name if smaller else None))
        inches = _INCHES.match(text, end) if unit.name == "ft" and smaller is None else None
        if inches is not None and numeral.value < _SMALLER["ft", "inch"]:
            return value + numeral.value / _SMALLER["ft", "inch"], replace(unit, end=inches.end())
        if factor is None or numeral.value >= factor:
            return value, unit
        if smaller is None and (numeral.value < _CENTIMETRES or "and" in further.group()):
            return value, unit
        if smaller is None and (unit.name != "m" or not numeral.spelled or text[unit.start : unit.end] == "m"):
            return value, unit
        return value + numeral.value / factor, replace(unit, end=smaller.end if smaller else end)

    def _share(self, text: str, mentions: list[Mention]) -> None:
        """Carry a unit back over "20, 30 and 40 mg/L"."""
        for index in range(len(mentions) - 2, -1, -1):
            mention, following = mentions[index], mentions[index + 1]
            if mention.unit is not None or following.unit is None or following.attributive:
                continue
            gap = text[mention.end : following.start]
            if _is_year(text, mention) and (
                not self._classifier or is_time(following.unit) or self._range_gap.fullmatch(gap) is None
            ):
                continue
            if gap == "，" and not _LISTED.match(text, following.end):
                continue
            if len(gap) <= 12 and self._list_gap.fullmatch(gap):
                mention.unit, mention.note = following.unit, following.note
                mention.value, mention.count = mention.value * following.factor / following.count, following.count
                mention.unit_start, mention.unit_end = following.unit_start, following.unit_end

    def _shorten(self, text: str, mentions: list[Mention]) -> None:
        """Give a classifier that stands for the unit before it that unit: 由7个工作日压缩至3个."""
        if not self._classifier:
            return
        for earlier, mention in pairwise(mentions):
            written = text[mention.unit_start : mention.unit_end]
            if written != self._classifier or not _LISTED.match(text, mention.end):
                continue
            whole = text[earlier.unit_start : earlier.unit_end]
            near = mention.start - earlier.end <= _BACK and not _FULL_STOPS.search(text, earlier.end, mention.start)
            if near and whole.startswith(self._classifier) and is_time(earlier.unit):
                mention.unit, mention.note = earlier.unit, earlier.note


def _tenths(value: Decimal, unit: Unit) -> Decimal:
    """Multiply a value by its unit's factor; 八五折 is 85 percent, its two digits read place by place."""
    return value if unit.name == "percent" and unit.factor == _TEN < value else value * unit.factor


def _before_cue(text: str, start: int, end: int) -> int:
    """Return where a quantity ends whose rate follows its comparator: "32 kg or more a year" ends behind "kg"."""
    cue = text.find(" or ", start, end)
    return end if cue < 0 else cue


def _is_year(text: str, mention: Mention) -> bool:
    """Tell whether a bare number of four digits is a year of our time rather than a quantity."""
    written = text[mention.start : mention.end]
    if _CELL.match(text, max(0, mention.start - 2), mention.end + 2) and mention.value not in _RECENT:
        return False  # alone in its cell: a figure as likely as a year of the past
    return mention.unit is None and len(written) == 4 and written.isdecimal() and mention.value in _YEARS
