"""Cuts the quote of each mention: the shortest stretch that holds operator, number and unit."""

from __future__ import annotations

from spacy.tokens import Doc

_LONGEST = 160


class Quotes:
    """Sets `quote_start` and `quote_end` of each mention."""

    def __init__(self, code: str) -> None:
        """Take the language code, as every component does; quotes are the same in all languages."""

    def __call__(self, doc: Doc) -> Doc:
        """Cut the quotes of one text."""
        for mention in doc._.mentions:
            start, end = mention.start, max(mention.end, mention.unit_end)
            if mention.cue_start is not None and mention.cue_end is not None:
                start, end = min(start, mention.cue_start), max(end, mention.cue_end)
            elif mention.cue_start is not None:
                start = min(start, mention.cue_start)
            if end - start > _LONGEST:
                start, end = mention.start, mention.end
            mention.quote_start, mention.quote_end = start, end
        return doc
