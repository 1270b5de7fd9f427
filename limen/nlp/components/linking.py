"""Links each requirement to what it measures, what it is put on, and where it stands."""

from __future__ import annotations

from spacy.tokens import Doc

from limen.nlp.linking.linker import Linker, Text
from limen.nlp.linking.network import load_networks
from limen.nlp.mention import Mention


class Linking:
    """Sets `metric`, `subject` and `section` of the mentions that are requirements."""

    def __init__(self, code: str) -> None:
        """Load the networks of a language. Raises `FileNotFoundError` if it has none."""
        self._linker = Linker(code, load_networks(code))

    def __call__(self, doc: Doc) -> Doc:
        """Link the mentions of one text."""
        structure = doc._.structure
        text = Text(structure=structure, quoted=doc._.printed, title=doc._.folded_title)
        wanted: list[Mention] = sorted(
            (mention for mention in doc._.mentions if mention.is_requirement), key=lambda mention: mention.start
        )
        for case in self._linker.link(text, wanted):
            mention = case.mention
            mention.metric, mention.subject = case.metric.text or None, case.subject.text or None
            mention.metric_certainty, mention.subject_certainty = case.metric.certainty, case.subject.certainty
            mention.section = structure.section(mention.start)
        return doc
