"""Words of a text with the class that says whether they can stand in a name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

import rjieba

from limen.nlp.language_data import load_grammar

_PIECE = re.compile(
    r"[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ0-9₀-₉]*(?:[-'&][A-Za-zÀ-ÿ0-9]+)*|\d+(?:[.,]\d+)*|[\u4e00-\u9fff]+|[^\sA-Za-zÀ-ÿ\d\u4e00-\u9fff]"
)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_NOUN, _NUMBER, _SIGN = "noun", "number", "sign"
_MOST_REMEMBERED, _LONGEST_REMEMBERED = 50_000, 40


class Word(NamedTuple):
    """A word at [start, end). `form` is its lower-case stem, `kind` its class in `chunks.toml` or noun, number, sign."""

    start: int
    end: int
    form: str
    kind: str
    shape: str
    """The ending that tells what kind of thing is measured: the last sign in Chinese, three letters in English."""
    begins: bool
    """True for words that can begin a name."""
    ends: bool
    """True for words that can end a name."""


class WordReader:
    """Cuts a text into words."""

    def __init__(self, code: str) -> None:
        grammar = load_grammar(code, "chunks")
        self._kinds = {form: kind for kind, forms in reversed(grammar["classes"].items()) for form in forms}
        self._no_first = frozenset([_SIGN, *grammar["edges"]["never_first"]])
        self._no_last = frozenset([_SIGN, *grammar["edges"]["never_last"]])
        self._cut: Callable[[str], list[str]] = (
            rjieba.cut if grammar["segmenter"] == "dictionary" else lambda run: [run]
        )
        self._known: dict[str, tuple[str, str, str, bool, bool]] = {}

    def read(self, text: str, start: int, end: int) -> list[Word]:
        """Return the words of a stretch in order; blanks are left out."""
        return list(self._words(text, start, end))

    def _words(self, text: str, start: int, end: int) -> Iterator[Word]:
        for match in _PIECE.finditer(text, start, end):
            piece, at = match.group(), match.start()
            if _HAN.match(piece):
                for part in self._cut(piece):
                    yield self._word(part, at)
                    at += len(part)
            else:
                yield self._word(piece, at)

    def _word(self, piece: str, at: int) -> Word:
        known = self._known.get(piece)
        if known is None:
            form, kind, shape = self._read(piece)
            known = form, kind, shape, kind not in self._no_first, kind not in self._no_last
            if len(piece) <= _LONGEST_REMEMBERED:
                if len(self._known) >= _MOST_REMEMBERED:
                    self._known.clear()
                self._known[piece] = known
        return Word(at, at + len(piece), *known)

    def _read(self, piece: str) -> tuple[str, str, str]:
        if piece[0].isdigit():
            return "0", _NUMBER, "0"
        if not piece[0].isalnum():
            return piece, _SIGN, piece
        form = piece.lower()
        kind = self._kinds.get(form, _NOUN)
        if not form.isascii():
            return form, kind, form[-1]
        stem = form[:-1] if len(form) > 3 and form.endswith("s") and not form.endswith("ss") else form
        return stem, kind, stem[-3:]


@cache
def word_reader(code: str) -> WordReader:
    """Return the reader of a language, made once."""
    return WordReader(code)
