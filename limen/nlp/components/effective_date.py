"""The day from which a rule holds, where its text prints one."""

from __future__ import annotations

import re
from datetime import date

from spacy.tokens import Doc

from limen.nlp.dates import date_reader
from limen.nlp.language_data import load_grammar
from limen.nlp.segments import Segments

_NEAR = 60


class EffectiveDate:
    """Sets `doc._.effective_on`: a `date`, or None where no day is printed ("from the day of publication")."""

    def __init__(self, code: str) -> None:
        """Compile the patterns of a language. Raises `FileNotFoundError` if it has none."""
        patterns = load_grammar(code, "deadlines")["effective"]
        self._dates = date_reader(code)
        self._before, self._after, self._blocked = (
            re.compile(patterns[name], re.IGNORECASE) for name in ("before", "after", "blocked")
        )

    def __call__(self, doc: Doc) -> Doc:
        """Set the date of one text."""
        doc._.effective_on = self.find(doc._.folded)
        return doc

    def find(self, text: str) -> date | None:
        """Return the first day on which a folded text says that the rule takes effect, or None."""
        segments = Segments.of(text)
        for printed in self._dates.read(text):
            day = printed.on()
            if day is None:
                continue
            start, end = segments.sentence(printed.start)
            before = text[max(start, printed.start - _NEAR) : printed.start]
            after = text[printed.end : min(end, printed.end + _NEAR)]
            if (self._before.search(before) or self._after.match(after)) and not self._blocked.search(before):
                return day
        return None
