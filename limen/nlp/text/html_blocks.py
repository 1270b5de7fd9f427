"""An HTML element to Markdown blocks, with every number as the browser shows it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from lxml.etree import iterwalk
from lxml.html import HtmlElement

from limen.nlp.text.grid import GridCell, lay_out
from limen.nlp.text.markdown import INDENT, Block, BlockKind, has_marker, heading, is_marker, item, one_line, paragraph
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
_SCRIPT_STYLE = re.compile(r"vertical-align\s*:\s*(sup|sub)", re.IGNORECASE)
# EUR-Lex marks them `oj-super` and `oj-sub`.
_SCRIPT_CLASS = re.compile(r"(?:^|[\s_-])(sup|sub)(?:er|script|erscript)?(?=\s|$)", re.IGNORECASE)
_NOTE_CLASS = re.compile(r"foot-?note|note-?ref|endnote|reference", re.IGNORECASE)
# No page holds this character; it stands for <br> until blanks have been collapsed.
_BREAK = "\x1e"
_LONG_CELL = 2000
_MAX_DEPTH = 220


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlBlock:
    """A block with its source: `plain` is its text without any blanks, `link_share` how much of that is in links."""

    block: Block
    plain: str
    link_share: float = 0.0


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in nested lists the text stands."""

    depth: int = 0
    marker: str | None = None
    is_link: bool = False


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
    return _joined(blocks_of(element, skip=skip))


class _Writer:
    """Collects the inline text of a block until the next block begins."""

    def __init__(self, skip: frozenset[HtmlElement]) -> None:
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
        elif script := _script_kind(element):
            self._script(element, place, script)
        elif tag in {"ul", "ol", "menu"}:
            self._list(element, place, nesting=nesting)
        elif tag == "dl":
            self._definitions(element, place, nesting=nesting)
        elif tag == "table":
            self._table(element, place, nesting=nesting)
        elif tag in _BLOCKS:
            self.flush(place)
            level = int(tag[1]) if len(tag) == 2 and tag[1].isdigit() and tag[0] == "h" else None
            self._children(element, place, nesting=nesting)
            self.flush(place, level=level)
        else:
            self._children(element, _Place(place.depth, place.marker, place.is_link or tag == "a"), nesting=nesting)

    def flush(self, place: _Place, *, level: int | None = None) -> None:
        """End the block that is being written."""
        text = one_line("".join(self._inline)).replace(_BREAK, "\n").strip()
        plain, linked = "".join("".join(self._plain).split()), self._linked
        self._inline, self._plain, self._linked = [], [], 0
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
            if place.is_link:
                self._linked += len("".join(text.split()))

    def _script(self, element: HtmlElement, place: _Place, kind: str) -> None:
        text = one_line("".join(element.itertext()))
        before = "".join(self._inline[-8:])
        self._plain.append(text)
        if place.is_link:
            self._linked += len(text)
        if kind == "sub":
            self._inline.append(lowered(before, text))
            return
        self._inline.append(raised(before, text, is_note=_is_note(element), after=element.tail or ""))

    def _list(self, element: HtmlElement, place: _Place, *, nesting: int) -> None:
        self.flush(place)
        # An item that holds nothing but a list gives its place to that list.
        depth = place.depth + (1 if place.marker is not None and self._marker is None else 0)
        self._marker = None
        number = _integer(element.get("start"), default=1)
        for child in element:
            if child.tag != "li":
                self.walk(child, _Place(depth, place.marker, place.is_link), nesting=nesting + 1)
                self.flush(place)
                continue
            number = _integer(child.get("value"), default=number)
            marker = _number(number, element.get("type")) if element.tag == "ol" else "-"
            number += 1
            if child in self._skip or is_hidden(child):
                continue
            self._marker = marker
            inner = _Place(depth, marker, place.is_link)
            self._children(child, inner, nesting=nesting + 1)
            self.flush(inner)
            self._marker = None

    def _definitions(self, element: HtmlElement, place: _Place, *, nesting: int) -> None:
        self.flush(place)
        for terms, descriptions in _groups(element):
            inner = [self._sub_blocks(each, nesting=nesting) for each in (*terms, *descriptions)]
            self.blocks += _definition(inner[: len(terms)], inner[len(terms) :], depth=place.depth)

    def _sub_blocks(self, element: HtmlElement, *, nesting: int) -> list[HtmlBlock]:
        writer = _Writer(self._skip)
        writer._children(element, _Place(), nesting=nesting + 1)
        writer.flush(_Place())
        return writer.blocks

    def _table(self, element: HtmlElement, place: _Place, *, nesting: int) -> None:
        self.flush(place)
        for caption in element.iterchildren("caption"):
            self._children(caption, place, nesting=nesting + 1)
            self.flush(place)
        rows = [row for row in _rows(element) if row not in self._skip and not is_hidden(row)]
        cells = [[cell for cell in row.iterchildren("td", "th") if not is_hidden(cell)] for row in rows]
        content = [[self._sub_blocks(cell, nesting=nesting + 1) for cell in row] for row in cells]
        if _is_layout(element, content):
            for row in content:
                self._layout_row(row)
            return
        grid = [
            [_grid_cell(cell, blocks) for cell, blocks in zip(row, row_content, strict=True)]
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
            text = _joined(blocks)
            if text and is_marker(text) and blocks is not row[-1]:
                marker = text
                continue
            if marker and blocks:
                first, *rest = blocks
                joined = Block(kind=BlockKind.PARAGRAPH, text=f"{marker} {first.block.text.lstrip()}")
                self.blocks.append(HtmlBlock(block=joined, plain=first.plain, link_share=first.link_share))
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


def _definition(terms: list[list[HtmlBlock]], texts: list[list[HtmlBlock]], *, depth: int) -> Iterator[HtmlBlock]:
    """Yield "- term: text", or the term with its texts as items under it where there are several or long ones."""
    term = ", ".join(filter(None, map(_joined, terms))).rstrip(":： ")
    filled = [blocks for blocks in texts if blocks]
    every = [block for blocks in (*terms, *filled) for block in blocks]
    if term and len(filled) == 1 and len(filled[0]) == 1 and filled[0][0].block.kind is BlockKind.PARAGRAPH:
        colon = "：" if term[-1] > "\u2e80" else ": "
        plain = "".join(block.plain for block in every)
        made = item(f"{term}{colon}{_joined(filled[0])}", depth=depth)
        yield HtmlBlock(block=made, plain=plain, link_share=filled[0][0].link_share)
        return
    if term:
        plain = "".join(block.plain for blocks in terms for block in blocks)
        yield HtmlBlock(block=item(f"{term}:" if filled else term, depth=depth), plain=plain)
    for blocks in filled:
        for block in blocks:
            if block.block.kind is BlockKind.TABLE:
                yield block
            else:
                made = item(block.block.text.strip(), depth=depth + 1)
                yield HtmlBlock(block=made, plain=block.plain, link_share=block.link_share)


def _groups(element: HtmlElement) -> Iterator[tuple[list[HtmlElement], list[HtmlElement]]]:
    terms: list[HtmlElement] = []
    descriptions: list[HtmlElement] = []
    for child in element.xpath("./dt | ./dd | ./div/dt | ./div/dd"):
        if child.tag == "dt" and descriptions:
            yield terms, descriptions
            terms, descriptions = [], []
        (terms if child.tag == "dt" else descriptions).append(child)
    if terms or descriptions:
        yield terms, descriptions


def _rows(table: HtmlElement) -> list[HtmlElement]:
    return list(table.xpath("./tr | ./thead/tr | ./tbody/tr | ./tfoot/tr"))


def _is_layout(table: HtmlElement, content: list[list[list[HtmlBlock]]]) -> bool:
    """Tell whether a table only places text on the page, as mail, old sites and EUR-Lex do with their points."""
    if (table.get("role") or "").lower() in {"presentation", "none"} or next(
        table.iterdescendants("table"), None
    ) is not None:
        return True
    filled = [[blocks for blocks in row if blocks] for row in content]
    if max(map(len, filled), default=0) <= 1:
        return True
    if any(len(block.plain) > _LONG_CELL for row in filled for blocks in row for block in blocks):
        return True
    # Points: every row is a marker and its text.
    return all(
        len(row) <= 1 or (len(row) == 2 and len(filled) <= 1 and is_marker(_joined(row[0]))) or _is_point(row)
        for row in filled
    )


def _is_point(row: list[list[HtmlBlock]]) -> bool:
    marker = _joined(row[0])
    # A bare number may be the item column of a real table; a bracket or a dash is none.
    return len(row) == 2 and is_marker(marker) and not marker.rstrip(".").isdigit()


def _grid_cell(cell: HtmlElement, blocks: list[HtmlBlock]) -> GridCell:
    return GridCell(
        text=_joined(blocks),
        column_span=_integer(cell.get("colspan"), default=1),
        row_span=_integer(cell.get("rowspan"), default=1),
        is_header=cell.tag == "th",
    )


def _joined(blocks: list[HtmlBlock]) -> str:
    return one_line(" ".join(one_line(block.block.text.lstrip("# ")) for block in blocks))


def _script_kind(element: HtmlElement) -> str | None:
    """Return `sup` or `sub` for an element whose text is raised or lowered by its tag, its style or its class."""
    if element.tag in {"sup", "sub"}:
        return str(element.tag)
    if element.tag not in {"span", "font", "small"}:
        return None
    match = _SCRIPT_STYLE.search(element.get("style") or "") or _SCRIPT_CLASS.search(element.get("class") or "")
    return f"su{match[1][-1].lower()}" if match else None


def _is_note(element: HtmlElement) -> bool:
    link = next(element.iter("a"), None)
    if link is None and element.getparent() is not None and element.getparent().tag == "a":
        link = element.getparent()
    if link is not None and "#" in (link.get("href") or ""):
        return True
    return _NOTE_CLASS.search(f"{element.get('class') or ''} {element.get('id') or ''}") is not None


def _source_text(parent: HtmlElement, text: str | None) -> str | None:
    if text and parent.tag == "pre":
        return text.replace("\n", _BREAK)
    return text


def _number(number: int, kind: str | None) -> str:
    if kind in {"a", "A"} and 1 <= number <= 26:
        letter = chr(ord("a") + number - 1)
        return f"({letter})" if kind == "a" else f"({letter.upper()})"
    return f"{number}."


def _integer(text: str | None, *, default: int) -> int:
    digits = (text or "").strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 6 else default
