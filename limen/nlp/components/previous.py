"""Takes the old value that stands behind the new one ("5 %, up from 3", "12 years instead of 30") out of the mentions."""

from __future__ import annotations

import re
from decimal import Decimal

from spacy.tokens import Doc

from limen.domain.quantity import Quantity
from limen.nlp.dimensions import alike, dimension
from limen.nlp.language_data import load_grammar
from limen.nlp.mention import Mention

_LONGEST_GAP = 64


class Previous:
    """Sets `previous` and drops the mention of the old value."""

    def __init__(self, code: str) -> None:
        self._gap = re.compile(load_grammar(code, "ranges")["old_gap"], re.IGNORECASE)

    def __call__(self, doc: Doc) -> Doc:
        """Find the old values of one text."""
        text: str = doc._.folded
        kept: list[Mention] = []
        for mention in doc._.mentions:
            new = kept[-1] if kept else None
            if new is None or not self._is_old(text, new, mention):
                kept.append(mention)
                continue
            new.previous = _restated(new, mention)
        doc._.mentions = kept
        return doc

    def _is_old(self, text: str, new: Mention, old: Mention) -> bool:
        if new.unit is None or new.previous is not None or old.value_max is not None:
            return False
        if not (old.unit is None or alike(new.unit, old.unit)):
            return False
        gap = text[new.end : old.start]
        return len(gap) <= _LONGEST_GAP and self._gap.fullmatch(gap) is not None


def _restated(new: Mention, old: Mention) -> Decimal:
    """Return the old value in the unit of the new one."""
    value = old.value
    if old.unit is None and old.scale == 1 and new.scale != 1 and value < new.scale:
        value *= new.scale
    if old.unit is None or new.unit is None or old.unit == new.unit or dimension(old.unit) is None:
        return value
    return Quantity(value=value, unit=old.unit).to(new.unit).value
