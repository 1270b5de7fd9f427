"""Decides what a number without a unit is: one of the unit stated above it, a count, a plain figure, or nothing we report."""

from __future__ import annotations

import re

from spacy.tokens import Doc

from limen.nlp.dimensions import is_time
from limen.nlp.language_data import load_grammar
from limen.nlp.mention import Mention
from limen.nlp.segments import Segments
from limen.nlp.stated_unit import StatedUnit, stated_unit

_AHEAD = 48
_BACK = 40
_LINES_BACK = 12
_LONGEST_LINE = 300
_LEAD_IN_ENDS = (":", "：")
_Above = dict[tuple[int, int], StatedUnit | None]
_COUNTS = frozenset({"piece", "person", "vehicle", "enterprise", "times", "cycle", "dimensionless", "percent"})


class Bare:
    """Gives unitless mentions a unit where their own comparator or their noun warrants it, and drops the others."""

    def __init__(self, code: str) -> None:
        self._code = code
        grammar = load_grammar(code, "comparators")["bare"]
        self._dimensionless = re.compile(grammar["dimensionless"])
        self._share = re.compile(grammar["share"], re.IGNORECASE)
        self._person = re.compile(grammar["person"], re.IGNORECASE)
        self._age = re.compile(grammar["age"], re.IGNORECASE)
        self._piece = re.compile(grammar["piece"])
        self._ended = re.compile(grammar["ended"]) if "ended" in grammar else None
        self._joint = re.compile(grammar.get("joint", "(?!)"))
        self._behind = re.compile(grammar.get("behind", "(?P<unit>(?!))"))
        self._same = re.compile(grammar.get("same", "(?!)"))
        self._stated = re.compile(grammar.get("stated", "(?!)"))
        self._states = re.compile(grammar.get("states", "(?!)"))

    def __call__(self, doc: Doc) -> Doc:
        """Settle the bare numbers of one text."""
        text: str = doc._.folded
        segments: Segments = doc._.segments
        kept: list[Mention] = []
        above = _Above()
        previous: Mention | None = None
        for mention in doc._.mentions:
            if mention.unit is None and (not mention.in_table or self._is_worded(mention)):
                start, _ = segments.sentence(mention.start)
                earlier = kept[-1] if kept and kept[-1].start >= start else None
                listed = previous is not None and self._joint.fullmatch(text, previous.end, mention.start) is not None
                if previous is not None and listed and previous.unit is not None and self._is_ended(text, mention):
                    mention.unit = previous.unit  # 分别为310、328
                else:
                    self._settle(text, segments, mention, kept, above)
                if mention.unit is None:
                    mention.unit = self._unit(text, start, mention, earlier)
            previous = mention
            if mention.unit is not None:
                kept.append(mention)
        doc._.mentions = kept
        return doc

    def _is_worded(self, mention: Mention) -> bool:
        """Tell whether a number in a cell of words has a comparator of its own: 第一阶段≤10.5；第二阶段≤9.0."""
        stands = not mention.label and not mention.measured and not mention.inherited
        return self._ended is not None and stands and mention.cue_start is not None

    def _is_ended(self, text: str, mention: Mention) -> bool:
        """Tell whether nothing follows a number that it could count."""
        return (
            self._ended is not None
            and text[mention.start].isascii()
            and self._ended.match(text, mention.end) is not None
        )

    def _settle(self, text: str, segments: Segments, mention: Mention, kept: list[Mention], above: _Above) -> None:
        """Give a number that ends its phrase the unit stated in its line, in a line that leads to it, or just before it."""
        if not self._is_ended(text, mention):
            return
        line, end = segments.line(mention.start)
        line = max(line, mention.start - _LONGEST_LINE)
        start = max(line, text.rfind("。", line, mention.start) + 1)
        stated = self._stated_in(text[start : mention.start]) or self._stated_above(text, segments, line, above)
        if stated is None:
            same = self._same.search(text, mention.end, min(end, mention.end + _LONGEST_LINE)) is not None
            earlier = self._earlier(0 if same else start, kept)
            if earlier is not None and not self._dimensionless.search(text, earlier.end, mention.start):
                mention.unit, mention.note = earlier.unit, earlier.note
                mention.value *= earlier.factor / earlier.count  # 5.0升/百公里, 5.6
                if earlier.scale != 1 and mention.scale == 1 and mention.value * 100 < abs(earlier.value):
                    mention.value, mention.scale = mention.value * earlier.scale, earlier.scale
                return
            if earlier is None:
                behind = self._behind.search(text, mention.end, min(end, mention.end + _LONGEST_LINE))
                stated = self._stated_in(text[line : mention.start]) or (
                    stated_unit(self._code, f"({behind['unit']})") if behind is not None else None
                )
        if stated is not None:
            mention.unit, mention.note = stated.name, stated.note
            mention.value *= stated.scale
            if mention.value_max is not None:
                mention.value_max *= stated.scale

    def _stated_in(self, line: str) -> StatedUnit | None:
        """Return the unit that the last bracket or the like of a line states: 浓度（mg/m³）, 单位为克/千瓦时."""
        last: StatedUnit | None = None
        if not self._states.search(line):
            return None
        for place in self._stated.finditer(line):
            last = stated_unit(self._code, place.group().rstrip(":")) or last
        return last

    def _stated_above(self, text: str, segments: Segments, start: int, known: _Above) -> StatedUnit | None:
        """Return the unit stated over a line; `known` holds what was found from the line above on."""
        if start == 0:
            return None
        nearest = segments.line(start - 1)
        if nearest not in known:
            known[nearest] = self._stated_from(text, segments, *nearest)
        return known[nearest]

    def _stated_from(self, text: str, segments: Segments, start: int, end: int) -> StatedUnit | None:
        for _ in range(_LINES_BACK):
            line = text[start : min(end, start + _LONGEST_LINE)].strip()
            if line.endswith(_LEAD_IN_ENDS) and (stated := self._stated_in(line)) is not None:
                return stated
            if line.startswith("#") or start == 0:
                break
            start, end = segments.line(start - 1)
        return None

    @staticmethod
    def _earlier(start: int, kept: list[Mention]) -> Mention | None:
        """Return the measured amount before a number whose unit it leaves out: a rate where there is one."""
        near = [other for other in kept[-_BACK:] if other.start >= start and _is_measured(other)]
        rates = [other for other in near if "/" in (other.unit or "")]
        chosen = rates or near
        return chosen[-1] if chosen else None

    def _unit(self, text: str, sentence_start: int, mention: Mention, earlier: Mention | None) -> str | None:
        back = _BACK if mention.value_max is None else 2 * _BACK
        before = text[max(sentence_start, mention.start - back) : mention.start]
        if mention.value == 0 and self._share.search(before):
            return "percent"
        if self._dimensionless.search(before):
            return "dimensionless"
        if self._is_ended(text, mention) and mention.value != mention.value.to_integral_value():
            return "dimensionless"
        if mention.op is None or mention.weak or mention.cue_start is None:
            return None
        if mention.value != mention.value.to_integral_value():
            return "dimensionless"
        after = text[mention.end : mention.end + _AHEAD]
        if self._age.match(after):
            return "year"
        if self._person.search(before) or self._person.match(after.lstrip()):
            return "person"
        if self._piece.match(after):
            return "piece"
        return earlier.unit if earlier is not None else "dimensionless"


def _is_measured(mention: Mention) -> bool:
    return mention.unit is not None and mention.unit not in _COUNTS and not is_time(mention.unit)
