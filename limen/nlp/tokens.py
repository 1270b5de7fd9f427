"""Tokens for names: words of Latin letters and digits, and every other sign by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacy.tokens import Doc
from spacy.vocab import Vocab

_LATIN = r"A-Za-z0-9\u00c0-\u024f"
_TOKEN = re.compile(rf"([{_LATIN}]+|[^\S ]+|.)( ?)", re.DOTALL)
_SPACED = re.compile(rf"[{_LATIN}]+ ?|[^\S ]+ ?|. ?", re.DOTALL)
"""A token with the blank behind it."""
_WITHIN = re.compile(rf"(?<=[{_LATIN}])[{_LATIN}]")
_SURROGATE = re.compile("[\ud800-\udfff]")


class LinearTokenizer:
    """Makes a `Doc` of a text in time proportional to its length, with the offsets of the text.

    spaCy's own tokenizers peel signs off a word one by one, which takes minutes for some ten thousand brackets in a row,
    and fail on a lone surrogate (a text that was decoded leniently); here it becomes U+FFFD.
    """

    def __init__(self, vocab: Vocab) -> None:
        """Take the vocabulary that the documents will share."""
        self._vocab = vocab

    def __call__(self, text: str) -> Doc:
        """Return the tokens of a text; joined, they are the text again."""
        pieces: list[str] = _SPACED.findall(text if text.isascii() else _SURROGATE.sub("\ufffd", text))
        spaces = [piece[-1] == " " and len(piece) > 1 for piece in pieces]
        words = [piece[:-1] if space else piece for piece, space in zip(pieces, spaces, strict=True)]
        return Doc(self._vocab, words=words, spaces=spaces)


def tokens(text: str, start: int = 0) -> Iterator[re.Match[str]]:
    """Return the tokens of a text from a place on; group 1 is one without the blank behind it."""
    return _TOKEN.finditer(text, start)


def continues(text: str, position: int) -> bool:
    """Tell whether a word that began before a position goes on there."""
    return _WITHIN.match(text, position) is not None
