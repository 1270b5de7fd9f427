"""Makes a rate of an amount whose divisor opens its sentence or its list: "For every tonne of ore, USD 5 is due"."""

from __future__ import annotations

import re

from spacy.tokens import Doc

from limen.nlp.dimensions import CURRENCIES, dimension, is_time
from limen.nlp.language_data import load_grammar
from limen.nlp.measures import unit_reader
from limen.nlp.mention import Mention
from limen.nlp.structure import BlockKind

_UNDIVIDED = frozenset({"piece", "person", "vehicle", "times", "enterprise", "percent", "permille", "dimensionless"})
_AMOUNTS = frozenset(
    {
        "kilogram",
        "meter ** 3",
        "kilogram * meter ** 2 / second ** 2",
        "meter ** 3 / second",
        "kilogram / second",
    }
)
_DIGIT = re.compile(r"\d")


class FrontRates:
    """Extends `unit` of amounts by the measure that stands before them."""

    def __init__(self, code: str) -> None:
        grammar = load_grammar(code, "rates")
        self._units = unit_reader(code)
        self._front = re.compile(grammar["front"], re.IGNORECASE)
        self._gap = re.compile(grammar["front_gap"])
        self._lead = re.compile(grammar["lead"], re.IGNORECASE)

    def __call__(self, doc: Doc) -> Doc:
        """Extend the units of one text."""
        for mention in doc._.mentions:
            unit = mention.unit
            if unit is None or mention.in_table or mention.attributive or not _is_amount(unit):
                continue
            divisor = self._in_front(doc, mention)
            if divisor is None and "/" not in unit:
                divisor = self._over_list(doc, mention)
            if divisor is not None and divisor not in unit.split("/") and not is_time(divisor):
                mention.unit = f"{unit}/{divisor}"
        return doc

    def _in_front(self, doc: Doc, mention: Mention) -> str | None:
        """Return the measure with which the sentence of a mention opens."""
        text: str = doc._.folded
        start, _ = doc._.segments.sentence(mention.start)
        for mark in self._front.finditer(text, start, mention.start):
            found = self._measure(text, mark.end())
            if found is not None and self._gap.match(text, found[1], mention.start) is not None:
                return found[0]
        return None

    def _over_list(self, doc: Doc, mention: Mention) -> str | None:
        """Return the measure in the line or heading over the list of a mention, if no amount of its own stands there."""
        structure = doc._.structure
        index = structure.block_index(mention.start)
        block = None if index is None else structure.blocks[index]
        if block is None or block.kind is not BlockKind.ITEM:
            return None
        above = block.lead_in if block.lead_in is not None else next(reversed(block.headings), None)
        lead_in = "" if above is None else structure.body(above)
        for mark in self._lead.finditer(lead_in):
            found = self._measure(lead_in, mark.end())
            if found is not None and _DIGIT.search(lead_in, 0, mark.start()) is None:
                return found[0]
        return None

    def _measure(self, text: str, position: int) -> tuple[str, int] | None:
        unit = self._units.after(text, position, rated=False)
        return None if unit is None or unit.name in _UNDIVIDED else (unit.name.replace("*", "/"), unit.end)


def _is_amount(unit: str) -> bool:
    """Tell whether a unit is one of money or matter, or of a flow of it."""
    return unit in CURRENCIES or dimension(unit) in _AMOUNTS
