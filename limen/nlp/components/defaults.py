"""Tells which operator is usual for what a number is about, where the text leaves it out or a prohibition turns it round."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from spacy.tokens import Doc

from limen.domain.threshold import Comparator
from limen.nlp.dimensions import unit_kinds
from limen.nlp.language_data import load_grammar
from limen.nlp.mention import Mention
from limen.nlp.segments import Segments

_AFTER = 80
"""Code points behind a number that a rule of this scope looks at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Gives `op` to mentions of the `kinds` whose operator is in `when`, if `pattern` matches in `scope`.

    `when` holds comparators, "none" (the text has none) and "weak" (a noun or a lead-in gave it).
    """

    pattern: re.Pattern[str]
    scope: str
    kinds: frozenset[str]
    when: frozenset[str]
    op: Comparator

    @classmethod
    def of(cls, entry: dict[str, Any]) -> Rule:
        """Read a rule of `defaults.toml`."""
        return cls(
            pattern=re.compile(entry["pattern"], re.IGNORECASE),
            scope=entry["scope"],
            kinds=frozenset(entry["kinds"]),
            when=frozenset(entry["when"]),
            op=Comparator(entry["op"]),
        )


class Defaults:
    """Sets `usual` by the rules of the language, then by the direction that is usual for the unit."""

    def __init__(self, code: str) -> None:
        grammar = load_grammar(code, "defaults")
        self._rules = [Rule.of(entry) for entry in grammar["rule"]]
        self._units = {unit: Comparator(op) for op, units in grammar["units"].items() for unit in units}

    def __call__(self, doc: Doc) -> Doc:
        """Settle the operators of one text."""
        for mention in doc._.mentions:
            if mention.op is Comparator.BETWEEN:
                continue
            op = self._by_rule(doc, mention)
            if op is None and mention.op is None:
                op = self._units.get(mention.unit)
            mention.usual = op
        return doc

    def _by_rule(self, doc: Doc, mention: Mention) -> Comparator | None:
        text: str = doc._.folded
        segments: Segments = doc._.segments
        state = (
            {"none"} if mention.op is None else {"weak", f"weak {mention.op}"} if mention.weak else {mention.op.value}
        )
        kinds = unit_kinds(mention.unit)
        sentence_start, sentence_end = segments.sentence(mention.start)
        clause_start, clause_end = segments.clause(mention.start)
        scopes = {
            "before": (sentence_start, mention.start),
            "near": (max(sentence_start, mention.start - 30), mention.start),
            "clause": (clause_start, clause_end),
            "after": (mention.end, min(sentence_end, mention.end + _AFTER)),
            "sentence": (sentence_start, sentence_end),
        }
        for rule in self._rules:
            if rule.when.isdisjoint(state) or rule.kinds.isdisjoint(kinds):
                continue
            low, high = scopes[rule.scope]
            if rule.pattern.search(text[low:high]):
                return rule.op
        return None
