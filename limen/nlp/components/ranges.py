"""Joins two numbers into one range, tolerance, ratio or change from an old value to a new one."""

from __future__ import annotations

import re
from decimal import Decimal

from spacy.tokens import Doc

from limen.domain.threshold import Comparator
from limen.nlp.language_data import load_grammar
from limen.nlp.mention import Mention
from limen.nlp.segments import Segments

_BACK = 24
_LONGEST_GAP = 32
_LARGEST_DENOMINATOR = 10


class Ranges:
    """Replaces pairs in `doc._.mentions` by one mention each."""

    def __init__(self, code: str) -> None:
        grammar = load_grammar(code, "ranges")
        self._is = {
            name: re.compile(grammar[name], re.IGNORECASE)
            for name in (
                "range_gap", "opened_gap", "opener", "tolerance_gap", "tolerance_sign",
                "ratio_gap", "ratio_cue", "from_word", "change_gap", "change_verb",
            )
        }  # fmt: skip

    def __call__(self, doc: Doc) -> Doc:
        """Join the pairs of one text."""
        text: str = doc._.folded
        joined: list[Mention] = []
        for mention in doc._.mentions:
            previous = joined[-1] if joined else None
            pair = self._join(text, doc._.segments, previous, mention) if previous is not None else None
            if pair is None:
                joined.append(self._tolerance(text, mention))
            else:
                joined[-1] = pair
        doc._.mentions = joined
        return doc

    def _join(self, text: str, segments: Segments, first: Mention, second: Mention) -> Mention | None:
        gap = text[first.end : second.start]
        if len(gap) > _LONGEST_GAP or "\n" in gap or first.value_max is not None or first.attributive:
            return None
        before = text[max(0, first.start - _BACK) : first.start]
        if (
            self._is["ratio_gap"].fullmatch(gap)
            and first.unit is None
            and self._is_ratio(text, segments, first, second)
        ):
            return self._ratio(first, second)
        if second.unit is None and first.unit is not None and self._is["from_word"].search(before):
            # "from four percent to six"
            second.unit, second.note = first.unit, first.note
        if not _alike(first, second):
            return None
        if self._is["tolerance_gap"].fullmatch(gap):
            return _spanned(first, second, first.value - second.value, first.value + second.value)
        if first.previous is None and self._is["from_word"].search(before) and self._is["change_gap"].fullmatch(gap):
            start, _ = segments.sentence(first.start)
            if self._is["change_verb"].search(text, start, first.start):
                return _changed(first, second)
        opened = self._is["opener"].search(before) and self._is["opened_gap"].fullmatch(gap)
        if opened or self._is["range_gap"].fullmatch(gap):
            return _range(first, second)
        return None

    def _is_ratio(self, text: str, segments: Segments, first: Mention, second: Mention) -> bool:
        if second.value == 0 or second.unit not in {None, "dimensionless"}:
            return False
        written = text[first.start : second.end]
        is_clock = ":" in written and re.fullmatch(r"\d{1,2} ?: ?\d\d", written) is not None
        start, end = segments.sentence(first.start)
        cued = self._is["ratio_cue"].search(text, start, end) is not None
        if "/" in written and first.value < second.value <= _LARGEST_DENOMINATOR and first.value >= 1:
            return True
        return cued and not (
            is_clock and not self._is["ratio_cue"].search(text, max(start, first.start - 20), first.start)
        )

    @staticmethod
    def _ratio(first: Mention, second: Mention) -> Mention:
        first.value = first.value / second.value
        first.end = first.unit_start = first.unit_end = second.end
        first.unit = "dimensionless"
        return first

    def _tolerance(self, text: str, mention: Mention) -> Mention:
        """Read "±2 %" that stands alone as the range around nought."""
        sign = self._is["tolerance_sign"].search(text, max(0, mention.start - 14), mention.start)
        if sign is not None and mention.value_max is None:
            mention.start = sign.start()
            mention.value, mention.value_max = -abs(mention.value), abs(mention.value)
            mention.op = Comparator.BETWEEN
        return mention


def _alike(first: Mention, second: Mention) -> bool:
    if first.unit is None or first.unit == second.unit:
        return True
    # "$2,500 to $25,000 per day"
    return second.unit is not None and second.unit.startswith(f"{first.unit}/")


def _spanned(first: Mention, second: Mention, low: Decimal, high: Decimal) -> Mention:
    second.start, second.value, second.value_max, second.op = first.start, low, high, Comparator.BETWEEN
    return second


def _range(first: Mention, second: Mention) -> Mention | None:
    low, high = first.value, second.value
    if first.scale == 1 and second.scale != 1 and low < high / second.scale:
        low *= second.scale
    if low >= high:
        return None
    second.previous, second.cue_start = first.previous, first.cue_start
    return _spanned(first, second, low, high)


def _changed(first: Mention, second: Mention) -> Mention:
    previous = first.value
    if first.scale == 1 and second.scale != 1 and abs(previous) < abs(second.value) / second.scale * 20:
        previous *= second.scale
    second.previous = previous
    second.cue_start = first.start
    return second
