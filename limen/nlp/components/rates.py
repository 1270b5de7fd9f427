"""Makes a rate of a quantity whose divisor stands before it: 每吨5元, 每平方米不超过0.6kWh, 吨煤15元."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from spacy.tokens import Doc

from limen.nlp.dimensions import CURRENCIES, is_time
from limen.nlp.language_data import load_grammar
from limen.nlp.measures import unit_reader
from limen.nlp.mention import Mention
from limen.nlp.numerals import numeral_reader
from limen.nlp.segments import Segments

_COUNTED = frozenset({"piece", "times", "enterprise", "dimensionless", "percent"})
_SHARES = frozenset({"percent", "permille"})
_UNDIVIDED = frozenset({"m", "CNY"})
"""Lengths behind a number space things out (每100米设1个), and money behind one is a step of a scale."""
_BRACKET = re.compile(r"[（(](?=每)[^（）()\n，]{2,12}[）)](?=[：:])")
_LONGEST_LINE = 200
_ONLY_MARK = re.compile(r"每[^\d一二两三四五六七八九十，]{1,8}，")
_MASSES = frozenset({"tonne", "g", "kg"})
_ENERGIES = frozenset({"MWh", "kWh", "GWh"})
_STOPS = frozenset("。！？|")
_ITEMS = re.compile(r"[-*] [^\n]*\n[-*] ")
_ONE = Decimal(1)
_NEAR = Decimal(20)
"""An amount that leaves out its divisor is of the order of the one before it."""
_OPENERS = frozenset({":", "：", "（", "("})
_LONGEST_NUMBER = 14
_MEAN_GAP = 3
"""A noun between a mean and its amount keeps the head in the metric: 人均使用面积."""
_AHEAD = 2
_CHAIN = re.compile(r"每[人名位][，、]?每[日天次]|每[日天]每[人名位]")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Divisor:
    """What an amount is divided by, written at [start, end): `number` of the unit `name`."""

    start: int
    end: int
    name: str
    number: Decimal = _ONE

    def with_(self, outer: _Divisor) -> _Divisor:
        """Return the divisor of both, the one nearer to the amount first and periods last (CNY/kW/year)."""
        if outer.name in self.name.split("/"):
            return self
        names = [self.name, outer.name]
        names.sort(key=lambda name: is_time(name.partition("/")[0]))
        return _Divisor(start=outer.start, end=self.end, name="/".join(names), number=self.number * outer.number)


class Rates:
    """Extends `unit` by the divisor before the number. A language without such rates has an empty grammar."""

    def __init__(self, code: str) -> None:
        grammar = load_grammar(code, "rates")
        self._units = unit_reader(code)
        self._numerals = numeral_reader(code)
        self._mark = re.compile(grammar["mark"]) if grammar["mark"] else None
        self._bare_mark = re.compile(grammar["bare_mark"]) if grammar["bare_mark"] else None
        self._mean = re.compile(grammar.get("mean_mark", "(?!)"))
        self._periods: dict[str, str] = grammar.get("periods", {})
        names = "|".join(sorted(self._periods, key=len, reverse=True))
        self._period = re.compile(names or "(?!)")
        self._after = re.compile(grammar.get("after", "(?!)"))
        self._means: dict[str, str] = grammar.get("means", {})
        self._plain = re.compile(grammar.get("plain", "(?!)"))
        self._total = re.compile(grammar.get("total", "(?!)"))
        self._row_mark = re.compile(grammar["row_mark"], re.IGNORECASE)
        self._share_verb = re.compile(grammar["share_verb"])
        self._gap: int = grammar["gap"]
        self._time_gap: int = grammar["time_gap"]

    def __call__(self, doc: Doc) -> Doc:
        """Extend the units of one text."""
        segments: Segments = doc._.segments
        for mention in doc._.mentions:
            if mention.in_table and mention.unit is not None and mention.unit in CURRENCIES:
                divisor = self._row_divisor(doc._.folded, segments.line(mention.start)[0], mention.start)
                if divisor is not None:
                    mention.unit = f"{mention.unit}/{divisor.name}"
                    mention.value /= divisor.number
        if self._mark is None or self._bare_mark is None:
            return doc
        text: str = doc._.folded
        consumed: set[int] = set()
        mentions: list[Mention] = doc._.mentions
        floor = 0
        source: Mention | None = None
        number = _ONE
        for index, mention in enumerate(mentions):
            if mention.unit is not None and _is_open(mention.unit) and not mention.in_table:
                low = max(floor, self._reach(text, segments, mention.start), mention.start - 3 * self._gap)
                divided = self._divisor(text, low, mention)
                if divided is not None:
                    _divide(mention, divided)
                    source, number = mention, divided.number
                    consumed |= {id(other) for other in mentions[:index] if divided.start <= other.start < divided.end}
                elif source is not None and self._is_elliptic(text, segments, source, mention):
                    mention.unit, mention.value = source.unit, mention.value / number
                    source = mention
            elif mention.unit is not None and mention.unit.partition("/")[0] in CURRENCIES and "/" in mention.unit:
                source, number = mention, _ONE
            if self._ends_reach(text, mention):
                floor = mention.end
        doc._.mentions = [mention for mention in mentions if id(mention) not in consumed]
        return doc

    @staticmethod
    def _reach(text: str, segments: Segments, position: int) -> int:
        """Return where the clause begins, with the one before where a colon or bracket only divides the two."""
        start, _ = segments.clause(position)
        opener = text[max(0, start - 1) : start]
        if opener not in _OPENERS and opener != "，":
            return start
        earlier, _ = segments.clause(start - 1)
        # 每吨毛鸡，低于90克: a clause that is nothing but the mark and its noun.
        return earlier if opener in _OPENERS or _ONLY_MARK.fullmatch(text, earlier, start) else start

    def _is_elliptic(self, text: str, segments: Segments, source: Mention, mention: Mention) -> bool:
        """Tell whether an amount leaves out the divisor that its sentence has just named: 每千瓦100元，其后165元."""
        assert source.unit is not None
        numerator, _, divisor = source.unit.partition("/")
        if mention.op is not None and not mention.weak and (mention.op != source.op or numerator in CURRENCIES):
            return False  # a limit of its own
        between = text[source.end : mention.start]
        if numerator != mention.unit or not self._is_amount(mention) or not _STOPS.isdisjoint(between):
            return False
        lines = text[segments.line(source.start)[0] : segments.line(mention.start)[0] + 2]
        if "\n" in between and _ITEMS.fullmatch(lines) is None:
            return False
        if not (source.value and mention.value and _NEAR**-1 <= abs(mention.value / source.value) <= _NEAR):
            return False
        return divisor != mention.unit and self._total.search(text, source.end, mention.end + _AHEAD) is None

    def _row_divisor(self, text: str, start: int, end: int) -> _Divisor | None:
        """Return what the label of a row divides the money in its cells by: `Royalty per tonne of ore`, 每千立方米."""
        for mark in self._row_mark.finditer(text, start, end):
            number, unit = _ONE, self._units.after(text, mark.end())
            if unit is None:
                number, position = self._units.many(text, mark.end())
                unit = self._units.after(text, position)
            if unit is not None and unit.end <= end and "/" not in unit.name and unit.name not in _COUNTED:
                return (
                    None
                    if is_time(unit.name)
                    else _Divisor(start=mark.start(), end=unit.end, name=unit.name, number=number / unit.factor)
                )
        return None

    def _divisor(self, text: str, low: int, mention: Mention) -> _Divisor | None:
        assert self._mark is not None
        assert self._bare_mark is not None
        measures = [
            measure
            for mark in self._mark.finditer(text, low, mention.start)
            if (measure := self._measure(text, mark)) is not None and measure.end <= mention.start
        ]
        found: _Divisor | None = None
        follows = mention.start if mention.cue_start is None else mention.cue_start
        for measure in reversed(measures):
            follows = mention.start if measure.end > follows else follows
            if self._fits(text, measure, follows, mention):
                found = measure if found is None else found.with_(measure)
                follows = measure.start
        if found is not None:
            return found
        bracketed = self._in_bracket(text, mention)
        if bracketed is not None:
            return bracketed
        mean = self._mean.search(text, low, mention.start)
        gap = (
            self._gap
            if mean is not None and mean.group() == "亩均" and (mention.unit or "")[:3] in CURRENCIES
            else _MEAN_GAP
        )
        if mean is not None and self._is_amount(mention) and follows - mean.end() <= gap:
            return _Divisor(start=mean.start(), end=mean.end(), name=self._means[mean.group()])
        after = self._after.match(text, mention.end)
        period = self._measure(text, after) if after is not None and _is_share(text, mention) else None
        if period is not None:
            return replace(period, start=mention.start, end=mention.start)
        bare = self._bare_mark.search(text, low, mention.start)
        if bare is not None and self._is_amount(mention) and not is_time(mention.unit):
            return _Divisor(start=bare.start(), end=bare.end(), name="tonne")
        return None

    def _in_bracket(self, text: str, mention: Mention) -> _Divisor | None:
        """Return what the bracket of a lead-in divides its amounts by: 综合定额（每人每天）：一类760元，二类650元."""
        assert self._mark is not None
        line = max(0, mention.start - _LONGEST_LINE)
        line = max(line, text.rfind("\n", line, mention.start) + 1)
        bracket = max(_BRACKET.finditer(text, line, mention.start), key=re.Match.start, default=None)
        if bracket is None or not self._is_amount(mention):
            return None
        found: _Divisor | None = None
        for mark in self._mark.finditer(text, bracket.start(), bracket.end()):
            measure = self._measure(text, mark)
            if measure is None or measure.end >= bracket.end():
                return None
            found = measure if found is None else measure.with_(found)
        return replace(found, start=mention.start, end=mention.start) if found is not None else None

    def _measure(self, text: str, mark: re.Match[str]) -> _Divisor | None:
        """Return what a mark divides by: 每吨, 每50公斤, 每百公斤."""
        position, number = mark.end(), _ONE
        period = self._period.match(text, position)
        if period is not None:
            return _Divisor(start=mark.start(), end=period.end(), name=self._periods[period.group()])
        unit = self._units.after(text, position, rated=False)
        if unit is None:
            numeral = next(self._numerals.read(text[position : position + _LONGEST_NUMBER]), None)
            if numeral is not None and numeral.start == 0 and not numeral.unit:
                number, position = numeral.value, position + numeral.end
            else:
                number, position = self._units.many(text, position)
            unit = self._units.after(text, position, rated=False)
        if unit is None or "/" in unit.name or number <= 0 or self._plain.match(text, mark.start()):
            return None
        if number != 1 and (len(mark.group()) > 1 or is_time(unit.name) or unit.name in _UNDIVIDED):
            return None
        return _Divisor(start=mark.start(), end=unit.end, name=unit.name, number=number / unit.factor)

    def _fits(self, text: str, divisor: _Divisor, follows: int, mention: Mention) -> bool:
        between = follows - divisor.end
        if divisor.name in _COUNTED:
            return False
        if divisor.name == mention.unit:
            return divisor.name in _MASSES
        if mention.unit in {"piece", "person"}:
            return self._counts_by(text, divisor, between, mention)
        if is_time(divisor.name):
            if is_time(mention.unit) or mention.unit == "times":
                return False
            if _is_share(text, mention):
                verb = self._share_verb.search(text, divisor.end, mention.start)
                verb = verb or self._share_verb.match(text, mention.end)
                return divisor.end == mention.start or (between <= self._gap and verb is not None)
            return mention.unit != "dimensionless" and between <= self._time_gap
        return self._is_amount(mention) and between <= self._gap

    def _counts_by(self, text: str, divisor: _Divisor, between: int, mention: Mention) -> bool:
        """Tell whether a count is taken by a measure: 每克1000CFU, 每2.5万人1个, 每兆瓦时1个, 每人每天3块."""
        written = text[mention.unit_start : mention.unit_end]
        if written and written.isascii():
            return mention.unit == "piece" and between <= self._gap
        if divisor.name == "person" or is_time(divisor.name):
            together = _CHAIN.search(text, max(0, divisor.start - 6), mention.start) is not None
            return together or (divisor.number != 1 and between == 0)
        return divisor.name in _ENERGIES and between <= self._gap

    @staticmethod
    def _is_amount(mention: Mention) -> bool:
        return mention.unit not in _SHARES | {
            "times",
            "person",
            "piece",
            "dimensionless",
            "enterprise",
            "degC",
            None,
        } and (not is_time(mention.unit))

    def _ends_reach(self, text: str, mention: Mention) -> bool:
        """Tell whether a mark does not reach over a mention: any quantity but that of the mark itself or a nought."""
        if mention.value == 0 or (mention.value == 1 and text[mention.start] in "一1"):
            return False
        assert self._mark is not None
        return all(
            mark.end() != mention.start for mark in self._mark.finditer(text, max(0, mention.start - 8), mention.start)
        )


def _is_share(text: str, mention: Mention) -> bool:
    """Tell whether a mention is a share of something: 5%, 0.5‰, 万分之五."""
    return mention.unit in _SHARES or (mention.unit == "dimensionless" and "分之" in text[mention.start : mention.end])


def _is_open(unit: str) -> bool:
    """Tell whether a unit may take a divisor: any without one, and money by a period (每公顷300元/年)."""
    numerator, _, divisor = unit.partition("/")
    return not divisor or (numerator in CURRENCIES and is_time(divisor))


def _divide(mention: Mention, divisor: _Divisor) -> None:
    assert mention.unit is not None
    numerator, slash, period = mention.unit.partition("/")
    if period in divisor.name.split("/"):
        slash = ""
    mention.unit = f"{numerator}/{divisor.name}{slash}{period if slash else ''}"
    mention.value /= divisor.number
    if mention.value_max is not None:
        mention.value_max /= divisor.number
    mention.cue_start = divisor.start if mention.cue_start is None else min(divisor.start, mention.cue_start)
    if mention.cue_end is None:
        mention.cue_end = mention.end
