"""Stretches of a text with the words that were looked for marked in them."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing

from limen.store.search.results import Snippet
from limen.store.search.words import CLOSE, OPEN, SEPARATOR, segment

ELLIPSIS = "…"
WIDTH = 200
"""Characters of a snippet."""
LEAD = 60
"""Characters shown before the first mark."""
WORD_END = 20
"""Up to so many characters are left out so as not to cut a word."""

PIECE = 4000
OVERLAP = 2 * WIDTH
"""Characters that two neighbouring pieces of a long text share, so that a match at the seam is whole in one of them."""

Marks = list[tuple[int, int]]


def beginning(text: str) -> Snippet:
    """Return how a text begins."""
    short = " ".join(text[: 2 * WIDTH].split())
    return Snippet(text=short if len(short) <= WIDTH else short[:WIDTH] + ELLIPSIS)


def around(before: str, quote: str, after: str) -> Snippet:
    """Return a quote, marked, with what stands before and after it, lines joined."""
    left = " ".join(before.split()) + (" " if before[-1:].isspace() else "")
    right = (" " if after[:1].isspace() else "") + " ".join(after.split())
    return Snippet(text=left + quote + right, marks=((len(left), len(left) + len(quote)),))


def matching(texts: Mapping[int, str], expression: str) -> dict[int, Snippet]:
    """Return, by the same ids, the stretch of each text with the most matches of an FTS5 expression. Signs are folded.

    The indexes of the database keep no text, so the few texts of one page of results are indexed again in memory: then
    what is marked is by definition what was found, stemmed and segmented the same way, whatever engine found it. They
    are indexed in pieces, since FTS5 takes quadratic time to highlight a long text.
    """
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(
            "CREATE VIRTUAL TABLE page USING fts5("
            "key UNINDEXED, start UNINDEXED, body, tokenize='porter unicode61 remove_diacritics 2')"
        )
        connection.executemany("INSERT INTO page (key, start, body) VALUES (?, ?, ?)", _pieces(texts))
        ranked = connection.execute(
            "SELECT key, rowid FROM page WHERE page MATCH ? ORDER BY rank, rowid", (expression,)
        ).fetchall()
        best = dict(reversed(ranked))
        shown = {}
        for key, rowid in best.items():
            start, marked = connection.execute(
                "SELECT start, highlight(page, 2, ?, ?) FROM page WHERE page MATCH ? AND rowid = ?",
                (OPEN, CLOSE, expression, rowid),
            ).fetchone()
            shown[key] = _densest(*_read_marks(marked), start, len(texts[key]))
    return {key: shown.get(key) or beginning(text) for key, text in texts.items()}


def _pieces(texts: Mapping[int, str]) -> Iterator[tuple[int, int, str]]:
    for key, text in texts.items():
        for start in range(0, max(len(text) - OVERLAP, 1), PIECE - OVERLAP):
            yield key, start, segment(text[start : start + PIECE])


def _read_marks(marked: str) -> tuple[str, Marks]:
    """Return the text without separators and marks, and the half-open offsets of the marks."""
    pieces = re.split(f"[{OPEN}{CLOSE}]", marked.replace(SEPARATOR, ""))
    marks: Marks = []
    length = 0
    for number, piece in enumerate(pieces):
        if number % 2:  # every second piece stands between two marks
            marks.append((length, length + len(piece)))
        length += len(piece)
    return "".join(pieces), marks


def _densest(piece: str, marks: Marks, offset: int, length: int) -> Snippet:
    """Return the first stretch with the most marks, from a little before the first of them.

    `piece` stands at `offset` in a text of `length` characters.
    """
    best, count, last = 0, 0, 0
    for first, (start, _) in enumerate(marks):
        while last < len(marks) and marks[last][1] <= start - LEAD + WIDTH:
            last += 1
        if last - first > count:
            best, count = first, last - first
    shown = marks[best : best + max(count, 1)]
    start = max(0, shown[0][0] - LEAD)
    end = max(start + WIDTH, shown[-1][1])
    is_opening, is_ending = offset + start == 0, offset + end >= length
    if not is_opening:
        start = _next_word(piece, start, shown[0][0])
    if not is_ending:
        end = _word_before(piece, end, shown[-1][1])
    opening = "" if is_opening else ELLIPSIS
    shift = len(opening) - start
    return Snippet(
        text=opening + re.sub(r"\s", " ", piece[start:end]) + ("" if is_ending else ELLIPSIS),
        marks=tuple((first + shift, last + shift) for first, last in shown),
    )


def _next_word(text: str, start: int, limit: int) -> int:
    space = re.compile(r"\s").search(text, start, min(start + WORD_END, limit))
    return start if space is None else space.end()


def _word_before(text: str, end: int, limit: int) -> int:
    space = re.compile(r"\s\S*$").search(text, max(limit, end - WORD_END), end)
    return end if space is None else space.start()
