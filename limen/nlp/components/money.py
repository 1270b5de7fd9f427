"""Tells whose money a text means by "$", "cents" and "pounds", and reads amounts in hundredths: "40 euro cents a litre"."""

from __future__ import annotations

import re
from decimal import Decimal

from spacy.tokens import Doc

from limen.nlp.language_data import load_grammar
from limen.nlp.measures import unit_reader
from limen.nlp.mention import Mention
from limen.nlp.occurrences import Expressions
from limen.nlp.segments import Segments

_HUNDREDTH = Decimal("0.01")
_BACK = 60
_LONGEST = 24


class Money:
    """Sets the currency in `unit` of mentions by the country of the text."""

    def __init__(self, code: str) -> None:
        grammar = load_grammar(code, "units")["money"]
        self._units = unit_reader(code)
        self._dollars: list[str] = [entry["unit"] for entry in grammar["dollar"]]
        self._local_units: list[str] = [unit for unit, _ in grammar["local"]]
        self._cents = [(entry["unit"], re.compile(rf" ?{entry['pattern']}(?![A-Za-z])")) for entry in grammar["cents"]]
        pound = grammar["pound"]
        self._pound, self._pound_unit = re.compile(pound["word"]), pound["unit"]
        self._pound_near = re.compile(pound["near"], re.IGNORECASE)
        self._weight = re.compile(pound["weight"], re.IGNORECASE)
        markers = [grammar["foreign"], pound["markers"], grammar["rand"]]
        markers += [pattern for _, pattern in grammar["local"]] + [entry["markers"] for entry in grammar["dollar"]]
        self._markers = Expressions(map(re.compile, markers))

    def __call__(self, doc: Doc) -> Doc:
        """Settle the currencies of one text."""
        text: str = doc._.folded
        segments: Segments = doc._.segments
        if not doc._.mentions:
            return doc
        dollar, local, british, rand = self._country(doc)
        national = self._units.is_national(text)
        kept = []
        for mention in doc._.mentions:
            written = text[mention.unit_start : mention.unit_end].strip()
            if mention.unit is None:
                self._hundredths(text, mention, mention.end, local, national=national)
            elif written.lower().startswith(("euro", "us")) and mention.unit_start > mention.start:
                self._hundredths(text, mention, mention.unit_start, local, national=national)
            elif dollar != "USD" and written.startswith(("$", "dollar")):
                mention.unit = mention.unit.replace("USD", dollar, 1)
            elif self._pound.match(written):
                start, end = segments.sentence(mention.start)
                low, high = max(start, mention.start - _BACK), min(end, mention.end + _BACK)
                money = british or self._pound_near.search(text, start, mention.start) is not None
                if money and not self._weight.search(text, low, high):
                    mention.unit = mention.unit.replace("lb", self._pound_unit, 1)
            if written == "R" and not rand:
                continue
            kept.append(mention)
        doc._.mentions = kept
        return doc

    def _country(self, doc: Doc) -> tuple[str, str, bool, bool]:
        """Return whose dollar and whose cent a text means, and whether it speaks of British money and of rand."""
        title, text = doc._.folded_title, self._markers.over(doc._.folded)
        foreign, british, rand, *others = (
            text.has(number) or pattern.search(title) is not None
            for number, pattern in enumerate(self._markers.patterns)
        )
        locals_, dollars = others[: len(self._local_units)], others[len(self._local_units) :]
        dollar = next((unit for unit, is_meant in zip(self._dollars, dollars, strict=True) if is_meant), "USD")
        dollar = "USD" if foreign else dollar
        local = next((unit for unit, is_meant in zip(self._local_units, locals_, strict=True) if is_meant), dollar)
        return dollar, local, british, rand

    def _hundredths(self, text: str, mention: Mention, position: int, local: str, *, national: bool) -> None:
        for unit, pattern in self._cents:
            match = pattern.match(text, position, position + _LONGEST)
            if match is None:
                continue
            name = local if unit == "local" else unit
            name, end, count = self._units.product(text, name, match.end(), national=national)
            mention.unit, mention.end = name, end
            mention.unit_start, mention.unit_end = match.start(), end
            mention.factor = _HUNDREDTH
            mention.count = count
            mention.value *= _HUNDREDTH / count
            if mention.value_max is not None:
                mention.value_max *= _HUNDREDTH / count
            return
