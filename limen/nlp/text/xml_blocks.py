"""The elements of regulation XML to Markdown blocks."""

from __future__ import annotations

import re

from lxml.etree import _Element

from limen.nlp.text.markdown import INDENT, Block, BlockKind, heading, item, one_line, paragraph
from limen.nlp.text.scripts import lowered, raised
from limen.nlp.text.xml_lines import set_paragraphs
from limen.nlp.text.xml_roles import XmlRoles, local_name, xml_roles
from limen.nlp.text.xml_tables import table_blocks

# Files indented for people put line feeds where the printed text has no blank.
_BEFORE_SIGN = re.compile(r"\s*\n\s*(?=[,.;:)\]”’])")
_AFTER_SIGN = re.compile(r"(?<=[(\[“‘])\s*\n\s*")
_STARS = "* * * * *"


def xml_blocks(root: _Element) -> list[Block]:
    """Return the blocks of an element in order: headings, provisions with their numbers, tables."""
    writer = _Writer(xml_roles())
    writer.walk(root, depth=0)
    writer.flush(depth=0)
    return writer.blocks


class _Writer:
    """Collects running text until the next block begins, and the numbers of provisions until their text comes."""

    def __init__(self, roles: XmlRoles) -> None:
        self.blocks: list[Block] = []
        self._roles = roles
        self._inline: list[str] = []
        self._labels: list[str] = []

    def walk(self, element: _Element, *, depth: int) -> None:
        """Write an element and what it holds; `depth` is the number of list items that it stands in."""
        roles, name = self._roles, local_name(element)
        if not name or name in roles.skip:
            return
        if name in roles.footnote:
            self._inline.append(raised("".join(self._inline[-8:]), _text(element), is_note=True))
        elif roles.is_superscript(element) or roles.is_subscript(element):
            self._script(element)
        elif name in roles.row_break:
            self._inline.append(" ")
            self._children(element, depth=depth)
            self._inline.append(" ")
        elif name in roles.labels:
            self._label(element, depth=depth)
        elif name in {"gpotable", "table"}:
            self.flush(depth=depth)
            self.blocks += table_blocks(element, cell_text=_cell_text)
        elif level := roles.heading_level(element):
            self._heading(element, level, depth=depth)
        elif name in roles.set_lines:
            self.flush(depth=depth)
            self._set_lines(element)
        elif name in roles.items:
            self.flush(depth=depth)
            self._children(element, depth=depth + 1)
            self.flush(depth=depth + 1)
        elif self._is_inline(element, name):
            self._children(element, depth=depth)
        else:
            self.flush(depth=depth)
            self._children(element, depth=depth)
            if name == "stars":
                self._inline.append(_STARS)
            self.flush(depth=depth)

    def flush(self, *, depth: int) -> None:
        """End the block that is being written."""
        raw = _AFTER_SIGN.sub("", _BEFORE_SIGN.sub("", "".join(self._inline)))
        text = one_line(raw)
        self._inline = []
        if not text:
            return
        text = " ".join([*self._labels, text])
        if depth == 0:
            self.blocks.append(paragraph(text))
        elif self._labels:
            self.blocks.append(item(text, depth=depth - 1))
        else:
            self.blocks.append(Block(kind=BlockKind.ITEM, text=INDENT * depth + text))
        self._labels = []

    def _children(self, element: _Element, *, depth: int) -> None:
        self._inline.append(element.text or "")
        for child in element:
            self.walk(child, depth=depth)
            self._inline.append(child.tail or "")

    def _set_lines(self, element: _Element) -> None:
        parts = [element.text or ""]
        for child in element:
            name = local_name(child)
            parts += [_cell_text(child) if name and name not in self._roles.skip else "\n\n", child.tail or ""]
        self.blocks += map(paragraph, set_paragraphs("".join(parts)))

    def _is_inline(self, element: _Element, name: str) -> bool:
        if name in self._roles.inline:
            return True
        parent = element.getparent()
        if name in self._roles.paragraphs or parent is None:
            return False
        return any(text and text.strip() for text in (parent.text, *(child.tail for child in parent)))

    def _script(self, element: _Element) -> None:
        before = "".join(self._inline[-8:])
        if "\n" in before[len(before.rstrip()) :]:
            before = before.rstrip()
        text = _text(element)
        self._inline[-8:] = [before]
        if self._roles.is_subscript(element):
            self._inline.append(lowered(before, text))
            return
        following = element.getnext()
        is_note = following is not None and local_name(following) in self._roles.footnote
        self._inline.append(raised(before, text, is_note=is_note, after=(element.tail or "").lstrip("\n ")))

    def _label(self, element: _Element, *, depth: int) -> None:
        self.flush(depth=depth)
        text = _text(element)
        if text:
            self._labels.append(text)

    def _heading(self, element: _Element, level: int, *, depth: int) -> None:
        self.flush(depth=depth)
        parts, after = [one_line(element.text or "")], []
        for child in element:
            name = local_name(child)
            if name in self._roles.skip or name in self._roles.footnote:
                parts.append(one_line(child.tail or ""))
            elif name in self._roles.paragraphs:
                after.append(child)
            else:
                parts += [_cell_text(child), one_line(child.tail or "")]
        text = " ".join(filter(None, (*self._labels, *parts)))
        self._labels = []
        if text:
            self.blocks.append(heading(text, level))
        for child in after:
            self.walk(child, depth=depth)


def _text(element: _Element) -> str:
    return one_line(" ".join("".join(str(part) for part in element.itertext()).split("\n")))


def _cell_text(element: _Element) -> str:
    """Return the text of an element with all that stands in it on one line."""
    writer = _Writer(xml_roles())
    writer._children(element, depth=0)  # noqa: SLF001 - another writer of this class
    writer.flush(depth=0)
    return one_line(" ".join(one_line(block.text.lstrip("# ")) for block in writer.blocks))
