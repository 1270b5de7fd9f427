"""Where clauses, sentences and lines of a text begin and end."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

# A full stop ends a sentence before a blank and a capital, a quote or a bracket; not after an abbreviation. The
# expression begins with all signs at which one can end: `re` passes over the letters between them at once.
_SENTENCE = re.compile(
    r"[。！？!?；;.\n](?:(?<=[。！？!?；;])[。！？!?；;]*[”’\"')）]*|(?<=\n)"
    r"|(?<=\.)(?<!\bNo\.)(?<!\bNos\.)(?<!\bRs\.)(?<!\bcent\.)(?<!\bapprox\.)(?<!\bmin\.)(?<!\bmax\.)(?<!\bArt\.)(?<!\bca\.)"
    r"(?<![ .][A-Z]\.)[\"')\]]*(?=\s+[\"'(\[*]*[A-Z0-9\u4e00-\u9fff]|\s*$))"
)
_CLAUSE = re.compile(r"[，。；：！？、（）()|\n;:!?]|,(?!\d{3}(?!\d))(?!\d)|\.(?=\s)|—+(?!\d)| - ")

REACH = 400
"""Code points of the blocks into which a sentence without end falls (a list run together, a broken table): a position is
given its block and the two beside it, so that not the whole text is searched for each of its numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Segments:
    """Boundaries of a folded text, found once; every look-up is a binary search."""

    size: int
    sentence_ends: tuple[int, ...]
    clause_ends: tuple[int, ...]
    line_ends: tuple[int, ...]

    @staticmethod
    def of(text: str) -> Segments:
        """Find the boundaries of a folded text."""
        return _boundaries(text)

    def sentence(self, position: int) -> tuple[int, int]:
        """Return the sentence around a position, or the part of it between semicolons, as half-open offsets."""
        return self._around(self.sentence_ends, position)

    def clause(self, position: int) -> tuple[int, int]:
        """Return the stretch between two signs of punctuation around a position."""
        return self._around(self.clause_ends, position)

    def line(self, position: int) -> tuple[int, int]:
        """Return the line around a position, with its line feed."""
        return self._around(self.line_ends, position)

    def _around(self, ends: tuple[int, ...], position: int) -> tuple[int, int]:
        index = bisect_right(ends, position)
        start, end = ends[index - 1] if index else 0, ends[index] if index < len(ends) else self.size
        if end - start <= 3 * REACH:
            return start, end
        block = (position - start) // REACH
        return start + max(0, block - 1) * REACH, min(end, start + (block + 2) * REACH)


@lru_cache(maxsize=2)
def _boundaries(text: str) -> Segments:
    return Segments(
        size=len(text),
        sentence_ends=tuple(match.end() for match in _SENTENCE.finditer(text)),
        clause_ends=tuple(match.end() for match in _CLAUSE.finditer(text)),
        line_ends=tuple(match.end() for match in re.finditer("\n", text)),
    )
