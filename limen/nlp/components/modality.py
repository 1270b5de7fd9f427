"""Decides how binding each requirement is."""

from __future__ import annotations

import re

from spacy.tokens import Doc

from limen.domain.requirement import Modality
from limen.nlp.language_data import load_grammar
from limen.nlp.segments import Segments


class ModalityRules:
    """Sets `modality` of each mention by the nearest modal word before it, or before its lead-in's end."""

    def __init__(self, code: str) -> None:
        grammar = load_grammar(code, "modality")
        self._default = Modality(grammar["default"])
        self._cues = [(re.compile(cue["pattern"], re.IGNORECASE), Modality(cue["modality"])) for cue in grammar["cue"]]

    def __call__(self, doc: Doc) -> Doc:
        """Settle the modalities of one text."""
        text: str = doc._.folded
        segments: Segments = doc._.segments
        for mention in doc._.mentions:
            start, end = segments.sentence(mention.start)
            mention.modality = (
                self._nearest(text, start, mention.start) or self._first(text, mention.end, end) or self._default
            )
        return doc

    def _nearest(self, text: str, start: int, end: int) -> Modality | None:
        found: tuple[int, Modality] | None = None
        for pattern, modality in self._cues:
            for match in pattern.finditer(text, start, end):
                if found is None or match.end() > found[0]:
                    found = (match.end(), modality)
        return found[1] if found else None

    def _first(self, text: str, start: int, end: int) -> Modality | None:
        found = [
            (match.start(), modality) for pattern, modality in self._cues if (match := pattern.search(text, start, end))
        ]
        return min(found)[1] if found else None
