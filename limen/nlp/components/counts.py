"""Gives a number without a unit of measure the unit of what it counts: persons, vehicles, pieces, events in a period."""

from __future__ import annotations

import re

from spacy.tokens import Doc

from limen.nlp.dimensions import is_time
from limen.nlp.language_data import load_grammar
from limen.nlp.measures import unit_reader
from limen.nlp.mention import Mention

_WORD = re.compile(r"[ -]?([A-Za-z][\w'/-]{0,40})")
_UNITS = re.compile(r" units\b")
_TIMES = re.compile(r" times\b")
_LONGEST = 4
_LONGEST_GAP = 12
_AROUND = 240
_SHORTEST_PLURAL = 4


class Counts:
    """Sets `unit` of mentions before a noun, and `divisor` of those before a bare rate ("150 a day")."""

    def __init__(self, code: str) -> None:
        grammar = load_grammar(code, "counts")
        self._units = unit_reader(code)
        self._singular = {noun: unit for unit in ("person", "vehicle") for noun in grammar[unit]}
        self._plural = {_plural(noun): unit for noun, unit in self._singular.items()}
        for unit in ("person", "vehicle", "piece"):
            self._plural |= dict.fromkeys(grammar[f"{unit}_plural"], unit)
        self._events = {form for noun in grammar["event"] for form in (noun, _plural(noun))}
        self._function = re.compile(grammar["function"], re.IGNORECASE)
        self._no_plural = re.compile(grammar["no_plural"], re.IGNORECASE)
        self._share = re.compile(grammar["share"], re.IGNORECASE)
        self._place = re.compile(grammar["place"], re.IGNORECASE)
        self._or_more = re.compile(grammar["or_more"])
        self._list_gap = re.compile(load_grammar(code, "ranges")["list_gap"], re.IGNORECASE)

    def __call__(self, doc: Doc) -> Doc:
        """Read the counts of one text."""
        text: str = doc._.folded
        mentions: list[Mention] = doc._.mentions
        for mention in mentions:
            if mention.unit is None and not (mention.value == 1 and text[max(0, mention.start - 1)] in ":/"):
                self._settle(text, mention)
            elif mention.unit is None:
                continue
            elif mention.unit.endswith("/point"):
                mention.unit = mention.unit.removesuffix("/point")
            elif mention.unit.partition("/")[0] == "point":
                self._points(text, mention)
            elif mention.unit in {"person", "vehicle", "piece"}:
                self._rate(text, mention, text[mention.unit_start : mention.unit_end])
            elif mention.unit.startswith("piece/"):
                self._event(text, mention)
        mentions = doc._.mentions = [
            mention for index, mention in enumerate(mentions) if index == 0 or mention.start >= mentions[index - 1].end
        ]
        for first, second in zip(reversed(mentions[:-1]), reversed(mentions), strict=False):
            if first.unit is None and first.divisor is None and _is_count(second.unit):
                gap = text[first.end : second.start]
                if len(gap) <= _LONGEST_GAP and self._list_gap.fullmatch(gap):
                    first.unit, first.unit_start, first.unit_end = second.unit, second.unit_start, second.unit_end
        return doc

    def _settle(self, text: str, mention: Mention) -> None:
        opened = self._or_more.match(text, mention.end)
        position = opened.end() if opened else mention.end
        counted = self._units.counted_divisor(text, position) if mention.value != 1 else None
        if counted is not None and not is_time(counted[0]):
            mention.unit, mention.end, mention.count = f"piece/{counted[0]}", counted[1], counted[2]
            mention.unit_start = mention.unit_end = mention.end
            mention.value /= counted[2]
            return
        if opened is not None and _TIMES.match(text, position):
            mention.unit = "times"
            mention.unit_start = mention.unit_end = position
            return
        rate = self._units.divisor(text, position)
        if rate is not None:
            mention.divisor = rate[0]
            if mention.spelled and is_time(rate[0]) and text.startswith(" in ", position):
                # "three in a year" happen; nothing is spent.
                mention.unit, mention.divisor, mention.frequency = f"1/{rate[0]}", None, True
            if position == mention.end:
                mention.end = rate[1]
            return
        found = self._noun(text, position, single=mention.value == 1)
        if found is None:
            return
        mention.unit, start, end = found
        mention.unit_start, mention.unit_end = start, end
        if position == mention.end:
            mention.end = end
        if mention.unit in {"person", "vehicle", "piece"}:
            self._rate(text, mention, text[start:end])

    def _points(self, text: str, mention: Mention) -> None:
        """Read points as percentage points where the text around speaks of percent, else as a count."""
        assert mention.unit is not None
        around = text[max(0, mention.start - _AROUND) : mention.end + _AROUND]
        is_place = self._place.search(text, max(0, mention.start - _AROUND), mention.start) is not None
        name = "percent" if self._share.search(around) and not is_place else "piece"
        mention.unit = mention.unit.replace("point", name, 1)

    def _event(self, text: str, mention: Mention) -> None:
        assert mention.unit is not None
        noun = _WORD.match(text, mention.unit_start)
        if noun is not None and noun[1].lower() in self._events and is_time(mention.unit.partition("/")[2]):
            mention.unit = mention.unit.replace("piece", "1", 1)
            mention.frequency = True

    def _noun(self, text: str, position: int, *, single: bool) -> tuple[str, int, int] | None:
        """Return the unit of the first noun behind a number, with its place; adjectives may stand between."""
        words: list[str] = []
        for _ in range(_LONGEST):
            found = _WORD.match(text, position)
            if found is None or self._function.fullmatch(found[1]):
                break
            start, position = found.start(1), found.end()
            words.append(found[1].lower())
            unit = self._units.after(text, start) if words[1:] else None
            if unit is not None and _is_word(text[unit.start : unit.end]) and unit.start == start:
                return unit.name.replace("point", "piece"), start, unit.end
            name = self._counted(words, single=single)
            if name is not None:
                unit_noun = _UNITS.match(text, position)
                return name, start, unit_noun.end() if unit_noun else position
        if words and (single or self._units.divisor(text, position) is not None):
            return "piece", start, position
        return None

    def plural_unit(self, words: list[str]) -> str | None:
        """Return the unit of the plural noun that ends a label, or None for any other word."""
        return self._counted(words, single=False)

    def _counted(self, words: list[str], *, single: bool) -> str | None:
        for surface in (" ".join(words[-2:]), words[-1]):
            if surface in self._plural:
                return self._plural[surface]
            if single and surface in self._singular:
                return self._singular[surface]
        word = words[-1].rpartition("-")[2]
        if word in self._plural:
            return self._plural[word]
        is_plural = word.endswith("s") and len(word) >= _SHORTEST_PLURAL and not word.endswith(("ss", "'s"))
        return "piece" if is_plural and not self._no_plural.fullmatch(word) else None

    def _rate(self, text: str, mention: Mention, noun: str) -> None:
        """Read the divisor behind a count: "500 passengers a day", "9 birds per square metre", "four landings a day"."""
        assert mention.unit is not None
        divisors: list[str] = []
        end = mention.unit_end
        counted = self._units.counted_divisor(text, end) if mention.value != 1 else None
        if counted is not None:
            mention.unit = f"{mention.unit}/{counted[0]}"
            mention.value /= counted[2]
            mention.count, mention.unit_end = counted[2], counted[1]
            mention.end = counted[1] if mention.end == end else mention.end
            return
        while len(divisors) < 2 and (rate := self._units.divisor(text, end)) is not None:
            divisors.append(rate[0])
            end = rate[1]
        if not divisors:
            return
        words = noun.lower().split()
        event = any(word in self._events for word in (noun.lower(), words[-1] if words else ""))
        unit = "1" if mention.unit == "piece" and event and is_time(divisors[0]) else mention.unit
        mention.unit = "/".join([unit, *divisors])
        mention.end = max(mention.end, end) if mention.end == mention.unit_end else mention.end
        mention.unit_end = end
        mention.frequency = unit == "1"


def _is_count(unit: str | None) -> bool:
    return unit is not None and unit.partition("/")[0] in {"person", "vehicle", "piece"}


def _is_word(written: str) -> bool:
    first = re.split(r"[ /]", written, maxsplit=1)[0]
    return first.isalpha() and len(first) >= _SHORTEST_PLURAL and first.islower()


def _plural(noun: str) -> str:
    if noun.endswith("y") and not noun.endswith(("ay", "ey", "oy")):
        return f"{noun[:-1]}ies"
    if noun.endswith(("s", "x", "ch", "sh")):
        return f"{noun}es"
    return f"{noun}s"
