"""Marks the numbers that are names, dates and counters, so that no later component takes them for quantities."""

from __future__ import annotations

import re

from spacy.tokens import Doc

from limen.nlp.language_data import load_grammar
from limen.nlp.occurrences import Expressions


class Masks:
    """Sets `doc._.masks`: non-overlapping half-open spans with their role, in order."""

    def __init__(self, code: str) -> None:
        entries = load_grammar(code, "masks")["mask"]
        self._roles: list[str] = [entry["role"] for entry in entries]
        self._sought = Expressions(re.compile(entry["pattern"]) for entry in entries)

    def __call__(self, doc: Doc) -> Doc:
        """Mark the spans of one text."""
        occurrences = self._sought.over(doc._.folded)
        found = sorted(
            (match.start(), -match.end(), role)
            for number, role in enumerate(self._roles)
            for match in occurrences.every(number)
            if match.end() > match.start()
        )
        masks: list[tuple[int, int, str]] = []
        for start, negative_end, role in found:
            if not masks or start >= masks[-1][1]:
                masks.append((start, -negative_end, role))
        doc._.masks = masks
        return doc
