"""An HTML element to Markdown blocks, with every number as the browser shows it."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from lxml.etree import iterwalk
from lxml.html import HtmlElement

from limen.nlp.text.bold_headings import reads_as_heading
from limen.nlp.text.grid import lay_out
from limen.nlp.text.html_block import HtmlBlock, joined
from limen.nlp.text.html_definitions import definition, groups
from limen.nlp.text.html_headings import heading_level, is_bold
from limen.nlp.text.html_inline import is_note, script_kind, with_symbols
from limen.nlp.text.html_tables import grid_cell, integer, is_layout
from limen.nlp.text.html_tables import rows as rows_of
from limen.nlp.text.markdown import (
    INDENT,
    Block,
    BlockKind,
    bold_heading,
    has_marker,
    heading,
    is_marker,
    item,
    one_line,
    paragraph,
)
from limen.nlp.text.scripts import lowered, raised

_UNSEEN_TAGS = """
script style noscript template iframe object embed svg canvas audio video head meta link select option button input
textarea datalist map del s strike annotation annotation-xml dialog rp rt
"""
UNSEEN = frozenset(_UNSEEN_TAGS.split())
"""Elements whose content is not text of the page, or (`del`, `s`) no longer."""
_BLOCK_TAGS = """
address article aside blockquote body center details dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6
header hgroup hr html legend li main menu nav ol p pre search section summary table caption tbody td tfoot th thead tr ul
"""
_BLOCKS = frozenset(_BLOCK_TAGS.split())
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# No page holds this character; it stands for <br> until blanks have been collapsed.
_BREAK = "\x1e"
_MAX_DEPTH = 220


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in nested lists the text stands."""

    depth: int = 0
    marker: str | None = None
    is_link: bool = False
    is_bold: bool = False


def is_hidden(element: HtmlElement) -> bool:
    """Tell whether the element itself (not its parents) is kept from being shown."""
    return element.get("hidden") is not None or _HIDDEN.search(element.get("style") or "") is not None


def blocks_of(root: HtmlElement, *, skip: Collection[HtmlElement] = ()) -> list[HtmlBlock]:
    """Return the blocks of an element in order, without the elements in `skip` and what is not shown."""
    writer = _Writer(frozenset(skip))
    writer.walk(root, _Place(), nesting=0)
    writer.flush(_Place())
    return writer.blocks


def text_of(element: HtmlElement, *, skip: Collection[HtmlElement] = ()) -> str:
    """Return the text of an element on one line."""
    return joined(blocks_of(element, skip=skip))


class _Writer:
    """Collects the inline text of a block until the next block begins."""

    def __init__(self, skip: frozenset[HtmlElement], *, bold_is_heading: bool = True) -> None:
        self._bold_is_heading = bold_is_heading
        self._bold = 0
        self.blocks: list[HtmlBlock] = []
        self._skip = skip
        self._inline: list[str] = []
        self._plain: list[str] = []
        self._linked = 0
        self._marker: str | None = None
        """The marker of a list item of which no text has come yet."""

    def walk(self, element: HtmlElement, place: _Place, *, nesting: int) -> None:
        """Write an element and what it holds."""
        tag = element.tag
        if not isinstance(tag, str) or tag in UNSEEN or element in self._skip or is_hidden(element):
            return
        if nesting > _MAX_DEPTH:
            self._write(_flat_text(element), place)
        elif tag == "br":
            self._inline.append(_BREAK)
        elif script := script_kind(element):
            self._script(element, place, script)
        elif tag in {"ul", "ol", "menu"}:
            self._list(element, place, nesting=nesting)
        elif tag == "dl":
            self._definitions(element, place, nesting=nesting)
        elif tag == "table":
            self._table(element, place, nesting=nesting)
        elif tag in _BLOCKS:
            self.flush(place)
            inner = replace(place, is_bold=True) if is_bold(element) else place
            self._children(element, inner, nesting=nesting)
            self.flush(place, level=heading_level(element))
        elif tag == "a" or is_bold(element):
            inner = replace(place, is_link=place.is_link or tag == "a", is_bold=place.is_bold or is_bold(element))
            self._children(element, inner, nesting=nesting)
        else:
            self._children(element, place, nesting=nesting)

    def flush(self, place: _Place, *, level: int | None = None) -> None:
        """End the block that is being written."""
        text = one_line("".join(self._inline)).replace(_BREAK, "\n").strip()
        plain, linked = "".join("".join(self._plain).split()), self._linked
        all_bold = 0 < len(plain) == self._bold
        self._inline, self._plain, self._linked, self._bold = [], [], 0, 0
        if not text:
            return
        if self._marker is not None:
            block = _item(text, self._marker, place.depth)
            self._marker = None
        elif place.marker is not None:
            indent = INDENT * (place.depth + 1)
            block = Block(
                kind=BlockKind.ITEM, text="\n".join(indent + line.strip() for line in text.split("\n") if line.strip())
            )
        elif level is not None:
            block = heading(text.replace("\n", " "), level)
        elif all_bold and self._bold_is_heading and reads_as_heading(text):
            block = bold_heading(text)
        else:
            block = paragraph(text)
        self.blocks.append(HtmlBlock(block=block, plain=plain, link_share=linked / max(len(plain), 1)))

    def _children(self, element: HtmlElement, place: _Place, *, nesting: int) -> None:
        self._write(_source_text(element, element.text), place)
        for child in element:
            self.walk(child, place, nesting=nesting + 1)
            self._write(_source_text(element, child.tail), place)

    def _write(self, text: str | None, place: _Place) -> None:
        if text:
            self._inline.append(text)
            self._plain.append(text)
            if place.is_link or place.is_bold:
                letters = len("".join(text.split()))
                self._linked += letters * place.is_link
                self._bold += letters * place.is_bold

    def _script(self, element: HtmlElement, place: _Place, kind: str) -> None:
        text = one_line("".join(element.itertext()))
        before = "".join(self._inline[-8:])
        self._plain.append(text)
        if place.is_link:
            self._linked += len(text)
        if kind == "sub":
            self._inline.append(lowered(before, text))
            return
        self._inline.append(raised(before, text, is_note=is_note(element), after=element.tail or ""))

    def _list(self, element: HtmlElement, place: _Place, *, nesting: int) -> None:
        self.flush(place)
        # An item that holds nothing but a list gives its place to that list.
        depth = place.depth + (1 if place.marker is not None and self._marker is None else 0)
        self._marker = None
        number = integer(element.get("start"), default=1)
        for child in element:
            if child.tag != "li":
                self.walk(child, replace(place, depth=depth), nesting=nesting + 1)
                self.flush(place)
                continue
            number = integer(child.get("value"), default=number)
            marker = _number(number, element.get("type")) if element.tag == "ol" else "-"
            number += 1
            if child in self._skip or is_hidden(child):
                continue
            self._marker = marker
            inner = replace(place, depth=depth, marker=marker)
            self._children(child, inner, nesting=nesting + 1)
            self.flush(inner)
            self._marker = None

    def _definitions(self, element: HtmlElement, place: _Place, *, nesting: int) -> None:
        self.flush(place)
        for terms, descriptions in groups(element):
            inner = [self._sub_blocks(each, nesting=nesting, bold_is_heading=False) for each in (*terms, *descriptions)]
            self.blocks += definition(inner[: len(terms)], inner[len(terms) :], depth=place.depth)

    def _sub_blocks(self, element: HtmlElement, *, nesting: int, bold_is_heading: bool = True) -> list[HtmlBlock]:
        writer = _Writer(self._skip, bold_is_heading=bold_is_heading)
        writer._children(element, _Place(), nesting=nesting + 1)
        writer.flush(_Place())
        return writer.blocks

    def _table(self, element: HtmlElement, place: _Place, *, nesting: int) -> None:
        self.flush(place)
        for caption in element.iterchildren("caption"):
            self._children(caption, place, nesting=nesting + 1)
            self.flush(place)
        rows = [row for row in rows_of(element) if row not in self._skip and not is_hidden(row)]
        cells = [[cell for cell in row.iterchildren("td", "th") if not is_hidden(cell)] for row in rows]
        content = [[self._sub_blocks(cell, nesting=nesting + 1) for cell in row] for row in cells]
        if is_layout(element, content):
            for row in content:
                self._layout_row(row)
            return
        grid = [
            [grid_cell(cell, blocks) for cell, blocks in zip(row, row_content, strict=True)]
            for row, row_content in zip(cells, content, strict=True)
        ]
        heads = sum(row.getparent().tag == "thead" for row in rows)
        every = [block for row in content for blocks in row for block in blocks]
        plain = "".join(block.plain for block in every)
        linked = sum(block.link_share * len(block.plain) for block in every) / max(len(plain), 1)
        for block in lay_out(grid, header_rows=heads or None):
            self.blocks.append(HtmlBlock(block=block, plain=plain, link_share=linked))

    def _layout_row(self, row: list[list[HtmlBlock]]) -> None:
        """Write the cells of a table that only places text; a cell with a marker goes before the text of the next."""
        marker = ""
        for blocks in row:
            text = joined(blocks)
            if text and is_marker(text) and blocks is not row[-1]:
                marker = text
                continue
            if marker and blocks:
                first, *rest = blocks
                point = Block(kind=BlockKind.PARAGRAPH, text=f"{marker} {first.block.text.lstrip()}")
                self.blocks.append(HtmlBlock(block=point, plain=first.plain, link_share=first.link_share))
                self.blocks += rest
                marker = ""
            else:
                self.blocks += blocks


def _flat_text(element: HtmlElement) -> str:
    """Return the text of an element that stands too deep for its structure to mean anything."""
    texts: list[str] = []
    for event, each in iterwalk(element, events=("start", "end")):
        text = each.text if event == "start" and each.tag not in UNSEEN else each.tail if event == "end" else None
        if text and not (event == "end" and each is element):
            texts.append(text)
    return " ".join(texts)


def _item(text: str, marker: str, depth: int) -> Block:
    first, *rest = [line.strip() for line in text.split("\n") if line.strip()]
    made = item(first, marker="-" if has_marker(first) else marker, depth=depth)
    indent = "\n" + INDENT * (depth + 1)
    return Block(kind=BlockKind.ITEM, text=indent.join([made.text, *rest]))


def _source_text(parent: HtmlElement, text: str | None) -> str | None:
    if text and parent.tag == "pre":
        return text.replace("\n", _BREAK)
    return with_symbols(parent, text) if text else text


def _number(number: int, kind: str | None) -> str:
    if kind in {"a", "A"} and 1 <= number <= 26:
        letter = chr(ord("a") + number - 1)
        return f"({letter})" if kind == "a" else f"({letter.upper()})"
    return f"{number}."
