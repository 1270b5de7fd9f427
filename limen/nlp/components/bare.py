"""Decides what a number without a unit is: a count, a plain figure such as a pH, or nothing we report."""

from __future__ import annotations

import re

from spacy.tokens import Doc

from limen.nlp.language_data import load_grammar
from limen.nlp.mention import Mention

_AHEAD = 48
_BACK = 40


class Bare:
    """Gives unitless mentions a unit where their own comparator or their noun warrants it, and drops the others."""

    def __init__(self, code: str) -> None:
        grammar = load_grammar(code, "comparators")["bare"]
        self._dimensionless = re.compile(grammar["dimensionless"])
        self._person = re.compile(grammar["person"], re.IGNORECASE)
        self._age = re.compile(grammar["age"], re.IGNORECASE)
        self._piece = re.compile(grammar["piece"])

    def __call__(self, doc: Doc) -> Doc:
        """Settle the bare numbers of one text."""
        text: str = doc._.folded
        kept: list[Mention] = []
        for mention in doc._.mentions:
            if mention.unit is None and not mention.in_table:
                start, _ = doc._.segments.sentence(mention.start)
                earlier = kept[-1] if kept and kept[-1].start >= start else None
                mention.unit = self._unit(text, start, mention, earlier)
            if mention.unit is not None:
                kept.append(mention)
        doc._.mentions = kept
        return doc

    def _unit(self, text: str, sentence_start: int, mention: Mention, earlier: Mention | None) -> str | None:
        back = _BACK if mention.value_max is None else 2 * _BACK
        before = text[max(sentence_start, mention.start - back) : mention.start]
        if self._dimensionless.search(before):
            return "dimensionless"
        if mention.op is None or mention.weak or mention.cue_start is None:
            return None
        if mention.value != mention.value.to_integral_value():
            return "dimensionless"
        after = text[mention.end : mention.end + _AHEAD]
        if self._age.match(after):
            return "year"
        if self._person.search(before) or self._person.match(after.lstrip()):
            return "person"
        if self._piece.match(after):
            return "piece"
        return earlier.unit if earlier is not None else "dimensionless"
