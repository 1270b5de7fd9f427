"""The running text of a Word paragraph, as it stands when all tracked changes are accepted."""

from __future__ import annotations

import re

from lxml.etree import _Element

from limen.nlp.text.docx_numbering import W
from limen.nlp.text.pdf_lines import LOST
from limen.nlp.text.scripts import lowered, raised
from limen.nlp.text.symbols import symbol

_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_DROPPED = frozenset(
    {f"{W}del", f"{W}moveFrom", f"{W}txbxContent", f"{W}rPr", f"{W}pPr", f"{W}instrText", f"{W}delText"}
)
_PRIVATE = re.compile("[\uf000-\uf0ff]")
_OFF = frozenset({"0", "false", "off"})
_SIGNS = {f"{W}tab": " ", f"{W}ptab": " ", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
_NOTE_REFERENCES = frozenset({f"{W}footnoteReference", f"{W}endnoteReference"})


def inline_text(element: _Element) -> str:
    """Return the text of a paragraph (or of anything in one), raised and lowered characters written out."""
    return _append("", element)


def is_bold(element: _Element) -> bool:
    """Tell whether every run of a paragraph that holds text is set in bold by the run itself."""
    runs = [run for run in element.iter(f"{W}r") if any(text.text and text.text.strip() for text in run.iter(f"{W}t"))]
    bold = (run.find(f"{W}rPr/{W}b") for run in runs)
    return bool(runs) and all(each is not None and each.get(f"{W}val", "1") not in _OFF for each in bold)


def _append(before: str, element: _Element) -> str:
    tag = element.tag
    if tag in _DROPPED or str(tag).endswith("}Fallback"):
        return before
    if tag in {f"{W}t", f"{_M}t"}:
        return before + _PRIVATE.sub(lambda match: _sign(match[0], element), element.text or "")
    if tag in _SIGNS:
        return before + _SIGNS[tag]
    if tag == f"{W}sym":
        return before + _symbol(element)
    if tag in _NOTE_REFERENCES:
        return before + raised(before, element.get(f"{W}id", ""), is_note=True)
    if tag == f"{W}r":
        return _run(before, element)
    if tag in {f"{_M}sSup", f"{_M}sSub"}:
        base, script = element.find(f"{_M}e"), element.find(f"{_M}{'sup' if tag == f'{_M}sSup' else 'sub'}")
        before = before if base is None else _append(before, base)
        text = "" if script is None else _append("", script)
        return before + (raised(before, text) if tag == f"{_M}sSup" else lowered(before, text))
    if tag == f"{_M}f":
        above, below = element.find(f"{_M}num"), element.find(f"{_M}den")
        return before + "/".join("" if part is None else _append("", part) for part in (above, below))
    for child in element:
        before = _append(before, child)
    return before


def _sign(private: str, element: _Element) -> str:
    """Return the sign for a private code point in a run that is set in Symbol or Wingdings."""
    run = element.getparent()
    fonts = run.find(f"{W}rPr/{W}rFonts") if run is not None else None
    name = None if fonts is None else fonts.get(f"{W}ascii") or fonts.get(f"{W}hAnsi")
    return symbol(ord(private), name) or LOST


def _symbol(element: _Element) -> str:
    """Return a sign that was inserted by its place in a font, as Word's dialogue for symbols does."""
    try:
        code = int(element.get(f"{W}char", ""), 16)
    except ValueError:
        return LOST
    return symbol(code, element.get(f"{W}font")) or LOST


def _run(before: str, run: _Element) -> str:
    properties = run.find(f"{W}rPr")
    position = None
    if properties is not None:
        if _is_on(properties.find(f"{W}vanish")) or _is_on(properties.find(f"{W}strike")):
            return before
        align = properties.find(f"{W}vertAlign")
        position = None if align is None else align.get(f"{W}val")
    text = ""
    for child in run:
        text = (
            _append(text, child) if child.tag not in _NOTE_REFERENCES else _append(before + text, child)[len(before) :]
        )
    if position == "superscript" and not any(child.tag in _NOTE_REFERENCES for child in run):
        return before + raised(before, text, after=_text_after(run))
    if position == "subscript":
        return before + lowered(before, text)
    return before + text


def _text_after(run: _Element) -> str:
    following = run.getnext()
    return "" if following is None else "".join(each.text or "" for each in following.iter(f"{W}t"))


def _is_on(toggle: _Element | None) -> bool:
    return toggle is not None and toggle.get(f"{W}val", "true") not in {"0", "false", "off"}
