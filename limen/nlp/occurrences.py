"""Finding many expressions in one text without trying each of them at every letter.

Nearly all our expressions begin with a word ("not more than") or a sign (≥). So the words and signs of a text are listed
once, and an expression is tried only where one stands that it can begin with; which those are is read off the expression
itself. What is found is what `re` finds: an expression of which the beginning cannot be told is searched as usual.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import lru_cache
from itertools import chain, filterfalse

from limen.nlp.beginnings import LINE, TEXT, Beginnings, beginnings, required_sign

_PIECE = re.compile(r"[A-Za-z]+|[0-9]+|[^A-Za-z0-9\s]")
_CUT = re.compile(r"(?<=[A-Za-z])[A-Za-z]|(?<=[0-9])[0-9]")
"""A letter or digit that goes on with a word or number."""
_LINE_FEED = re.compile(r"\n")
_SHORT = 120
"""In a text of fewer code points an expression is searched sooner than the text is listed."""
_LONG = 4000
"""Of texts that are longer than a passage only the last two stay listed."""
_MOST_REMEMBERED, _LONGEST_REMEMBERED = 50_000, 40
_FROM_START = (0,)
_Begun = tuple[tuple[int, tuple[int, ...]], ...]
"""Numbers of expressions, each with how far from a piece it may begin."""
_OTHER_CASES = frozenset("ſ\u212aıİ")


def _is_unlisted(sign: str) -> bool:
    """Tell whether a sign is a digit that is not ASCII, or a letter that is another case of an ASCII one."""
    return not sign.isascii() and (sign.isdecimal() or sign in _OTHER_CASES)


class Places:
    """Where each word, number and sign of a text stands, and where its lines begin."""

    def __init__(self, text: str) -> None:
        """List a text. Blanks are left out."""
        found: defaultdict[str, list[int]] = defaultdict(list)
        for match in _PIECE.finditer(text):
            found[match[0]].append(match.start())
        found[LINE], found[TEXT] = [0, *(match.end() for match in _LINE_FEED.finditer(text))], [0]
        self.of_piece: Mapping[str, list[int]] = found
        self.is_complete = text.isascii() or not any(map(_is_unlisted, set(text)))
        """False for a text with letters or digits that expressions take for others: it is searched as usual."""


def places(text: str) -> Places:
    """Return the places of a text, listed once for all who ask about it in turn."""
    return _of_long(text) if len(text) > _LONG else _of_passage(text)


@lru_cache(maxsize=2)
def _of_long(text: str) -> Places:
    return Places(text)


@lru_cache(maxsize=256)
def _of_passage(text: str) -> Places:
    return Places(text)


def first_piece(text: str) -> str:
    """Return the word, number or sign with which a text begins.

    Raises:
        ValueError: it begins with a blank, or is empty.
    """
    match = _PIECE.match(text)
    if match is None:
        raise ValueError(f"{text!r} begins with no word")
    return match[0]


class Expressions:
    """Expressions that are looked for in the same texts."""

    def __init__(self, patterns: Iterable[re.Pattern[str]]) -> None:
        """Take the expressions; they are known by their number."""
        self.patterns: Sequence[re.Pattern[str]] = tuple(patterns)
        self._beginnings: list[tuple[int, Beginnings]] = []
        self._signs: list[tuple[int, str]] = []
        for number, pattern in enumerate(self.patterns):
            begins, sign = beginnings(pattern), required_sign(pattern)
            if begins is not None:
                self._beginnings.append((number, begins))
            elif sign is not None:
                self._signs.append((number, sign))
        self._begun_by: dict[str, _Begun] = {}
        self._beginning: set[str] = set()
        """The pieces of `_begun_by` with which an expression can begin: a few of all words."""

    def over(self, text: str) -> Occurrences:
        """Return where the expressions may occur in a text, to be asked for each."""
        if len(text) < _SHORT or not self._beginnings or not (listed := places(text)).is_complete:
            return Occurrences(self.patterns, text, {})
        starts: dict[int, list[int]] = {number: [] for number, _ in self._beginnings}
        starts |= {number: [] for number, sign in self._signs if sign not in listed.of_piece}
        for piece, begun in self._begun_in(listed.of_piece.keys()):
            positions = listed.of_piece[piece]
            for number, offsets in begun:
                if offsets is _FROM_START:
                    starts[number] += positions
                else:
                    starts[number] += [at + offset for at in positions for offset in offsets]
        return Occurrences(self.patterns, text, starts)

    def _begun_in(self, pieces: Set[str]) -> Iterator[tuple[str, _Begun]]:
        """Yield those of some pieces with which expressions can begin, and which these are."""
        known = self._begun_by
        if len(known) > _MOST_REMEMBERED:
            known.clear()
            self._beginning.clear()
        for piece in list(filterfalse(known.__contains__, pieces)):
            begun = self._begun_with(piece)
            if len(piece) > _LONGEST_REMEMBERED:
                if begun:
                    yield piece, begun
                continue
            known[piece] = begun
            if begun:
                self._beginning.add(piece)
        for piece in pieces & self._beginning:
            yield piece, known[piece]

    def _begun_with(self, piece: str) -> _Begun:
        found = ((number, begins.offsets(piece)) for number, begins in self._beginnings)
        return tuple((number, _FROM_START if at == _FROM_START else at) for number, at in found if at)


class Occurrences:
    """The matches of expressions in one text, by the number of the expression."""

    def __init__(self, patterns: Sequence[re.Pattern[str]], text: str, starts: Mapping[int, list[int]]) -> None:
        """Take the places where expressions may begin; those without any are searched for in the whole text."""
        self._patterns, self._text, self._starts = patterns, text, starts
        self._sorted: list[list[int] | None] | None = None

    def every(self, number: int) -> Iterator[re.Match[str]]:
        """Yield the matches of an expression as `finditer` does."""
        pattern, starts = self._patterns[number], self._starts.get(number)
        if starts is None:
            yield from pattern.finditer(self._text)
            return
        free = 0
        for start in sorted(starts):
            if start >= free and (match := pattern.match(self._text, start)) is not None:
                yield match
                free = match.end()

    def has(self, number: int) -> bool:
        """Tell whether an expression occurs."""
        starts = self._starts.get(number)
        if starts is None:
            return self._patterns[number].search(self._text) is not None
        match = self._patterns[number].match
        return any(match(self._text, start) is not None for start in starts)

    def all(self) -> list[int]:
        """Return the numbers of the expressions that occur."""
        return [number for number in range(len(self._patterns)) if self.has(number)]

    def within(self, start: int, end: int) -> list[int]:
        """Return the numbers of the expressions that occur in a stretch, read as if it were all there is."""
        stretch = self._text[start:end]
        edges = self._edges(start, end) if self._starts else ()
        found = []
        for number, (pattern, starts) in enumerate(zip(self._patterns, self._ordered(), strict=True)):
            if starts is None:
                if pattern.search(stretch) is not None:
                    found.append(number)
                continue
            inside = starts[bisect_left(starts, start) : bisect_left(starts, start + len(stretch))]
            for at in chain(inside, edges):
                if pattern.match(stretch, at - start) is not None:
                    found.append(number)
                    break
        return found

    def _ordered(self) -> list[list[int] | None]:
        """Return for each expression the places where it may begin in their order, None where they are not known."""
        if self._sorted is None:
            starts = self._starts
            self._sorted = [
                sorted(starts[number]) if number in starts else None for number in range(len(self._patterns))
            ]
        return self._sorted

    def _edges(self, start: int, end: int) -> Sequence[int]:
        """Return where matches can begin that do not begin in the whole text: at the start, and in a word cut by the end."""
        at = min(end, len(self._text))
        if at == len(self._text) or not _CUT.match(self._text, at):
            return (start,)
        while at > start + 1 and _CUT.match(self._text, at - 1):
            at -= 1
        return (start, *range(max(start + 1, at - 1), end))
