"""Joins a lower and an upper bound of one clause into one range."""

from __future__ import annotations

import re
from decimal import Decimal

from spacy.tokens import Doc

from limen.domain.quantity import Quantity
from limen.domain.threshold import Comparator
from limen.nlp.dimensions import alike
from limen.nlp.language_data import load_grammar
from limen.nlp.mention import Mention

_LONGEST_GAP = 48
_PRECISION = Decimal("1e-9")


class Bounds:
    """Replaces "not less than a and not more than b" in `doc._.mentions` by one `between`."""

    def __init__(self, code: str) -> None:
        self._gap = re.compile(load_grammar(code, "ranges")["bounds_gap"], re.IGNORECASE)

    def __call__(self, doc: Doc) -> Doc:
        """Join the bounds of one text."""
        text: str = doc._.folded
        joined: list[Mention] = []
        for mention in doc._.mentions:
            if joined and self._belong(text, joined[-1], mention):
                joined[-1] = _merge(joined[-1], mention)
            else:
                joined.append(mention)
        doc._.mentions = joined
        return doc

    def _belong(self, text: str, first: Mention, second: Mention) -> bool:
        if first.op is None or second.op is None or first.weak or second.weak:
            return False
        opposite = (first.op.is_lower_bound and second.op.is_upper_bound) or (
            first.op.is_upper_bound and second.op.is_lower_bound
        )
        if not opposite or not (None in {first.unit, second.unit} or alike(first.unit, second.unit)):
            return False
        if first.unit is not None and second.unit is not None and first.unit != second.unit:
            return self._in_one_unit(text, first, second)
        return self._is_band(text, first, second)

    def _in_one_unit(self, text: str, first: Mention, second: Mention) -> bool:
        """Restate the second bound in the unit of the first ("six months ... two years") if the two make a range."""
        assert first.unit is not None
        assert second.unit is not None
        restated = Quantity(value=second.value, unit=second.unit).to(first.unit).value
        kept = second.value, second.unit
        second.value, second.unit = restated.quantize(_PRECISION).normalize() + 0, first.unit
        if self._is_band(text, first, second):
            return True
        second.value, second.unit = kept
        return False

    def _is_band(self, text: str, first: Mention, second: Mention) -> bool:
        assert first.op is not None
        low, high = sorted((first.value, second.value))
        is_band = low < high and (first.value == low) == first.op.is_lower_bound
        gap = text[first.end : second.start]
        # "Below 0 °C or above 75 °C" names both sides outside of one band.
        is_outside = first.value == low < high and first.op.is_upper_bound and " or " in gap
        return (is_band or is_outside) and len(gap) <= _LONGEST_GAP and self._gap.fullmatch(gap) is not None


def _merge(first: Mention, second: Mention) -> Mention:
    second.value, second.value_max = sorted((first.value, second.value))
    second.op = Comparator.BETWEEN
    second.unit = second.unit or first.unit
    second.cue_start = min(first.start, first.start if first.cue_start is None else first.cue_start)
    second.start = first.start
    return second
