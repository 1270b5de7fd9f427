"""Gives an amount the divisor that its sibling states: "4 yuan a tonne for open pits and 8 yuan for underground ones"."""

from __future__ import annotations

import re

from spacy.tokens import Doc

from limen.domain.threshold import Comparator
from limen.nlp.dimensions import CURRENCIES, dimension, is_time
from limen.nlp.language_data import load_grammar
from limen.nlp.mention import Mention
from limen.nlp.segments import Segments

_NEAREST = 5
_LONGEST_GAP = 48
_APART = 30
_BACK = 60
_REACH = 300
_AHEAD = 24
_HEADING = re.compile(r"\n#")
_HEADS = frozenset({"person", "vehicle", "piece"})


class SharedRates:
    """Extends `unit` of mentions by the divisor of an earlier amount, or of the last in their list."""

    def __init__(self, code: str) -> None:
        grammar = load_grammar(code, "rates")["shared"]
        self._alone = re.compile(grammar["alone"], re.IGNORECASE)
        self._alone_behind = re.compile(grammar["alone_behind"], re.IGNORECASE)
        self._again = re.compile(grammar["again"], re.IGNORECASE)
        self._list_gap = re.compile(grammar["list_gap"], re.IGNORECASE)

    def __call__(self, doc: Doc) -> Doc:
        """Share the divisors of one text."""
        text: str = doc._.folded
        segments: Segments = doc._.segments
        mentions: list[Mention] = [mention for mention in doc._.mentions if not mention.in_table]
        self._backward(text, mentions)
        rated: list[Mention] = []
        for mention in mentions:
            start, _ = segments.sentence(mention.start)
            if _is_plain_amount(mention):
                self._forward(text, start, mention, rated[-_NEAREST:])
            if mention.unit is not None and "/" in mention.unit:
                rated.append(mention)
        return doc

    def _forward(self, text: str, start: int, mention: Mention, rated: list[Mention]) -> None:
        for earlier in reversed(rated):
            if earlier.start < start - _REACH or _HEADING.search(text, earlier.end, mention.start):
                return
            assert earlier.unit is not None
            numerator, _, divisor = earlier.unit.partition("/")
            if numerator != mention.unit or not _is_near(earlier, mention):
                continue
            again = self._again.match(text, mention.end) is not None
            if (
                (is_time(divisor) and not again)
                or divisor in _HEADS
                or mention.op not in {None, Comparator.EQUAL, earlier.op}
            ):
                return
            stated = text[max(start, mention.start - _BACK, earlier.end) : mention.start]
            behind = text[mention.end : mention.end + _AHEAD]
            if self._alone.search(stated) is None and self._alone_behind.match(behind) is None:
                mention.unit = f"{mention.unit}/{divisor}"
                mention.value /= earlier.count
                if mention.value_max is not None:
                    mention.value_max /= earlier.count
            return

    def _backward(self, text: str, mentions: list[Mention]) -> None:
        for first, second in zip(reversed(mentions[:-1]), reversed(mentions), strict=False):
            if not _is_plain_amount(first) or second.unit is None or "/" not in second.unit:
                continue
            numerator, _, divisor = second.unit.partition("/")
            gap = text[first.end : second.start]
            same = first.unit == numerator or (second.count != 1 and not is_time(first.unit))
            if same and _is_near(second, first) and len(gap) <= _LONGEST_GAP and self._list_gap.fullmatch(gap):
                first.unit, first.count = f"{first.unit}/{divisor}", second.count
                first.value /= second.count


def _is_plain_amount(mention: Mention) -> bool:
    """Tell whether a mention is an amount of money or matter without a divisor."""
    if mention.unit is None or "/" in mention.unit or mention.attributive:
        return False
    return mention.unit in CURRENCIES or dimension(mention.unit) in {
        "kilogram",
        "meter ** 3",
        "kilogram * meter ** 2 / second ** 2",
    }


def _is_near(earlier: Mention, mention: Mention) -> bool:
    """Tell whether two amounts are of one order of size, as the steps of one tariff are."""
    first, second = abs(earlier.value * earlier.count), abs(mention.value)
    return first * _APART >= second and second * _APART >= first
