"""The language-independent id of what a number limits."""

from __future__ import annotations

from spacy.tokens import Doc

from limen.nlp.lexicon.metrics import metric_lexicon


class MetricIds:
    """Sets `metric_id` of every mention whose metric the lexicon knows. Runs after metrics are linked."""

    def __init__(self, code: str) -> None:
        """Take the lexicon's names in a language."""
        self._code = code
        self._lexicon = metric_lexicon()

    def __call__(self, doc: Doc) -> Doc:
        """Name the metrics of one text."""
        for mention in doc._.mentions:
            if mention.metric and mention.unit and mention.metric_id is None:
                mention.metric_id = self._lexicon.find(mention.metric, self._code, unit=mention.unit)
        return doc
