"""DocBook as antiword writes it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree
from lxml.etree import _Element

from limen.domain.document import PageText
from limen.nlp.errors import Unreadable
from limen.nlp.text.grid import GridCell, lay_out
from limen.nlp.text.markdown import Block, heading, item, one_line, paragraph, render
from limen.nlp.text.scripts import lowered, raised

_SECTION = re.compile(r"sect(\d)|chapter")
_LISTS = {"orderedlist": "1.", "itemizedlist": "-"}
_MAX_DEPTH = 100


def read_docbook(body: bytes, *, name: str) -> PageText:
    """Return the text of a DocBook book: titles of sections as headings, lists, tables, powers as superscript signs.

    Raises:
        Unreadable: the book is not well-formed or holds no text.
    """
    try:
        root = etree.fromstring(
            _without_controls(body), parser=etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        )
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable(name, f"antiword made no well-formed text of it ({error})", "convert it to .docx") from error
    text = render(block for child in root if child.tag == "chapter" for block in _blocks(child, level=1, depth=0))
    if not text:
        raise Unreadable(name, "the document holds no text", "if its pages are images, run them through tesseract")
    title = root.findtext("title")
    return PageText(text=text, title=one_line(title) or None if title else None)


def _without_controls(body: bytes) -> bytes:
    return re.sub(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]", b"", body)


def _blocks(element: _Element, *, level: int, depth: int) -> Iterator[Block]:
    number = 0
    for child in element:
        tag = str(child.tag)
        if tag == "title":
            text = _text(child)
            if text:
                yield heading(text, level)
        elif tag == "para":
            yield from _paragraph(child)
        elif tag == "listitem":
            number += 1
            marker = f"{number}." if element.tag == "orderedlist" else "-"
            yield from _item(child, marker=marker, depth=depth - 1)
        elif depth < _MAX_DEPTH and (tag in _LISTS or _SECTION.fullmatch(tag)):
            deeper = depth + 1 if tag in _LISTS else depth
            yield from _blocks(child, level=level if tag in _LISTS else level + 1, depth=deeper)


def _paragraph(element: _Element) -> Iterator[Block]:
    yield paragraph(_text(element))
    for table in element.iter("informaltable"):
        yield from _table(table)


def _item(element: _Element, *, marker: str, depth: int) -> Iterator[Block]:
    is_first = True
    for child in element:
        if child.tag == "para" and _text(child):
            yield item(_text(child), marker=marker if is_first else "-", depth=depth)
            is_first = False
        elif str(child.tag) in _LISTS:
            yield from _blocks_of_list(child, depth=depth + 1)


def _blocks_of_list(element: _Element, *, depth: int) -> Iterator[Block]:
    if depth < _MAX_DEPTH:
        for number, child in enumerate(element.iterchildren("listitem"), 1):
            yield from _item(child, marker=f"{number}." if element.tag == "orderedlist" else "-", depth=depth)


def _table(element: _Element) -> list[Block]:
    rows = [[GridCell(text=_text(entry)) for entry in row.iterchildren("entry")] for row in element.iter("row")]
    return lay_out(rows)


def _text(element: _Element) -> str:
    written = element.text or ""
    for child in element:
        tail = child.tail or ""
        if child.tag == "superscript":
            written += raised(written, "".join(map(str, child.itertext())), after=tail)
        elif child.tag == "subscript":
            written += lowered(written, "".join(map(str, child.itertext())))
        elif child.tag not in {"footnote", "informaltable"}:
            written += _inner(child)
        written += tail
    return one_line(written)


def _inner(element: _Element) -> str:
    return "".join(str(part) for part in element.itertext()) if not len(element) else _text(element)
