"""From a text in Markdown, or in the plainer shapes that web pages and PDFs yield, to its structure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from limen.nlp.structure.blocks import Block, BlockKind, Sentence, Span, Structure
from limen.nlp.structure.grammar import structure_grammar
from limen.nlp.structure.labels import Label, letter_of_roman, read_label
from limen.nlp.structure.lines import Line, LineKind, read_lines
from limen.nlp.structure.outline import Outline
from limen.nlp.structure.sentences import read_sentences
from limen.nlp.structure.table_rows import TableReader

_LONGEST_HEADING = 60
_ENDS = re.compile(r"[.。;；:：,，!?！？|、…—-][\"'”’）)*_]*$")
_FULL_WIDTH_LINE = 50
_TITLE_END = re.compile(r"[*_]*[.。:：]?[*_]*")
_KEY = re.compile(r"[^\s:：]{1,12}(?: [^\s:：]{1,12}){0,3}[:：]")
_CJK = re.compile(r"[\u4e00-\u9fff]")


def parse(text: str) -> Structure:
    """Return the blocks, tables, sentences and clauses of a text. Never raises; takes time linear in the text."""
    return _Parser(text).run()


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = list(read_lines(text))
        self._blocks: list[Block] = []
        self._outline = Outline()
        self._tables = TableReader(text)
        self._grammar = structure_grammar()

    def run(self) -> Structure:
        """Read all lines in order."""
        index = 0
        while index < len(self._lines):
            line = self._lines[index]
            if line.kind is LineKind.TABLE:
                index = self._table(index)
                continue
            if line.kind is LineKind.RULE:
                self._add(Block(kind=BlockKind.RULE, start=line.start, end=line.end, body=line.body))
            elif line.kind is not LineKind.BLANK:
                self._line(index, line)
            index += 1
        blocks = tuple(self._blocks)
        sentences = tuple(sentence for index, block in enumerate(blocks) for sentence in self._sentences(index, block))
        return Structure(
            text=self._text,
            blocks=blocks,
            tables=self._tables.finish(),
            sentences=sentences,
            _starts=tuple(block.start for block in blocks),
            _sentence_starts=tuple(sentence.span.start for sentence in sentences),
        )

    def _sentences(self, index: int, block: Block) -> Iterator[Sentence]:
        start, end = block.body
        if block.title is not None:
            # A run-in title stands for itself, whether or not a full stop follows it.
            yield from read_sentences(self._text, Span(start, block.title.end), index)
            closed = _TITLE_END.match(self._text, block.title.end, end)
            start = closed.end() if closed is not None else block.title.end
        yield from read_sentences(self._text, Span(start, end), index)

    def _add(self, block: Block) -> int:
        self._blocks.append(replace(block, headings=block.headings or self._outline.headings))
        return len(self._blocks) - 1

    def _line(self, index: int, line: Line) -> None:
        if line.kind in (LineKind.HEADING, LineKind.BOLD) or self._is_plain_heading(index, line):
            self._heading(line)
        elif self._is_note(line):
            self._add(Block(kind=BlockKind.NOTE, start=line.start, end=line.end, body=line.body))
            self._tables.note(len(self._blocks) - 1)
        elif line.label is not None:
            self._item(line, line.label)
        elif not self._continues(index, line):
            self._paragraph(index, line)

    # --- headings ---

    def _heading(self, line: Line) -> None:
        self._tables.close()
        level, headings = self._outline.heading(len(self._blocks), line)
        label = line.label.text if line.label is not None else None
        self._blocks.append(
            Block(
                kind=BlockKind.HEADING,
                start=line.start,
                end=line.end,
                body=line.body,
                label=label,
                level=level,
                headings=headings,
            )
        )

    def _is_plain_heading(self, index: int, line: Line) -> bool:
        """Tell whether an unmarked line is a heading: labelled, short, without a stop, and no member of a list."""
        label = line.label
        if label is None or label.style == "bullet":
            return False
        body = self._text[line.body.start : line.body.end].strip("*_ ")
        if len(body) > _LONGEST_HEADING or _ENDS.search(body) or line.title is not None:
            return False
        if label.rank is not None:
            return True
        # One that is nothing but its label stands over the text that follows; so do short titles.
        if not body:
            return label.style.startswith("article")
        if any(sign.isdigit() for sign in body) or (body[0].islower()):
            return False
        following = self._next_text(index)
        if following is None or (following.kind is LineKind.TABLE and len(body) > 30):
            return following is not None
        same = following.label is not None and following.label.style == label.style
        return not same and not self._outline.has_sibling_item(label)

    def _next_text(self, index: int) -> Line | None:
        for line in self._lines[index + 1 : index + 4]:
            if line.kind is not LineKind.BLANK:
                return line
        return None

    # --- text ---

    def _is_note(self, line: Line) -> bool:
        if not self._tables.is_open:
            return False
        return self._grammar.note.match(self._text[line.start : min(line.end, line.start + 40)]) is not None

    def _item(self, line: Line, label: Label) -> None:
        self._tables.close()
        label = letter_of_roman(label, self._outline.last_number("a" if label.style[0] != "(" else "(a)"))
        place = self._outline.item(len(self._blocks), label, line.indent, opener=self._opener(label))
        index = self._add(
            Block(
                kind=BlockKind.ITEM,
                start=line.start,
                end=line.end,
                body=line.body,
                label=None if label.style == "bullet" and label.number is None else label.text,
                level=place.depth,
                parent=place.parent,
                lead_in=place.lead_in,
                title=line.title,
            )
        )
        inner = read_label(self._text[line.body.start : min(line.body.end, line.body.start + 12)])
        if inner is not None and inner.style.startswith("("):
            # "4 (1) The operator ..." opens two lists at once; "(2)" on a later line is its sibling.
            self._outline.item(index, inner, line.indent, opener=None, parent=place.parent)

    def _opener(self, label: Label) -> int | None:
        """Return the block before the one being read if it introduces a list of such labels."""
        if not self._blocks:
            return None
        index = len(self._blocks) - 1
        block = self._blocks[index]
        if block.kind not in (BlockKind.PARAGRAPH, BlockKind.ITEM):
            return None
        tail = self._text[max(block.body.start, block.body.end - 40) : block.body.end]
        opens = self._grammar.lead_in.search(tail) or not _ENDS.search(tail)
        return index if opens or (label.style == "bullet" and block.kind is BlockKind.PARAGRAPH) else None

    def _continues(self, index: int, line: Line) -> bool:
        """Join a hard-wrapped line to the paragraph or item it goes on with. True if it was joined."""
        if index == 0 or not self._blocks or self._lines[index - 1].kind is not LineKind.TEXT:
            return False
        before, last = self._lines[index - 1], self._blocks[-1]
        if last.kind not in (BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.NOTE) or last.end != before.end:
            return False
        width = sum(2 if _CJK.match(sign) else 1 for sign in self._text[before.start : before.end])
        lower = self._text[line.start].islower()
        if _KEY.match(self._text, line.start, line.end):
            return False
        if not lower and (
            width < _FULL_WIDTH_LINE or _ENDS.search(self._text[max(before.start, before.end - 8) : before.end])
        ):
            return False
        self._blocks[-1] = replace(last, end=line.end, body=Span(last.body.start, line.end))
        return True

    def _paragraph(self, index: int, line: Line) -> None:
        self._tables.close()
        after_blank = index > 0 and self._lines[index - 1].kind is LineKind.BLANK
        parent = self._outline.paragraph(line.indent, after_blank=after_blank)
        self._add(
            Block(
                kind=BlockKind.PARAGRAPH,
                start=line.start,
                end=line.end,
                body=line.body,
                parent=parent,
                title=line.title,
            )
        )

    # --- tables ---

    def _table(self, index: int) -> int:
        """Read a table whose first row is line `index`; return the index of the line after it."""
        self._tables.open(self._blocks)
        while index < len(self._lines):
            line = self._lines[index]
            if line.kind is LineKind.RULE and self._text[line.start] == "|":
                self._tables.rule()
                self._add(Block(kind=BlockKind.RULE, start=line.start, end=line.end, body=line.body))
            elif line.kind is LineKind.TABLE:
                for cell in self._tables.row(line, len(self._blocks)):
                    self._add(cell)
            else:
                break
            index += 1
        self._tables.end_rows(self._blocks)
        return index
