"""Text that an XML element holds as set lines, for a printed page, to paragraphs."""

from __future__ import annotations

import re

from limen.nlp.text.markdown import has_marker, one_line

# A note in the right margin says which law put a line in: LEY 20235, Art. 1º, D.O. 31.12.2007. Figures alone are none:
# they may be a column of a table.
_GAP = re.compile(r"[ \t\xa0]{6,}")
_NOTE_WORD = re.compile(r"LEY|Ley|D\.?O\.?|D\.?F\.?L\.?|D\.?[LS]\.?|DTO|Decreto|CPR|A[Rr][Tt]\.?")
_NOTE_TOKEN = re.compile(rf"(?:{_NOTE_WORD.pattern})|N[º°o]?|D\.|O\.|único|letra|[a-z]\)|[\dº°.,/-]+")
_LONGEST_NOTE = 60
_MARGIN = 30
_INDENTED = re.compile(r"[ \t\xa0]{2}")
_SENTENCE_END = (".", ":", ";")
_SIGNED = re.compile(r"[-–—]\d")


def set_paragraphs(text: str) -> tuple[str, ...]:
    """Return the paragraphs of set lines, each on one line, without notes in the margin.

    A paragraph begins after an empty line or the end of a sentence, at an indented line, and at the mark of a list.
    """
    paragraphs: list[list[str]] = [[]]
    for line in text.split("\n"):
        written = _without_note(line)
        if not written:
            # A line that held only a note does not part the sentence beside it.
            if not line.strip():
                paragraphs.append([])
            continue
        before = paragraphs[-1]
        if before and (_INDENTED.match(line) or _begins_item(written) or before[-1].endswith(_SENTENCE_END)):
            paragraphs.append([])
        paragraphs[-1].append(written)
    return tuple(filter(None, (one_line(" ".join(lines)) for lines in paragraphs)))


def _without_note(line: str) -> str:
    written = line.strip()
    parts = _GAP.split(written)
    if not _is_note(parts[-1]):
        return written
    if len(parts) == 1:
        return "" if len(line) - len(line.lstrip()) >= _MARGIN else written
    return written.removesuffix(parts[-1]).rstrip()


def _is_note(text: str) -> bool:
    words = text.split() if len(text) <= _LONGEST_NOTE else []
    return any(map(_NOTE_WORD.fullmatch, words)) and all(map(_NOTE_TOKEN.fullmatch, words))


def _begins_item(line: str) -> bool:
    return has_marker(line) and _SIGNED.match(line) is None
