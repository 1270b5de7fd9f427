"""Raised and lowered text of a page, by its tag, style or class."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from limen.nlp.text.symbols import symbol

_SCRIPT_STYLE = re.compile(r"vertical-align\s*:\s*(sup|sub)", re.IGNORECASE)
# EUR-Lex marks them `oj-super` and `oj-sub`.
_SCRIPT_CLASS = re.compile(r"(?:^|[\s_-])(sup|sub)(?:er|script|erscript)?(?=\s|$)", re.IGNORECASE)
_NOTE_CLASS = re.compile(r"foot-?note|note-?ref|endnote|reference", re.IGNORECASE)

_SYMBOL_FONT = re.compile(r"^\s*symbol\s*$|font-family\s*:\s*[\"']?symbol\b", re.IGNORECASE)
# Letters and ASCII signs are left alone: browsers show them in another font where there is no Symbol.
_SYMBOL_SIGNS = frozenset("£³±´°·¹»")


def script_kind(element: HtmlElement) -> str | None:
    """Return `sup` or `sub` for an element whose text is raised or lowered by its tag, its style or its class."""
    if element.tag in {"sup", "sub"}:
        return str(element.tag)
    if element.tag not in {"span", "font", "small"}:
        return None
    match = _SCRIPT_STYLE.search(element.get("style") or "") or _SCRIPT_CLASS.search(element.get("class") or "")
    return f"su{match[1][-1].lower()}" if match else None


def is_note(element: HtmlElement) -> bool:
    """Tell whether a raised element marks a footnote: it holds or stands in a link within a page, or its class or id says so.

    False is no proof: a mark without link or class looks like an exponent.
    """
    link = next(element.iter("a"), None)
    if link is None and element.getparent() is not None and element.getparent().tag == "a":
        link = element.getparent()
    if link is not None and "#" in (link.get("href") or ""):
        return True
    return _NOTE_CLASS.search(f"{element.get('class') or ''} {element.get('id') or ''}") is not None


def with_symbols(element: HtmlElement, text: str) -> str:
    """Return the text of an element as its font shows it: in Symbol, "³" is ≥ and "£" is ≤ (pages saved by Word)."""
    if element.tag not in {"font", "span"}:
        return text
    if not _SYMBOL_FONT.search(element.get("face") or element.get("style") or ""):
        return text
    return "".join(
        (symbol(ord(sign), "Symbol") if sign in _SYMBOL_SIGNS or sign >= "\uf000" else None) or sign for sign in text
    )
