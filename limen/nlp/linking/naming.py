"""Turns a stretch of words into the name of a metric, as regulators write it."""

from __future__ import annotations

import re

from limen.domain.threshold import Comparator
from limen.nlp.language_data import load_grammar
from limen.nlp.linking.case import Case

_MARKS = re.compile(r"\*\*|__|\s*\n\s*")
_BLANKS = re.compile(r"\s{2,}")


def clean(text: str) -> str:
    """Return a stretch of the text on one line and without signs of emphasis."""
    return _BLANKS.sub(" ", _MARKS.sub(" ", text)).strip(" *_\"'“”")


class Naming:
    """Names what is measured as a noun: "extraction in the Union" for "extracted in", "reporting time" for "report within"."""

    def __init__(self, code: str) -> None:
        grammar = load_grammar(code, "chunks")
        naming = grammar["naming"]
        self._temporal = re.compile(naming["temporal"], re.IGNORECASE)
        self._periodic = re.compile(naming["periodic"], re.IGNORECASE)
        self._forms: dict[str, str] = {kind: naming[kind] for kind in ("frequency", "interval", "limit")}
        self._nominal: dict[str, str] = grammar.get("nominal", {})
        classes = grammar["classes"]
        self._no_head = frozenset(
            form for kind in ("of", "for", "preposition", "article") for form in classes.get(kind, ())
        )

    def metric(self, case: Case, stretch: str, quote: str) -> str:
        """Return the name of the metric for a stretch. `quote` is the number with its unit and operator."""
        name = clean(stretch)
        kind = self._kind(case, quote)
        words = name.split(" ")
        if kind is None or self._temporal.search(name):
            # A participle before a noun stays one: "recycled content".
            if len(words) == 1 or words[1].lower() in self._no_head:
                words[0] = self._nominal.get(words[0].lower(), words[0])
            return " ".join(words)
        words = [self._nominal.get(word.lower(), word) for word in words]
        return self._forms[kind].format(" ".join(words))

    def _kind(self, case: Case, quote: str) -> str | None:
        if case.dimension == "frequency":
            return "frequency"
        if case.dimension != "time":
            return None
        if self._periodic.search(quote):
            return "interval"
        return "limit" if case.mention.op in (Comparator.AT_MOST, Comparator.LESS_THAN) else None
