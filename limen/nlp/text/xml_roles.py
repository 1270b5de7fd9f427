"""What the elements of regulation XML are: `xml_roles.toml`, read on first use."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from lxml.etree import _Element


@dataclass(frozen=True, slots=True, kw_only=True)
class XmlRoles:
    """Local names in lower case by what they are; see the comments in the file."""

    skip: frozenset[str]
    paragraphs: frozenset[str]
    set_lines: frozenset[str]
    packed: frozenset[str]
    items: frozenset[str]
    labels: frozenset[str]
    inline: frozenset[str]
    superscript: frozenset[str]
    subscript: frozenset[str]
    footnote: frozenset[str]
    row_break: frozenset[str]
    titles: tuple[str, ...]
    headings: Mapping[str, int]
    headings_by_parent: Mapping[str, int]
    part_headings: Mapping[str, int]
    gpo_sources: Mapping[str, int]
    gpo_emphasis: Mapping[str, tuple[str, ...]]

    def heading_level(self, element: _Element) -> int:
        """Return the level at which the element is a heading, 0 if it is none."""
        name, parent = local_name(element), element.getparent()
        by_parent = f"{local_name(parent)}/{name}" if parent is not None else ""
        if by_parent in self.headings_by_parent:
            return self.headings_by_parent[by_parent]
        if name in self.set_lines and parent is not None:
            return self.part_headings.get(parent.get("tipoParte", "").strip().lower(), 0)
        level = self.headings.get(name, 0)
        if name == "hd":
            return self.gpo_sources.get(element.get("SOURCE", ""), level)
        if name == "head" and parent is not None and local_name(parent).startswith("div"):
            digit = local_name(parent)[3:]
            return min(int(digit), level) if digit.isdigit() and digit.isascii() else level
        stated = element.get("level", "")
        if name == "heading" and stated.isascii() and stated.isdigit():
            return level + int(stated) - 1
        return level

    def is_superscript(self, element: _Element) -> bool:
        """Tell whether the text of the element is raised."""
        name = local_name(element)
        return name in self.superscript or (name == "e" and element.get("T") in self.gpo_emphasis["superscript"])

    def is_subscript(self, element: _Element) -> bool:
        """Tell whether the text of the element is lowered."""
        name = local_name(element)
        return name in self.subscript or (name == "e" and element.get("T") in self.gpo_emphasis["subscript"])


def local_name(element: _Element) -> str:
    """Return the name of an element without its namespace, in lower case; empty for comments and the like."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


@cache
def xml_roles() -> XmlRoles:
    """Return the roles shipped with Limen."""
    data = tomllib.loads(files("limen.nlp.text").joinpath("xml_roles.toml").read_text(encoding="utf-8"))
    lists = {key: frozenset(value) for key, value in data.items() if isinstance(value, list) and key != "titles"}
    return XmlRoles(
        **lists,
        titles=tuple(data["titles"]),
        headings=data["headings"],
        headings_by_parent=data["headings_by_parent"],
        part_headings=data["part_headings"],
        gpo_sources=data["gpo_sources"],
        gpo_emphasis={key: tuple(value) for key, value in data["gpo_emphasis"].items()},
    )
