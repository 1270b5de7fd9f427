"""The last day for comments, where a draft prints one."""

from __future__ import annotations

import re
from datetime import date

from spacy.tokens import Doc

from limen.nlp.dates import PrintedDate, date_reader
from limen.nlp.language_data import load_grammar
from limen.nlp.segments import Segments

_NEAR = 80
"""Code points on either side of a date in which its tie to the comments is looked for."""
_CONTEXT = 400


class CommentDeadline:
    """Sets `doc._.comment_deadline`: a `date`, or None where no day is printed."""

    def __init__(self, code: str) -> None:
        """Compile the patterns of a language. Raises `FileNotFoundError` if it has none."""
        patterns = load_grammar(code, "deadlines")["comment"]
        self._dates = date_reader(code)
        self._topic, self._before, self._label, self._after, self._blocked, self._renewed = (
            re.compile(patterns[name], re.IGNORECASE)
            for name in ("topic", "before", "label", "after", "blocked", "renewed")
        )

    def __call__(self, doc: Doc) -> Doc:
        """Set the deadline of one text."""
        doc._.comment_deadline = self.find(doc._.folded, title=doc._.folded_title)
        return doc

    def find(self, text: str, *, title: str = "") -> date | None:
        """Return the last day for comments on a folded text, or None.

        The first deadline counts, or the first extended one. A day without its year takes that of the last full date
        before it, or the next year where that would lie before it ("2 December 2025 to 10 January").
        """
        title = title[:_CONTEXT]
        segments = Segments.of(text)
        may_be_renewed = self._renewed.search(text) is not None
        first: date | None = None
        base: date | None = None
        for candidate in self._dates.read(text):
            day = _day_after(base, candidate)
            sentence = segments.sentence(candidate.start)
            if day is not None and self._closes(text, candidate, sentence, title):
                if not may_be_renewed or self._is_renewed(text, candidate, sentence):
                    return day
                first = first or day
            base = candidate.on() or base
        return first or self._in_title(title)

    def _is_renewed(self, text: str, printed: PrintedDate, sentence: tuple[int, int]) -> bool:
        """Tell whether the sentence of a date, or the words before it, speak of an extension."""
        start, end = max(0, printed.start - 2 * _CONTEXT), min(sentence[1], printed.end + _CONTEXT)
        return self._renewed.search(text, max(start, sentence[0] - _CONTEXT), end) is not None

    def _closes(self, text: str, printed: PrintedDate, sentence: tuple[int, int], title: str) -> bool:
        """Tell whether comments end on a date."""
        start, end = max(sentence[0], printed.start - _CONTEXT), min(sentence[1], printed.end + _CONTEXT)
        whole = text[start:end]
        if self._blocked.search(whole):
            return False
        before = text[max(start, printed.start - _NEAR) : printed.start]
        after = text[printed.end : min(end, printed.end + _NEAR)]
        if self._label.search(before):
            return bool(self._topic.search(f"{title}\n{text[max(0, printed.start - _CONTEXT) : end]}"))
        return bool((self._before.search(before) or self._after.match(after)) and self._topic.search(whole))

    def _in_title(self, title: str) -> date | None:
        for printed in self._dates.read(title):
            if self._closes(title, printed, (0, len(title)), title):
                return printed.on()
        return None


def _day_after(base: date | None, printed: PrintedDate) -> date | None:
    if printed.year is not None or base is None:
        return printed.on()
    day = printed.on(year=base.year)
    return day if day is None or day >= base else printed.on(year=base.year + 1)
