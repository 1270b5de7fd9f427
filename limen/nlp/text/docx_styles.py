"""What Word's styles say of a paragraph: heading level and list."""

from __future__ import annotations

import re

from lxml.etree import _Element

from limen.nlp.text.docx_numbering import W

_HEADING = re.compile(r"(?:heading|标题|titre|überschrift)\s*([1-9])", re.IGNORECASE)
_TITLE = frozenset({"title", "标题"})
_MAX_BASES = 20
_BODY_LEVEL = 9


class Styles:
    """The styles of one document by their id."""

    def __init__(self, part: _Element | None) -> None:
        found = part.iterchildren(f"{W}style") if part is not None else ()
        self._styles = {style.get(f"{W}styleId", ""): style for style in found}

    def heading_level(self, element: _Element) -> int | None:
        """Return 1 to 9 for a heading, 0 for the title of the document, None for other paragraphs."""
        for source in (element, *self._chain(element)):
            name = source.find(f"{W}name")
            shown = "" if name is None else name.get(f"{W}val", "")
            if shown.lower() in _TITLE:
                return 0
            match = _HEADING.match(shown)
            if match:
                return int(match[1])
            outline = source.find(f"{W}pPr/{W}outlineLvl")
            level = "" if outline is None else outline.get(f"{W}val", "")
            if level.isascii() and level.isdigit():
                return int(level) + 1 if int(level) < _BODY_LEVEL else None
        return None

    def list_place(self, element: _Element) -> tuple[str, int] | None:
        """Return the id of the list that numbers the paragraph and the level in it, None if it is in no list."""
        level: int | None = None
        for source in (element, *self._chain(element)):
            properties = source.find(f"{W}pPr/{W}numPr")
            if properties is None:
                continue
            stated = properties.find(f"{W}ilvl")
            if stated is not None and level is None:
                value = stated.get(f"{W}val", "0")
                level = int(value) if value.isascii() and value.isdigit() else 0
            number = properties.find(f"{W}numId")
            if number is not None:
                number_id = number.get(f"{W}val", "0")
                return None if number_id == "0" else (number_id, min(level or 0, 8))
        return None

    def _chain(self, element: _Element) -> list[_Element]:
        """Return the style of the paragraph and those it is based on, nearest first."""
        used = element.find(f"{W}pPr/{W}pStyle")
        key = "" if used is None else used.get(f"{W}val", "")
        chain: list[_Element] = []
        while key in self._styles and len(chain) < _MAX_BASES:
            chain.append(self._styles[key])
            based = self._styles[key].find(f"{W}basedOn")
            key = "" if based is None else based.get(f"{W}val", "")
        return chain
