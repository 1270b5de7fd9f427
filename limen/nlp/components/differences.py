"""Tells a difference of temperatures from a temperature: "within 2 °C of the set point", "5 K above ambient", "±0.5 °C"."""

from __future__ import annotations

import re

from spacy.tokens import Doc

from limen.nlp.language_data import load_grammar
from limen.nlp.mention import Mention

_BACK = 70
_AHEAD = 60
_NEAR = 30


class Differences:
    """Sets the unit of differences in degrees to the one in which they can be compared."""

    def __init__(self, code: str) -> None:
        grammar = load_grammar(code, "rates")["difference"]
        self._readings = {
            entry["unit"]: (entry["name"], re.compile(entry["sentence"], re.IGNORECASE))
            for entry in load_grammar(code, "rates")["reading"]
        }
        self._units: dict[str, str] = grammar["units"]
        self._before = re.compile(grammar["before"], re.IGNORECASE)
        self._after = re.compile(grammar["after"], re.IGNORECASE)
        self._sentence = re.compile(grammar["sentence"], re.IGNORECASE)

    def __call__(self, doc: Doc) -> Doc:
        """Settle the degrees of one text."""
        last: tuple[str, int] | None = None
        for mention in doc._.mentions:
            if mention.unit in self._readings:
                self._reread(doc, mention)
            if mention.unit not in self._units:
                continue
            shared = last is not None and last[0] == mention.unit and mention.start - last[1] <= _NEAR
            if shared or self._is_difference(doc, mention):
                last = mention.unit, mention.end
                mention.unit = self._units[mention.unit]
        return doc

    def _reread(self, doc: Doc, mention: Mention) -> None:
        assert mention.unit is not None
        name, sentence = self._readings[mention.unit]
        if sentence.search(doc._.folded, *doc._.segments.sentence(mention.start)):
            mention.unit = name

    def _is_difference(self, doc: Doc, mention: Mention) -> bool:
        text: str = doc._.folded
        start, _ = doc._.segments.sentence(mention.start)
        if mention.value_max is not None and mention.value == -mention.value_max:
            return True
        before = text[max(start, mention.start - _BACK) : mention.start]
        after = text[mention.end : mention.end + _AHEAD]
        clause = text[slice(*doc._.segments.clause(mention.start))]
        return (
            self._before.search(before) is not None
            or self._after.search(after) is not None
            or self._sentence.search(clause) is not None
        )
