"""Sentences and clauses inside a block."""

from __future__ import annotations

import re
from collections.abc import Iterator

from limen.nlp.structure.blocks import Sentence, Span
from limen.nlp.structure.grammar import structure_grammar

_CLOSERS = "\"'”’」』）)\\]》*_"
_END = re.compile(rf"[。！？!?][{_CLOSERS}]*|\.[{_CLOSERS}]*(?=\s|$)|…+(?=\s|$)")
_CLAUSE = re.compile(r"[，；;：、!]|,(?!\d{3}(?!\d))(?!\d)|:(?!\d)|(?<=\s)[–—-]+(?=\s)|——+|[(（\[【)）\]】]")
_WORD = re.compile(r"[\w.]*$")
_PAIRS = {"(": ")", "（": "）", "[": "]", "【": "】"}
_LONGEST_ABBREVIATION = 8


def read_sentences(text: str, span: Span, block: int) -> Iterator[Sentence]:
    """Yield the sentences of a stretch of a block, blanks between them left out."""
    start = span.start
    for match in _END.finditer(text, span.start, span.end):
        if match.group()[0] == "." and _goes_on(text, match, span):
            continue
        yield from _sentence(text, start, match.end(), block)
        start = match.end()
    yield from _sentence(text, start, span.end, block)


def _goes_on(text: str, match: re.Match[str], span: Span) -> bool:
    """Tell whether a full stop ends an abbreviation, or a lower-case letter follows it."""
    follows = text[match.end() : min(match.end() + 4, span.end)].lstrip()
    if not follows:
        return False
    if follows[0].islower():
        return True
    word = _WORD.search(text, max(span.start, match.start() - _LONGEST_ABBREVIATION), match.start())
    before = word.group().lower() if word else ""
    if before in structure_grammar().abbreviations:
        return not (follows[0].isupper() and before in {"etc", "cent", "inc", "ltd", "co", "plc", "corp"})
    return len(before) == 1 and before.isalpha() and text[match.start() - 1].isupper()


def _sentence(text: str, start: int, end: int, block: int) -> Iterator[Sentence]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield Sentence(span=Span(start, end), block=block, clauses=tuple(_clauses(text, start, end)))


def _clauses(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield stretches that cover a sentence; what stands in brackets stays with its clause."""
    depth, first, closers = 0, start, set(_PAIRS.values())
    for match in _CLAUSE.finditer(text, start, end):
        sign = match.group()
        if sign in _PAIRS:
            depth += 1
        elif sign in closers:
            depth = max(0, depth - 1)
        elif depth == 0 and sign != "、":
            yield Span(first, match.end())
            first = match.end()
    if first < end:
        yield Span(first, end)
