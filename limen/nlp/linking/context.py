"""The places where the names of a number's metric and subject may stand, each known by its relation to the number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from limen.nlp.linking.words import Word, WordReader
from limen.nlp.mention import Mention
from limen.nlp.structure import Block, BlockKind, Span, Structure

_MAX_WORDS = 48
_MAX_LABELS = 12
_REACH = 400
_LONGEST_TITLE = 200
_COUNTED_HEAD = re.compile(r"(?:column|col\.|item|第)\s*[\dIVX一二三四五六七八九十]+\s*[列栏]?", re.IGNORECASE)
"""A head that only numbers its column."""
_COLONS = frozenset({":", "："})
_CLAUSES_BACK, _CLAUSES_ON = 4, 2


@dataclass(frozen=True, slots=True)
class Segment:
    """Words that stand together. `place` names their relation to the number ("before", "heading1", "row0")."""

    place: str
    words: tuple[Word, ...]
    text: str
    """What the offsets of the words count in: the text, its title, or a label put together from two cells."""


class Contexts:
    """The segments around the mentions of one text."""

    def __init__(self, structure: Structure, *, text: str, title: str, reader: WordReader) -> None:
        """Words are read from the structure's (folded) text; names are cut from `text`, which has the same offsets."""
        self._structure, self._text, self._reader = structure, text, reader
        self._title = Segment("title", tuple(reader.read(title, 0, min(len(title), _LONGEST_TITLE))), title)
        self._cache: dict[tuple[int, int], tuple[Word, ...]] = {}

    def of(self, mention: Mention) -> list[Segment]:
        """Return the segments for a mention, the nearest first. Words of the title have offsets of their own."""
        return [segment for segment in (*self._segments(mention), self._title) if segment.words]

    def _segment(self, place: str, words: tuple[Word, ...]) -> Segment:
        return Segment(place, words, self._text)

    def words(self, start: int, end: int) -> tuple[Word, ...]:
        """Return the words of a stretch, read once."""
        known = self._cache.get((start, end))
        if known is None:
            known = self._cache[start, end] = tuple(self._reader.read(self._structure.text, start, end))
        return known

    def _segments(self, mention: Mention) -> Iterator[Segment]:
        structure = self._structure
        index = structure.block_index(mention.start)
        if index is None:
            return
        yield from self._sentence(mention)
        block = structure.blocks[index]
        if block.kind is BlockKind.CELL:
            yield from self._table(index)
        else:
            yield from self._earlier_sentences(mention, index)
        yield from self._above(index)

    def _sentence(self, mention: Mention) -> Iterator[Segment]:
        sentence = self._structure.sentence_at(mention.start)
        own = self._structure.clause_index(mention.start)
        if sentence is None or own is None:
            return
        clauses = sentence.clauses
        start, end = clauses[own]
        near = Span(max(start, mention.start - _REACH), min(end, mention.end + _REACH))
        words = self.words(*near)
        yield self._segment("before", tuple(word for word in words if word.end <= mention.start)[-_MAX_WORDS:])
        yield self._segment("after", tuple(word for word in words if word.start >= mention.end)[:_MAX_WORDS])
        for back in range(1, min(own, _CLAUSES_BACK) + 1):
            earlier = self.words(*clauses[own - back])[-_MAX_WORDS:]
            # "Dwellings: 500 m": what stands before a colon is a label rather than a clause.
            label = earlier and earlier[-1].form in _COLONS
            yield self._segment(f"label{back}" if label else f"earlier{back}", earlier)
        for on in range(1, min(len(clauses) - 1 - own, _CLAUSES_ON) + 1):
            later = self.words(*clauses[own + on])[:_MAX_WORDS]
            yield self._segment(f"later{on}", tuple(word for word in later if word.start >= mention.end))

    def _earlier_sentences(self, mention: Mention, block: int) -> Iterator[Segment]:
        at = self._structure.sentence_index(mention.start)
        if at is None:
            return
        for back in (1, 2):
            if at - back < 0 or self._structure.sentences[at - back].block != block:
                break
            yield self._segment(f"sentence{back}", self.words(*self._structure.sentences[at - back].span)[:_MAX_WORDS])
        title = self._structure.blocks[block].title
        if title is not None:
            yield self._segment("runin", self.words(*title))
        elif at > 0 and self._structure.sentences[at].block != self._structure.sentences[at - 1].block:
            before = self._structure.blocks[block - 1] if block else None
            if before is not None and before.kind is BlockKind.PARAGRAPH:
                yield self._segment("paragraph", self.words(*before.body)[:_MAX_WORDS])

    def _table(self, index: int) -> Iterator[Segment]:
        structure = self._structure
        block = structure.blocks[index]
        assert block.table is not None
        table = structure.tables[block.table]
        row = table.rows[block.row - len(table.header)] if block.row >= len(table.header) else ()
        labels = {cell: self.words(*structure.blocks[cell].body)[:_MAX_WORDS] for cell in row[:_MAX_LABELS]}
        named = any(map(is_label, labels.values()))
        for cell, words in labels.items():
            column = structure.blocks[cell].column
            if column == block.column:
                continue
            if column == 0 and words and not is_label(words):
                # Beside a label in words, a number in the first column only counts the rows.
                if not named:
                    yield self._numbered_row(block, cell)
            else:
                yield self._segment(f"row{min(column, 3)}" if column < block.column else "rowlater", words)
        heads = [head for head in structure.heads(block) if not _COUNTED_HEAD.fullmatch(structure.body(head))]
        for depth, head in enumerate(reversed(heads)):
            yield self._segment(f"column{min(depth, 1)}", self.words(*structure.blocks[head].body))
        if table.header and table.header[-1]:
            first = structure.blocks[table.header[-1][0]]
            if first.column != block.column:
                yield self._segment("corner", self.words(*first.body))
        for nearness, caption in enumerate(table.captions):
            if structure.blocks[caption].kind is not BlockKind.HEADING:
                yield self._segment(f"caption{nearness}", self.words(*structure.blocks[caption].body)[:_MAX_WORDS])

    def _numbered_row(self, block: Block, cell: int) -> Segment:
        """Put the head of the first column before a label that is a bare number ("class" and "2")."""
        structure = self._structure
        heads = structure.tables[block.table or 0].header
        head = structure.body(heads[-1][0]) if heads and heads[-1] else ""
        label = f"{head} {structure.body(cell)}".strip()
        return Segment("row0", tuple(self._reader.read(label, 0, len(label))), label)

    def _above(self, index: int) -> Iterator[Segment]:
        structure = self._structure
        block = structure.blocks[index]
        seen = {index}
        for depth, item in enumerate(structure.enclosing(index)):
            if item not in seen and depth < 3:
                seen.add(item)
                yield self._segment(f"parent{depth}", self.words(*structure.blocks[item].body)[:_MAX_WORDS])
        if block.lead_in is not None and block.lead_in not in seen:
            yield self._segment("leadin", self.words(*structure.blocks[block.lead_in].body)[-_MAX_WORDS:])
        for depth, heading in enumerate(reversed(block.headings[-3:])):
            yield self._segment(f"heading{depth}", self.words(*structure.blocks[heading].body)[:_MAX_WORDS])


def group_of(place: str) -> str:
    """Return the kind of a place: headings and the title are one, and so are all earlier clauses."""
    group = place.rstrip("0123456789")
    return "above" if group in ("heading", "title") else group


def is_label(words: tuple[Word, ...]) -> bool:
    """Tell whether a cell names something rather than give a figure."""
    return bool(words) and words[0].kind not in ("number", "sign", "comparator")
