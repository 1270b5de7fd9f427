"""Sets aside the quantities whose unit no registry knows."""

from __future__ import annotations

from spacy.tokens import Doc

from limen.nlp.dimensions import dimension
from limen.nlp.mention import Mention


class UnknownUnits:
    """Keeps in `doc._.mentions` what can be compared, and puts the rest in `doc._.unreadable`."""

    def __init__(self, code: str) -> None:
        """Take the language code, as every component does; units mean the same in all languages."""

    def __call__(self, doc: Doc) -> Doc:
        """Sort the mentions of one text."""
        mentions: list[Mention] = doc._.mentions
        doc._.mentions = [mention for mention in mentions if _is_known(mention.unit)]
        doc._.unreadable = [mention for mention in mentions if not _is_known(mention.unit)]
        return doc


def _is_known(unit: str | None) -> bool:
    return dimension(unit) is not None
