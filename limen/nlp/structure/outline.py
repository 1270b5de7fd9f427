"""Where in the tree of headings and lists a line belongs."""

from __future__ import annotations

from dataclasses import dataclass

from limen.nlp.structure.labels import Label
from limen.nlp.structure.lines import Line, LineKind

_DIVISION, _ARTICLE, _LABELLED, _BOLD = 10, 20, 30, 60
# Plain headings by the custom of laws and standards; deeper decimals stand lower.
_STYLES = {"han": 14, "I.": 14, "A.": 15, "(han)": 16, "1.": 18, "1、": 18}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an item stands: its depth from 1, the item around it and the block that introduces its list."""

    depth: int
    parent: int | None
    lead_in: int | None


@dataclass(slots=True, kw_only=True)
class _OpenList:
    style: str
    indent: int
    last: int
    number: int | None
    parent: int | None
    lead_in: int | None


class Outline:
    """The headings and lists that are open while a text is read from its start."""

    def __init__(self) -> None:
        self._headings: list[tuple[int, int]] = []
        self._lists: list[_OpenList] = []

    @property
    def headings(self) -> tuple[int, ...]:
        """The blocks of the headings above, outermost first."""
        return tuple(index for _, index in self._headings)

    def heading(self, index: int, line: Line) -> tuple[int, tuple[int, ...]]:
        """Enter a heading; return its level and the headings above it."""
        level = self._level(line)
        while self._headings and self._headings[-1][0] >= level:
            self._headings.pop()
        above = self.headings
        self._headings.append((level, index))
        self._lists.clear()
        return level, above

    def _level(self, line: Line) -> int:
        if line.kind is LineKind.HEADING:
            return line.hashes
        label = line.label
        if label is None:
            return _BOLD
        if label.rank is not None:
            return _DIVISION + label.rank
        if label.style.startswith("decimal"):
            return _STYLES["1."] + int(label.style.split()[1])
        if label.style.startswith("article"):
            return _ARTICLE
        return _STYLES.get(label.style, _LABELLED)

    def has_sibling_item(self, label: Label) -> bool:
        """Tell whether a list of the label's style is open."""
        return any(level.style == label.style for level in self._lists)

    def last_number(self, style: str) -> int | None:
        """Return the number of the last item of an open list of a style."""
        for level in reversed(self._lists):
            if level.style == style:
                return level.number
        return None

    def item(self, index: int, label: Label, indent: int, *, opener: int | None, parent: int | None = None) -> Place:
        """Enter an item. `opener` is the block that introduces a new list; `parent` overrides the item around it."""
        at = self._open_list(label, indent)
        if at is None:
            inner = self._parent_depth(label, indent)
            del self._lists[inner:]
            parent = parent if parent is not None else self._lists[-1].last if self._lists else None
            lead_in = opener
            self._lists.append(
                _OpenList(
                    style=label.style, indent=indent, last=index, number=label.number, parent=parent, lead_in=lead_in
                )
            )
        else:
            del self._lists[at + 1 :]
            level = self._lists[at]
            if label.number == 1 and level.number not in (None, 0):
                level.lead_in = opener
            level.last, level.number, level.indent = index, label.number, indent
        level = self._lists[-1]
        return Place(depth=len(self._lists), parent=level.parent, lead_in=level.lead_in)

    def paragraph(self, indent: int, *, after_blank: bool) -> int | None:
        """Enter a paragraph; return the item it belongs to. An indented one continues its item; others end bullets."""
        if indent and self._lists:
            for level in reversed(self._lists):
                if indent > level.indent:
                    return level.last
        if after_blank or not self._lists:
            self._lists = [level for level in self._lists if level.style != "bullet"]
            return None
        return self._lists[-1].last

    def _open_list(self, label: Label, indent: int) -> int | None:
        for at in range(len(self._lists) - 1, -1, -1):
            level = self._lists[at]
            if level.style == label.style and (label.style != "bullet" or level.indent == indent):
                return at
        return None

    def _parent_depth(self, label: Label, indent: int) -> int:
        """Return how many of the open lists stay open around a new one."""
        if label.style.startswith(("article", "division")):
            return 0
        if label.style.startswith("decimal"):
            depth = int(label.style.split()[1])
            for at, level in enumerate(self._lists):
                if level.style.startswith("decimal") and int(level.style.split()[1]) >= depth:
                    return at
        if indent == 0 and label.style == "bullet":
            return len([level for level in self._lists if level.style != "bullet"])
        return len(self._lists)
