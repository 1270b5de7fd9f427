"""Finds the numbers of a text."""

from __future__ import annotations

import re
from dataclasses import replace

from spacy.tokens import Doc

from limen.nlp.numerals import Numeral, numeral_reader

_OPENED = re.compile(r" ?\(")


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
                if numerals and _is_restated(doc._.folded, numerals[-1], numeral):
                    numerals[-1] = replace(numerals[-1], end=numeral.end + 1)
                else:
                    numerals.append(numeral)
        doc._.numerals = numerals
        return doc


def _is_restated(text: str, first: Numeral, second: Numeral) -> bool:
    """Tell whether the second is the first again in brackets: "thirty (30) days", "35 (thirty-five) percent"."""
    return (
        first.value == second.value
        and first.spelled != second.spelled
        and text[second.end : second.end + 1] == ")"
        and _OPENED.fullmatch(text, first.end, second.start) is not None
    )
