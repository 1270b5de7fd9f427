"""Gives a number that stands alone the unit that it shares with its sibling: "200 mg/kg for lead and 150 for zinc"."""

from __future__ import annotations

import re
from bisect import bisect_left

from spacy.tokens import Doc

from limen.nlp.components.counts import Counts
from limen.nlp.dimensions import CURRENCIES, is_time
from limen.nlp.language_data import load_grammar
from limen.nlp.measures import unit_reader
from limen.nlp.mention import Mention
from limen.nlp.segments import Segments

_NAMED = re.compile(r"\b(?:in|as) (?=\S)|, (?=\S)|\((?=\S)")
_PREPOSITION = re.compile(r"\b(after|within|every|from|by|under|below|over|above|in|at) $")
_CLAUSE_ENDS = frozenset(",;:")
_LETTER = re.compile(r"[A-Za-zſ\u212a]")
_WORD = 8
_BACK = 90
_MILLION = 1_000_000
_AHEAD = 60
_FAR = 400
_SIBLINGS = 6
_OLDEST = 100
_CALENDAR = frozenset({"day", "week", "month", "year"})
_COUNTED = frozenset({"piece", "person", "vehicle", "enterprise", "times"})


class EllipticUnits:
    """Sets `unit` of mentions that have none, from ages and plain figures, siblings, the paragraph and the lead-in."""

    def __init__(self, code: str) -> None:
        grammar = load_grammar(code, "counts")
        names = (
            "age",
            "age_after",
            "plain_after",
            "time_before",
            "verb_after",
            "open_after",
            "pronoun_after",
            "per_thing",
            "fewer",
            "fewer_after",
            "money_scale",
        )
        self._is = {name: re.compile(grammar[name], re.IGNORECASE) for name in names}
        self._counts, self._units = Counts(code), unit_reader(code)
        self._label, self._number_of = re.compile(grammar["label"]), re.compile(grammar["number_of"], re.IGNORECASE)
        self._plain = re.compile(grammar["plain_noun"])
        self._money = re.compile(grammar["money_noun"], re.IGNORECASE)
        self._age = re.compile(grammar["age_noun"], re.IGNORECASE)
        self._person = re.compile(grammar["person_noun"], re.IGNORECASE)
        self._links = re.compile(grammar["links"], re.IGNORECASE)

    def __call__(self, doc: Doc) -> Doc:
        """Settle the elliptic numbers of one text."""
        text: str = doc._.folded
        segments: Segments = doc._.segments
        settled: list[Mention] = []
        money = [other for other in doc._.mentions if (other.unit or "").partition("/")[0] in CURRENCIES]
        for mention in doc._.mentions:
            start, _ = segments.sentence(mention.start)
            worded = _LETTER.search(text, max(start, mention.start - 2 * _BACK), mention.end + _AHEAD) is not None
            is_age = worded and self._is_age(text, start, mention)
            if not mention.in_table and (mention.unit is None or is_age):
                paid = None if mention.unit is not None else self._paid(text, start, mention, money, worded=worded)
                mention.unit = paid or ("year" if is_age else self._unit(text, start, mention, settled, worded=worded))
            if (
                mention.in_table
                and mention.divisor is not None
                and mention.unit is not None
                and "/" not in mention.unit
            ):
                mention.unit = f"{mention.unit}/{mention.divisor}"
            if mention.unit is not None and not mention.in_table:
                settled.append(mention)
        return doc

    def _is_age(self, text: str, start: int, mention: Mention) -> bool:
        if mention.unit not in {None, "piece"} or not 0 < mention.value < _OLDEST:
            return False
        before = text[max(start, mention.start - _BACK) : mention.start]
        return (mention.unit is None and self._is["age"].search(before) is not None) or (
            self._is["age_after"].search(text[mention.end : mention.end + _AHEAD]) is not None
        )

    def _unit(self, text: str, start: int, mention: Mention, settled: list[Mention], *, worded: bool) -> str | None:
        """Return the unit of a number that is no age. Where no word stands around it (`worded`), none is looked for."""
        before = text[max(start, mention.start - _BACK) : mention.start]
        after = text[mention.end : mention.end + _AHEAD]
        sibling = self._sibling(text, start, before, settled)
        if mention.divisor is not None:
            return self._divided(mention.divisor, sibling)
        if worded:
            own = self._own(text, start, after, mention, sibling)
        else:
            own = self._stated(text, start, mention, sibling) if "(" in before or ", " in before else None
        if own is not None:
            return own
        if sibling is not None and self._fits(mention, sibling):
            mention.value *= sibling.factor / sibling.count
            return self._level(text, before, sibling)
        if self._is["open_after"].search(after) is None and mention.op is None:
            return None
        near = self._from_paragraph(mention, settled)
        if near is not None:
            return near
        if mention.value != mention.value.to_integral_value():
            return "dimensionless"
        return "piece" if self._is["verb_after"].search(after) and mention.value > 1 else None

    def _own(self, text: str, start: int, after: str, mention: Mention, sibling: Mention | None) -> str | None:
        """Return the unit that the number's own surroundings give, whatever its siblings are, or None."""
        if self._is["per_thing"].search(after) or (mention.spelled and self._is["pronoun_after"].search(after)):
            return None if sibling is not None and sibling.unit in CURRENCIES else "piece"
        if self._is["plain_after"].search(after):
            return "dimensionless"
        if self._is["money_scale"].search(text[mention.start : mention.end]):
            return "INR"
        if self._is_few(text, start, after, mention) and not (sibling is not None and is_time(sibling.unit)):
            return self._noun(text, start, mention, sibling) or "piece"
        noun = self._noun(text, start, mention, sibling) or self._counted(text, start, mention, sibling)
        if noun is not None:
            return noun
        if self._is["verb_after"].search(after) and mention.value > 1 and mention.spelled:
            return "piece"
        return self._stated(text, start, mention, sibling)

    def _paid(self, text: str, start: int, mention: Mention, money: list[Mention], *, worded: bool) -> str | None:
        """Return the text's currency for a number right behind what is paid, or for bare millions; else None."""
        linked = False
        low = max(start, mention.start - _BACK) if worded else mention.start
        for match in self._money.finditer(text, low, mention.start):
            linked = self._links.fullmatch(text, match.end(), mention.start) is not None
        if not linked and mention.scale < _MILLION:
            return None
        if not money:
            return None
        place = bisect_left(money, mention.start, key=_start_of)
        nearest = money[max(0, place - 1)]
        if linked or nearest.scale >= _MILLION or nearest.value >= _MILLION:
            return f"{(nearest.unit or '').partition('/')[0]}{f'/{mention.divisor}' if mention.divisor else ''}"
        return None

    def _is_few(self, text: str, start: int, after: str, mention: Mention) -> bool:
        before = text[max(start, mention.start - _BACK) : mention.start]
        whole = mention.value == mention.value.to_integral_value()
        return whole and (
            self._is["fewer"].search(before) is not None or self._is["fewer_after"].search(after) is not None
        )

    @staticmethod
    def _level(text: str, before: str, sibling: Mention) -> str | None:
        """Return the sibling's unit, without its period where that was a step: "by 5 % a year to 50"."""
        step = before.endswith(" to ") and text[max(0, sibling.start - 4) : sibling.start].endswith("by ")
        numerator, _, divisor = (sibling.unit or "").partition("/")
        return numerator if step and is_time(divisor) else sibling.unit

    def _noun(self, text: str, start: int, mention: Mention, sibling: Mention | None) -> str | None:
        """Return the unit that a noun before the number gives: no dimension, or persons."""
        low = max(start, mention.start - _BACK, sibling.end if sibling is not None else 0)
        kinds = ((self._plain, "dimensionless"), (self._age, "year"), (self._person, "person"))
        for pattern, unit in kinds:
            last = None
            for match in pattern.finditer(text, low, mention.start):
                last = match
            if last is None:
                continue
            between = text[last.end() : mention.start]
            linked = self._links.fullmatch(between) is not None
            if linked or (unit == "dimensionless" and (sibling is None or _CLAUSE_ENDS.isdisjoint(between))):
                return unit if unit == "dimensionless" or mention.value == mention.value.to_integral_value() else None
        return None

    def _counted(self, text: str, start: int, mention: Mention, sibling: Mention | None) -> str | None:
        """Return the unit of what a label or "number of" before the number counts, or None."""
        if mention.value != mention.value.to_integral_value():
            return None
        low = max(start, mention.start - _BACK)
        cue = mention.start if mention.cue_start is None else min(mention.start, mention.cue_start)
        label = self._label.search(text[low : max(low, cue)])
        if label is None and sibling is None:
            label = self._number_of.search(text, low, mention.start)
        if label is None:
            return None
        words = label["noun"].lower().split()
        named = self._counts.plural_unit(words)
        return named if named is not None or label.re is self._label else "piece"

    def _stated(self, text: str, start: int, mention: Mention, sibling: Mention | None) -> str | None:
        """Return the unit that the sentence names before its numbers: "in mg per kg of dry substance, 150 for zinc"."""
        low = max(start, mention.start - 2 * _BACK, sibling.end if sibling is not None else 0)
        for place in _NAMED.finditer(text, low, mention.start):
            unit = self._units.after(text, place.end())
            if unit is not None and unit.end <= mention.start and ("/" in unit.name or unit.name in CURRENCIES):
                return unit.name
        return None

    def _sibling(self, text: str, start: int, before: str, settled: list[Mention]) -> Mention | None:
        """Return the earlier number of the sentence whose unit a bare one repeats.

        It is the nearest, but the nearest time behind "every", the one behind the same preposition if any ("80 % after
        1,000 cycles and 70 after 1,500"), and no time by the way where a limit precedes it.
        """
        siblings = [other for other in settled[-_SIBLINGS:] if other.start >= start and not other.attributive]
        siblings.reverse()
        if not siblings:
            return None
        if self._is["time_before"].search(before):
            return next((other for other in siblings if is_time(other.unit)), siblings[0])
        word = _PREPOSITION.search(before)
        for other in siblings:
            earlier = _PREPOSITION.search(text, max(start, other.start - _WORD), other.start)
            if word is not None and earlier is not None and earlier[1] == word[1]:
                return other
        nearest = siblings[0]
        if is_time(nearest.unit) and nearest.op is None:
            return next((other for other in siblings if other.op is not None and not is_time(other.unit)), nearest)
        return nearest

    @staticmethod
    def _fits(mention: Mention, sibling: Mention) -> bool:
        whole = mention.value == mention.value.to_integral_value()
        return whole or (sibling.unit not in _COUNTED and sibling.unit not in _CALENDAR)

    @staticmethod
    def _divided(divisor: str, sibling: Mention | None) -> str:
        if sibling is None or sibling.unit is None:
            return f"1/{divisor}" if is_time(divisor) else f"piece/{divisor}"
        numerator, _, own = sibling.unit.partition("/")
        if is_time(divisor) and is_time(numerator) and not own:
            return f"1/{divisor}"
        if own and not is_time(divisor) and own != divisor and is_time(own):
            return f"piece/{divisor}"
        if not own and not is_time(divisor) and numerator in {"percent", "degC"}:
            return f"piece/{divisor}"
        return f"{numerator}/{divisor}"

    def _from_paragraph(self, mention: Mention, settled: list[Mention]) -> str | None:
        """Return the unit of the lead-in or heading, or of the nearest limit above."""
        low = max(0, mention.start - _FAR)
        for other in reversed(settled[-_SIBLINGS:]):
            if other.start < low:
                break
            if not other.attributive and self._fits(mention, other) and (mention.op is None or other.op is not None):
                return other.unit
        return None


def _start_of(mention: Mention) -> int:
    return mention.start
