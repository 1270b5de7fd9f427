"""Where in a stored text a statement was read."""

from __future__ import annotations

from dataclasses import dataclass

from limen.domain.errors import EvidenceMismatch


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Half-open offsets [start, end) in code points of the stored text, and the letters that stand there."""

    start: int
    end: int
    quote: str

    @classmethod
    def of(cls, text: str, start: int, end: int) -> Evidence:
        """Return the evidence for a stretch of `text`. Raises `ValueError` if the stretch is empty or outside of it."""
        if not 0 <= start < end <= len(text):
            raise ValueError(f"[{start}, {end}) is no stretch of a text of {len(text)} characters")
        return cls(start=start, end=end, quote=text[start:end])

    def check(self, text: str) -> None:
        """Raise `EvidenceMismatch` unless `text` holds the quote at the offsets."""
        if text[self.start : self.end] != self.quote:
            raise EvidenceMismatch(self.start, self.end, self.quote)
