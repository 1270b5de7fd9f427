"""Tells whose money a text means by "$", "cents" and "pounds", and reads amounts in hundredths: "40 euro cents a litre"."""

from __future__ import annotations

import re
from decimal import Decimal

from spacy.tokens import Doc

from limen.nlp.language_data import load_grammar
from limen.nlp.measures import unit_reader
from limen.nlp.mention import Mention

_HUNDREDTH = Decimal("0.01")
_BACK = 60
_LONGEST = 24


class Money:
    """Sets the currency in `unit` of mentions by the country of the text."""

    def __init__(self, code: str) -> None:
        grammar = load_grammar(code, "units")["money"]
        self._units = unit_reader(code)
        self._dollars = [(entry["unit"], re.compile(entry["markers"])) for entry in grammar["dollar"]]
        self._foreign = re.compile(grammar["foreign"])
        self._cents = [(entry["unit"], re.compile(rf" ?{entry['pattern']}(?![A-Za-z])")) for entry in grammar["cents"]]
        self._local = [(unit, re.compile(pattern)) for unit, pattern in grammar["local"]]
        self._rand = re.compile(grammar["rand"])
        pound = grammar["pound"]
        self._pound, self._pound_unit = re.compile(pound["word"]), pound["unit"]
        self._pound_near = re.compile(pound["near"], re.IGNORECASE)
        self._pound_text, self._weight = re.compile(pound["markers"]), re.compile(pound["weight"], re.IGNORECASE)

    def __call__(self, doc: Doc) -> Doc:
        """Settle the currencies of one text."""
        text: str = doc._.folded
        whole = f"{doc._.folded_title}\n{text}"
        dollar = "USD"
        if not self._foreign.search(whole):
            dollar = next((unit for unit, markers in self._dollars if markers.search(whole)), "USD")
        local = next((unit for unit, markers in self._local if markers.search(whole)), dollar)
        british = self._pound_text.search(whole) is not None
        rand = self._rand.search(whole) is not None
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
                start, end = doc._.segments.sentence(mention.start)
                low, high = max(start, mention.start - _BACK), min(end, mention.end + _BACK)
                money = british or self._pound_near.search(text, start, mention.start) is not None
                if money and not self._weight.search(text, low, high):
                    mention.unit = mention.unit.replace("lb", self._pound_unit, 1)
            if written == "R" and not rand:
                continue
            kept.append(mention)
        doc._.mentions = kept
        return doc

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
