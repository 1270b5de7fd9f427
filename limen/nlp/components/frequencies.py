"""Reads how often something must happen: intervals ("every three years", 每半年一次) and frequencies ("twice a month")."""

from __future__ import annotations

import re
from decimal import Decimal

from spacy.tokens import Doc

from limen.domain.threshold import Comparator
from limen.nlp.dimensions import is_time
from limen.nlp.language_data import load_grammar
from limen.nlp.mention import Mention
from limen.nlp.numerals import numeral_reader

_ONE = Decimal(1)
_REACH = 48
_FULL_STOP = re.compile(r"[。！？\n]|\.\s")


class Frequencies:
    """Turns counts of times with their period into `1/period` or into the interval, and drops what they consume."""

    def __init__(self, code: str) -> None:
        grammar = load_grammar(code, "frequencies")
        self._numerals = numeral_reader(code)
        self._periods: dict[str, list[str]] = grammar["periods"]
        self._words: dict[str, int] = grammar["words"]
        names = "|".join(sorted(self._periods, key=len, reverse=True))
        self._every = re.compile(grammar["every"], re.IGNORECASE)
        self._before = re.compile(grammar["period_before"].replace("{periods}", names), re.IGNORECASE)
        self._after = re.compile(grammar["period_after"].replace("{periods}", names), re.IGNORECASE)
        self._adjacent = re.compile(grammar.get("period_adjacent", "(?!)").replace("{periods}", names), re.IGNORECASE)
        self._word = re.compile(rf"\b(?:{'|'.join(self._words)})\b" if self._words else r"(?!)", re.IGNORECASE)
        self._cycles = re.compile(grammar["cycles"], re.IGNORECASE)
        self._rated = tuple(grammar.get("rated_counts", ("times/", "piece/")))
        self._multiple = re.compile(grammar.get("multiple", r"(?!)"))
        self._counted = re.compile(grammar["counted"])
        self._capped = re.compile(grammar.get("capped", "(?!)"))
        self._least = re.compile(grammar.get("least", "(?!)"), re.IGNORECASE)

    def __call__(self, doc: Doc) -> Doc:
        """Read the frequencies of one text."""
        text: str = doc._.folded
        mentions: list[Mention] = sorted([*doc._.mentions, *self._spelled(text)], key=lambda mention: mention.start)
        consumed: set[int] = set()
        last: Mention | None = None
        for mention in mentions:
            if mention.unit == "times":
                self._count(text, doc, mention, mentions, consumed)
                if mention.unit == "piece" and last is not None:
                    self._carry(text, last, mention)
                last = mention if mention.frequency else last
            elif mention.unit is not None and mention.unit.startswith(self._rated) and is_time(mention.unit[6:]):
                self._rate(mention)
        for mention in mentions:
            if id(mention) not in consumed and is_time(mention.unit) and self._is_interval(text, mention):
                mention.op, mention.weak, mention.inherited = Comparator.AT_MOST, False, False
                found = self._every.search(text[max(0, mention.start - 24) : mention.start])
                if found is not None:
                    mention.cue_start = max(0, mention.start - 24) + found.start()
                    mention.cue_end = mention.start
        doc._.mentions = [mention for mention in mentions if id(mention) not in consumed]
        return doc

    def _spelled(self, text: str) -> list[Mention]:
        """Return "once" and "twice" where a period follows."""
        return [
            Mention(
                start=match.start(),
                end=match.end(),
                value=Decimal(self._words[match.group().lower()]),
                unit="times" if self._after.match(text, match.end()) else "piece",
                unit_start=match.end(),
                unit_end=match.end(),
                op=Comparator.AT_LEAST
                if self._least.search(text[max(0, match.start() - 24) : match.start()])
                else None,
            )
            for match in self._word.finditer(text)
            if self._after.match(text, match.end())
            or (self._words[match.group().lower()] > 1 and not self._multiple.match(text, match.end()))
        ]

    def _is_interval(self, text: str, mention: Mention) -> bool:
        return (
            mention.value_max is None
            and self._every.search(text[max(0, mention.start - 24) : mention.start]) is not None
        )

    def _rate(self, mention: Mention) -> None:
        """Settle "four times a year", whose unit was read as a rate already."""
        assert mention.unit is not None
        mention.unit = f"1/{mention.unit[6:]}"
        mention.frequency = True
        if mention.op is None or mention.weak:
            mention.op, mention.weak = Comparator.AT_LEAST, False
            mention.cue_start = mention.cue_end = mention.start

    def _count(self, text: str, doc: Doc, mention: Mention, mentions: list[Mention], consumed: set[int]) -> None:
        start, _ = doc._.segments.sentence(mention.start)
        earlier = max(0, start - _REACH)
        earlier = max([earlier, *(stop.end() for stop in _FULL_STOP.finditer(text, earlier, mention.start))])
        if self._cycles.search(text, earlier, mention.end + 8):
            mention.unit = "cycle"
            return
        period = self._period(text, start, mention)
        if period is None:
            mention.unit = "piece" if mention.value == mention.value.to_integral_value() else "dimensionless"
            return
        number, unit, low, high = period
        for other in mentions:
            if other is not mention and other.start < high and other.end > low:
                consumed.add(id(other))
        if number == _ONE and self._capped.search(text, low, mention.start):
            mention.op, mention.weak = Comparator.AT_MOST, False
        cued = mention.op is not None and not mention.weak
        mention.frequency = True
        mention.cue_start = min(low, mention.start if mention.cue_start is None else mention.cue_start)
        mention.cue_end = mention.cue_end or mention.end
        mention.end = max(mention.end, high)
        mention.unit_start = mention.unit_end = mention.end
        single = mention.value == _ONE and not (cued and number == _ONE)
        mention.value, mention.unit = (number, unit) if single else (mention.value / number, f"1/{unit}")
        if single or not cued:
            mention.op = Comparator.AT_MOST if single else Comparator.AT_LEAST
            mention.weak = mention.inherited = False

    @staticmethod
    def _carry(text: str, last: Mention, mention: Mention) -> None:
        """Give a limit on a count the period of the one before it: 每月不少于5次，副矿长不少于8次."""
        assert last.unit is not None
        is_limit = mention.op is not None and not mention.weak and not mention.inherited
        if is_limit and last.unit.startswith("1/") and _FULL_STOP.search(text, last.end, mention.start) is None:
            mention.unit, mention.frequency = last.unit, True

    def _period(self, text: str, sentence_start: int, mention: Mention) -> tuple[Decimal, str, int, int] | None:
        """Return the period of a count as number, unit and its place, or None."""
        after = self._after.match(text, mention.end)
        before = None
        if after is None:
            reach = max(sentence_start, mention.start - _REACH)
            before = max(self._before.finditer(text, reach, mention.start), key=re.Match.start, default=None)
            if before is not None and self._counted.search(text, before.end(), mention.start):
                before = None
        match = after or before or self._adjacent.search(text, max(sentence_start, mention.start - 16), mention.start)
        if match is None:
            return None
        factor, unit = self._periods[match["period"].lower()]
        number = next(self._numerals.read(match["number"] or ""), None)
        value = number.value if number is not None else _ONE
        return value * Decimal(factor), unit, match.start(), match.end()
