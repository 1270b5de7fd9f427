"""Takes the old value that stands behind the new one ("5 %, up from 3", "12 years instead of 30") out of the mentions."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import zip_longest

from spacy.tokens import Doc

from limen.domain.quantity import Quantity
from limen.nlp.dimensions import alike
from limen.nlp.former_words import former_words
from limen.nlp.language_data import load_grammar
from limen.nlp.mention import Mention

_LONGEST_GAP = 64


class Previous:
    """Sets `previous` and drops the mention of the old value."""

    def __init__(self, code: str) -> None:
        self._listed = former_words(code).listed
        self._gap = re.compile(load_grammar(code, "ranges")["old_gap"], re.IGNORECASE)

    def __call__(self, doc: Doc) -> Doc:
        """Find the old values of one text."""
        text: str = doc._.folded
        kept: list[Mention] = []
        for mention, following in zip_longest(doc._.mentions, doc._.mentions[1:]):
            new = kept[-1] if kept else None
            # the old values of a list ("from 3 % and 8 %") are told apart when all have their units
            listed = following is not None and self._listed.fullmatch(text, mention.end, following.start)
            if new is None or listed or not self._is_old(text, new, mention):
                kept.append(mention)
                continue
            new.previous = restated(new, mention)
        doc._.mentions = kept
        return doc

    def _is_old(self, text: str, new: Mention, old: Mention) -> bool:
        if new.previous is not None or old.value_max is not None:
            return False
        gap = text[new.end : old.start]
        if len(gap) > _LONGEST_GAP or not self._gap.fullmatch(gap):
            return False
        if new.unit is None:
            new.unit, new.note = old.unit, old.note
        return new.unit is not None and (old.unit is None or same_kind(new.unit, old.unit))


def same_kind(new: str, old: str) -> bool:
    """Tell whether an old value in a unit can be that of a new one in another: "$80 a ton, down from $180"."""
    return alike(new, old) or new.startswith(f"{old}/")


def restated(new: Mention, old: Mention) -> Decimal:
    """Return the old value in the unit of the new one; a bare one is in that unit as it is written, cents for cents."""
    value = old.value if old.unit is not None else old.value * new.factor / new.count
    if old.unit is None and old.scale == 1 and new.scale != 1 and value < new.scale:
        value *= new.scale
    if old.unit is None or new.unit is None or old.unit == new.unit or not alike(old.unit, new.unit):
        return value
    return Quantity(value=value, unit=old.unit).to(new.unit).value
