"""Finds the qualifiers of each requirement: where, when and of what its number holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Doc

from limen.nlp.dimensions import alike, unit_kinds
from limen.nlp.language_data import load_grammar
from limen.nlp.linking.naming import clean
from limen.nlp.mention import Mention
from limen.nlp.structure import Sentence, Structure

_REACH = 400
"""Code points before and after a number in which its qualifiers are looked for."""


@dataclass(frozen=True, slots=True)
class _Rule:
    scope: str
    pattern: re.Pattern[str]
    unit: str


class Conditions:
    """Sets `condition` of the mentions that are requirements."""

    def __init__(self, code: str) -> None:
        """Compile the patterns of a language. Raises `FileNotFoundError` if it has none."""
        grammar = load_grammar(code, "conditions")
        self._joint: str = grammar["joint"]
        self._rules = [
            _Rule(entry["scope"], re.compile(entry["pattern"], re.IGNORECASE), entry.get("unit", "any"))
            for entry in grammar["condition"]
        ]

    def __call__(self, doc: Doc) -> Doc:
        """Find the conditions of one text."""
        wanted = [mention for mention in doc._.mentions if mention.is_requirement]
        printed: str = doc._.printed
        for number, mention in enumerate(wanted):
            parts = [mention.note] if mention.note else []
            parts += self._stated(doc, printed, mention)
            if not parts:
                parts += self._compound(doc, printed, mention, wanted[max(0, number - 1) : number + 2])
            mention.condition = self._joint.join(dict.fromkeys(parts)) or None
        return doc

    def _stated(self, doc: Doc, printed: str, mention: Mention) -> Iterator[str]:
        sentence = doc._.structure.sentence_at(mention.start)
        if sentence is None:
            return
        stretches = self._stretches(doc, sentence, mention)
        for rule in self._rules:
            if rule.unit not in unit_kinds(mention.unit):
                continue
            start, end = stretches[rule.scope]
            matches = list(rule.pattern.finditer(doc._.folded[start:end]))
            if matches:
                found = matches[-1]
                yield clean(printed[start + found.start("condition") : start + found.end("condition")])

    @staticmethod
    def _stretches(doc: Doc, sentence: Sentence, mention: Mention) -> dict[str, tuple[int, int]]:
        number = doc._.structure.clause_index(mention.start)
        clause = sentence.clauses[number or 0]
        return {
            "before": (max(sentence.span.start, mention.start - _REACH), mention.start),
            "clause": (max(clause.start, mention.start - _REACH), mention.start),
            "after": (mention.end, min(sentence.span.end, mention.end + _REACH)),
        }

    def _compound(self, doc: Doc, printed: str, mention: Mention, neighbours: list[Mention]) -> Iterator[str]:
        """Yield the other half of a limit in two measures of one clause ("≥1500 cycles with a retention of ≥80 %")."""
        for other in neighbours:
            if other is mention or other.metric is None or alike(other.unit, mention.unit) or other.in_table:
                continue
            if _same_clause(doc, mention, other):
                quote = clean(printed[other.quote_start : other.quote_end])
                yield quote if other.metric in quote else f"{other.metric} {quote}"


def _same_clause(doc: Doc, first: Mention, second: Mention) -> bool:
    structure: Structure = doc._.structure
    sentence = structure.sentence_index(first.start)
    if sentence is None or sentence != structure.sentence_index(second.start):
        return False
    return structure.clause_index(first.start) == structure.clause_index(second.start)
