"""Finds the numbers of a text."""

from __future__ import annotations

from spacy.tokens import Doc

from limen.nlp.numerals import Numeral, numeral_reader


class Numerals:
    """Sets `doc._.numerals`: every number outside of the masked spans, in order."""

    def __init__(self, code: str) -> None:
        self._reader = numeral_reader(code)

    def __call__(self, doc: Doc) -> Doc:
        """Find the numbers of one text."""
        numerals: list[Numeral] = []
        masks, index = doc._.masks, 0
        for numeral in self._reader.read(doc._.folded):
            while index < len(masks) and masks[index][1] <= numeral.start:
                index += 1
            if index == len(masks) or numeral.end <= masks[index][0]:
                numerals.append(numeral)
        doc._.numerals = numerals
        return doc
