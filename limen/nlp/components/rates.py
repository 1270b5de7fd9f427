"""Makes a rate of a quantity whose divisor stands before it: 每吨5元, 每平方米不超过0.6kWh, 吨煤15元."""

from __future__ import annotations

import re

from spacy.tokens import Doc

from limen.nlp.dimensions import CURRENCIES, is_time
from limen.nlp.language_data import load_grammar
from limen.nlp.measures import unit_reader
from limen.nlp.mention import Mention

_COUNTED = frozenset({"piece", "times", "enterprise", "dimensionless", "percent", "person"})
_SHARES = frozenset({"percent", "permille"})


class Rates:
    """Extends `unit` by the divisor before the number. A language without such rates has an empty grammar."""

    def __init__(self, code: str) -> None:
        grammar = load_grammar(code, "rates")
        self._units = unit_reader(code)
        self._mark = re.compile(grammar["mark"]) if grammar["mark"] else None
        self._bare_mark = re.compile(grammar["bare_mark"]) if grammar["bare_mark"] else None
        self._row_mark = re.compile(grammar["row_mark"], re.IGNORECASE)
        self._share_verb = re.compile(grammar["share_verb"])
        self._gap: int = grammar["gap"]
        self._time_gap: int = grammar["time_gap"]

    def __call__(self, doc: Doc) -> Doc:
        """Extend the units of one text."""
        for mention in doc._.mentions:
            if mention.in_table and mention.unit is not None and mention.unit in CURRENCIES:
                divisor = self._row_divisor(doc._.folded, doc._.segments.line(mention.start)[0], mention.start)
                mention.unit = mention.unit if divisor is None else f"{mention.unit}/{divisor}"
        if self._mark is None or self._bare_mark is None:
            return doc
        text: str = doc._.folded
        consumed: set[int] = set()
        mentions: list[Mention] = doc._.mentions
        floor = 0
        for index, mention in enumerate(mentions):
            if mention.unit is not None and "/" not in mention.unit and not mention.in_table:
                low = max(floor, doc._.segments.clause(mention.start)[0], mention.start - 2 * self._gap)
                divided = self._divisor(text, low, mention)
                if divided is not None:
                    divisor, start, end = divided
                    mention.unit = f"{mention.unit}/{divisor}"
                    mention.cue_start = start if mention.cue_start is None else min(start, mention.cue_start)
                    if mention.cue_end is None:
                        mention.cue_end = mention.end
                    consumed |= {id(other) for other in mentions[:index] if start <= other.start < end}
            if _ends_reach(text, mention):
                floor = mention.end
        doc._.mentions = [mention for mention in mentions if id(mention) not in consumed]
        return doc

    def _row_divisor(self, text: str, start: int, end: int) -> str | None:
        """Return the measure by which a row's label divides the money in its cells: `Royalty per tonne of ore`."""
        for mark in self._row_mark.finditer(text, start, end):
            unit = self._units.after(text, mark.end())
            if unit is not None and unit.end <= end and "/" not in unit.name and unit.name not in _COUNTED:
                return None if is_time(unit.name) else unit.name
        return None

    def _divisor(self, text: str, low: int, mention: Mention) -> tuple[str, int, int] | None:
        assert self._mark is not None
        assert self._bare_mark is not None
        found: tuple[str, int, int] | None = None
        for mark in self._mark.finditer(text, low, mention.start):
            unit = self._units.after(text, mark.end())
            if unit is None or unit.end > mention.start or "/" in unit.name:
                continue
            if self._fits(text, unit.name, unit.end, mention):
                name = unit.name if found is None or is_time(unit.name) else found[0]
                found = (f"{found[0]}/{name}" if found and found[0] != name else name, mark.start(), unit.end)
        if found is not None:
            return found
        bare = self._bare_mark.search(text, low, mention.start)
        if bare is not None and self._is_amount(mention) and not is_time(mention.unit):
            return "tonne", bare.start(), bare.end()
        return None

    def _fits(self, text: str, divisor: str, end: int, mention: Mention) -> bool:
        if (
            divisor in {"piece", "times", "enterprise", "dimensionless", "percent", "person", "vehicle"}
            or divisor == mention.unit
        ):
            return divisor == mention.unit == "tonne"
        cue = mention.start if mention.cue_start is None or mention.cue_start < end else mention.cue_start
        between = text[end:cue]
        if is_time(divisor):
            if is_time(mention.unit) or mention.unit in {"times", "person", "piece"}:
                return False
            if mention.unit in _SHARES:
                return len(between) <= self._gap and self._share_verb.search(text, end, mention.start) is not None
            return len(between) <= self._time_gap
        return self._is_amount(mention) and len(between) <= self._gap

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


def _ends_reach(text: str, mention: Mention) -> bool:
    """Tell whether a mark does not reach over a mention: any quantity but the "one tonne" of the mark itself."""
    return mention.value != 1 or text[mention.start] not in "一1"
