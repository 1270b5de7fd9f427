"""Word documents (.docx): headings, numbered clauses, lists and tables in the order of the document."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import docx
from docx.opc.exceptions import OpcError
from lxml import etree
from lxml.etree import _Element

from limen.domain.document import PageText
from limen.domain.issue import Issue, IssueKind
from limen.nlp.errors import Unreadable
from limen.nlp.text.archive import check_archive
from limen.nlp.text.bold_headings import reads_as_heading
from limen.nlp.text.docx_inline import inline_text, is_bold
from limen.nlp.text.docx_numbering import ListMark, Numbering, W
from limen.nlp.text.docx_styles import Styles
from limen.nlp.text.grid import GridCell, lay_out
from limen.nlp.text.markdown import Block, BlockKind, bold_heading, heading, item, one_line, paragraph, render, words
from limen.nlp.text.pdf_lines import LOST
from limen.nlp.text.raw_page import RawPage

_AGAIN = "fetch or save the file again"
_NOTES = (("footnotes", "footnote"), ("endnotes", "endnote"))
_LONG_CELL = 2000
_WRAPPERS = frozenset({f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml", f"{W}moveTo"})


def read_docx(page: RawPage) -> PageText:
    """Return the text of a Word document: what is deleted under change tracking is left out, what is inserted stands.

    Automatic numbers are written out, footnotes follow at the end. The title is the paragraph styled as one, else the
    first heading.

    Raises:
        Unreadable: the file is damaged, a zip bomb, or holds no text.
    """
    check_archive(page.body, name=page.name)
    try:
        document = docx.Document(BytesIO(page.body))
    except (OpcError, ValueError, KeyError) as error:
        raise Unreadable(page.name, f"the Word document is damaged ({error})", _AGAIN) from error
    reader = _Reader(document)
    blocks = list(reader.blocks())
    text = render(blocks)
    if not text:
        raise Unreadable(
            page.name, "the Word document holds no text", "if its pages are images, run them through tesseract"
        )
    first = next((words(block) for block in blocks if block.kind is BlockKind.HEADING), None)
    return PageText(text=text, title=reader.title or first, issues=_lost(page.name, text))


def _lost(name: str, text: str) -> tuple[Issue, ...]:
    count = text.count(LOST)
    message = f"{name}: {count} signs of the Word document have no meaning in their fonts and are shown as {LOST}"
    return (Issue(kind=IssueKind.UNREADABLE, message=message),) if count else ()


class _Reader:
    def __init__(self, document: Any) -> None:
        self._document = document
        self._styles = Styles(_part(document, "styles"))
        self._numbering = Numbering(_part(document, "numbering"))
        self.title: str | None = None

    def blocks(self) -> Iterator[Block]:
        """Yield the body in order, then foot- and endnotes as "[id] text". `title` is known once all are read.

        To be read once: the numbering of lists counts on.
        """
        yield from self._blocks_in(self._document.element.body)
        for part, name in _NOTES:
            root = _part(self._document, part)
            for note in root.iterchildren(f"{W}{name}") if root is not None else ():
                text = " ".join(inline_text(each) for each in note.iter(f"{W}p")).strip()
                if text and not note.get(f"{W}type"):
                    yield paragraph(f"[{note.get(f'{W}id')}] {text}")

    def _blocks_in(self, parent: _Element) -> Iterator[Block]:
        for child in parent:
            if child.tag == f"{W}p":
                yield from self._paragraph(child)
            elif child.tag == f"{W}tbl":
                yield from self._table(child)
            elif child.tag in _WRAPPERS:
                yield from self._blocks_in(child)

    def _paragraph(self, element: _Element) -> Iterator[Block]:
        text = inline_text(element).strip()
        mark = self._mark(element) if text else None
        for box in _text_boxes(element):
            yield from self._blocks_in(box)
        if not text:
            return
        level = self._styles.heading_level(element)
        if level is not None:
            if level == 0:
                self.title = self.title or one_line(text)
            label = f"{mark.label} " if mark and mark.label else ""
            yield heading(label + text, max(level, 1))
        elif mark is not None:
            yield _listed(text, mark)
        elif is_bold(element) and reads_as_heading(text):
            yield bold_heading(text)
        else:
            yield paragraph(text)

    def _mark(self, element: _Element) -> ListMark | None:
        place = self._styles.list_place(element)
        return None if place is None else self._numbering.next_mark(*place)

    def _table(self, table: _Element) -> Iterator[Block]:
        rows = [[list(self._blocks_in(cell)) for cell in _cells(row)] for row in _rows(table)]
        width = max(map(len, rows), default=0)
        texts = [[" ".join(one_line(words(block)) for block in cell) for cell in row] for row in rows]
        nested = any(cell.find(f".//{W}tbl") is not None for row in _rows(table) for cell in _cells(row))
        if width <= 1 or nested or any(len(text) > _LONG_CELL for row in texts for text in row):
            # A frame around text rather than a table.
            for row in rows:
                for cell in row:
                    yield from cell
            return
        heads = sum(row.find(f"{W}trPr/{W}tblHeader") is not None for row in _rows(table))
        yield from lay_out(_grid(table, texts), header_rows=heads or None)


def _grid(table: _Element, texts: list[list[str]]) -> list[list[GridCell]]:
    """Return the rows with the cells that are merged downwards counted into the one they begin at."""
    depths: dict[tuple[int, int], int] = {}
    begun: dict[int, tuple[int, int]] = {}
    placed: list[list[tuple[int, int, str]]] = []
    for number, (row, row_texts) in enumerate(zip(_rows(table), texts, strict=True)):
        column = _skipped(row)
        line = [(0, column, "")] if column else []
        for cell, text in zip(_cells(row), row_texts, strict=True):
            span = _span(cell)
            merge = cell.find(f"{W}tcPr/{W}vMerge")
            if merge is not None and merge.get(f"{W}val", "continue") != "restart" and column in begun:
                depths[begun[column]] += 1
            else:
                begun.pop(column, None)
                depths[number, column] = 1
                if merge is not None:
                    begun[column] = (number, column)
                line.append((column, span, text))
            column += span
        placed.append(line)
    return [
        [GridCell(text=text, column_span=span, row_span=depths.get((number, column), 1)) for column, span, text in line]
        for number, line in enumerate(placed)
    ]


def _listed(text: str, mark: ListMark) -> Block:
    if mark.label is None:
        return item(text, depth=mark.level)
    if mark.label.rstrip(".").isdigit():
        return item(text, marker=f"{mark.label.rstrip('.')}.", depth=mark.level)
    # 第一条, (a), 1.2: words of the rule, by which it is cited.
    return paragraph(f"{mark.label} {text}")


def _text_boxes(element: _Element) -> Iterator[_Element]:
    for box in element.iter(f"{W}txbxContent"):
        # Word writes every box twice, for new and for old readers.
        if not any(str(above.tag).endswith("}Fallback") for above in box.iterancestors()):
            yield box


def _rows(table: _Element) -> list[_Element]:
    return [row for row in _unwrapped(table, "tr") if row.find(f"{W}trPr/{W}del") is None]


def _cells(row: _Element) -> list[_Element]:
    return list(_unwrapped(row, "tc"))


def _unwrapped(parent: _Element, name: str) -> Iterator[_Element]:
    """Yield the children of that name, also those in content controls and tracked insertions."""
    for child in parent:
        if child.tag == f"{W}{name}":
            yield child
        elif child.tag in _WRAPPERS:
            yield from _unwrapped(child, name)


def _span(cell: _Element) -> int:
    span = cell.find(f"{W}tcPr/{W}gridSpan")
    value = "1" if span is None else span.get(f"{W}val", "1")
    return int(value) if value.isascii() and value.isdigit() and 0 < len(value) < 4 else 1


def _skipped(row: _Element) -> int:
    before = row.find(f"{W}trPr/{W}gridBefore")
    value = "0" if before is None else before.get(f"{W}val", "0")
    return int(value) if value.isascii() and value.isdigit() and 0 < len(value) < 4 else 0


def _part(document: Any, name: str) -> _Element | None:
    """Return the root of a part of the package (styles, numbering, footnotes), None if there is none."""
    for relation in document.part.rels.values():
        if relation.reltype.rpartition("/")[2] == name and not relation.is_external:
            return etree.fromstring(
                relation.target_part.blob, parser=etree.XMLParser(resolve_entities=False, no_network=True)
            )
    return None
