"""Headings of a page by tag and by the classes of publishing systems, and what is bold in it."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from lxml.html import HtmlElement

_BOLD_STYLE = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)


def heading_level(element: HtmlElement) -> int | None:
    """Return the level of a heading that its tag or class states, None for other elements."""
    tag = str(element.tag)
    if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
        return int(tag[1])
    classes = element.get("class")
    if not classes or tag not in {"p", "div"}:
        return None
    levels = _levels()
    return next((levels[name] for name in classes.split() if name in levels), None)


def is_bold(element: HtmlElement) -> bool:
    """Tell whether an element says that its text is bold."""
    return element.tag in {"b", "strong"} or bool(_BOLD_STYLE.search(element.get("style") or ""))


@cache
def _levels() -> dict[str, int]:
    data = tomllib.loads(files("limen.nlp.text").joinpath("headings.toml").read_text(encoding="utf-8"))
    return {str(name): int(level) for name, level in data["classes"].items()}
