"""Widens a subject by what introduces its list: "Power batteries, small type" over "cells ≥140 Wh/kg, packs ≥110"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from limen.domain.entity import EntityLabel
from limen.nlp.language_data import load_grammar
from limen.nlp.lexicon.names import named_things
from limen.nlp.linking.case import Case
from limen.nlp.linking.naming import clean
from limen.nlp.linking.words import Word, WordReader
from limen.nlp.structure import BlockKind, Span, Structure

_COLONS = (":", "：")
_LONGEST = 8
_SHORT = 4
_GOODS = frozenset({EntityLabel.PRODUCT, EntityLabel.MATERIAL})
_LONGEST_GOODS = 6
_NOMINAL = frozenset({"noun", "of", "for", "conjunction", "article", "quantifier", "sign"})
_OWN = frozenset({"before", "after", "earlier", "label", "later"})


class Scopes:
    """Finds the headings and introductions that name a part of a subject."""

    def __init__(self, code: str, reader: WordReader) -> None:
        self._reader = reader
        naming = load_grammar(code, "chunks")["naming"]
        self._joint: str = naming["joint"]
        self._addressed = re.compile(naming["addressed"], re.IGNORECASE)
        self._goods = {
            self._forms(reader.read(name, 0, len(name)))
            for thing in named_things()
            if thing.label in _GOODS
            for name in thing.names.get(code, ())
        }

    def widened(self, case: Case, structure: Structure, text: str) -> str | None:
        """Return the subject of a case with all that introduces it, outermost first; None where nothing does.

        `text` is the text itself, `structure` may be that of its folded form.
        """
        subject = case.subject
        if subject.text is None or subject.span is None or case.block_index is None:
            return None
        first, last = subject.span
        if case.spans.place(first).rstrip("0123456789") not in _OWN or last - first >= _SHORT:
            return None
        taken = {word.form for word in self._reader.read(subject.text, 0, len(subject.text))}
        if case.metric.span is not None:
            taken.update(word.form for word in case.spans.words[case.metric.span[0] : case.metric.span[1] + 1])
        parts = []
        for start, end in self._introductions(structure, case):
            words = self._reader.read(structure.text, start, end)
            fresh = {word.form for word in words if word.ends} - taken
            if words and 2 * len(fresh) > len(words):
                parts.append(clean(text[words[0].start : words[-1].end]))
                taken |= fresh
        return self._joint.join([*parts, subject.text]) if parts else None

    def _introductions(self, structure: Structure, case: Case) -> Iterator[Span]:
        """Yield short headings that name goods, and what stands before a colon over or before the number."""
        assert case.block_index is not None
        block = structure.blocks[case.block_index]
        headings = [heading for heading in block.headings[-1:] if _is_inner(structure, heading)]
        above = [*headings, *reversed(list(structure.enclosing(case.block_index)))]
        if block.lead_in is not None and block.lead_in not in above:
            above.append(block.lead_in)
        for index in above:
            start, end = structure.blocks[index].body
            head = self._head(structure, start, end)
            opens = structure.blocks[index].kind is not BlockKind.HEADING and head.end < end
            if self._is_name(structure, head, goods=not opens):
                yield head
        head = self._head(structure, *block.body)
        if head.end < min(block.body.end, case.mention.start) and self._is_name(structure, head, goods=False):
            yield head

    def _head(self, structure: Structure, start: int, end: int) -> Span:
        """Return a stretch up to its first colon."""
        found = [at for sign in _COLONS if (at := structure.text.find(sign, start, min(end, start + 80))) >= 0]
        return Span(start, min(found, default=end))

    def _is_name(self, structure: Structure, span: Span, *, goods: bool) -> bool:
        if span.end - span.start > 80 or self._addressed.match(structure.text, span.start):
            return False
        words = self._reader.read(structure.text, *span)
        if not words or len(words) > _LONGEST or not all(word.kind in _NOMINAL for word in words):
            return False
        if not goods:
            return True
        return any(
            self._forms(words[i:j]) in self._goods
            for i in range(len(words))
            for j in range(i + 1, min(len(words), i + _LONGEST_GOODS) + 1)
        )

    @staticmethod
    def _forms(words: list[Word]) -> str:
        return " ".join(word.form for word in words)


def _is_inner(structure: Structure, heading: int) -> bool:
    """Tell whether a heading is one of the text's parts rather than its title."""
    block = structure.blocks[heading]
    return block.level > 1 and (heading > 0 or block.label is not None)
