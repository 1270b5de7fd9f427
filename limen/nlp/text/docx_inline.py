"""The running text of a Word paragraph, as it stands when all tracked changes are accepted."""

from __future__ import annotations

from lxml.etree import _Element

from limen.nlp.text.docx_numbering import W
from limen.nlp.text.scripts import lowered, raised

_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_DROPPED = frozenset(
    {f"{W}del", f"{W}moveFrom", f"{W}txbxContent", f"{W}rPr", f"{W}pPr", f"{W}instrText", f"{W}delText"}
)
_SIGNS = {f"{W}tab": " ", f"{W}ptab": " ", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
_NOTE_REFERENCES = frozenset({f"{W}footnoteReference", f"{W}endnoteReference"})


def inline_text(element: _Element) -> str:
    """Return the text of a paragraph (or of anything in one), raised and lowered characters written out."""
    return _append("", element)


def _append(before: str, element: _Element) -> str:
    tag = element.tag
    if tag in _DROPPED or str(tag).endswith("}Fallback"):
        return before
    if tag in {f"{W}t", f"{_M}t"}:
        return before + (element.text or "")
    if tag in _SIGNS:
        return before + _SIGNS[tag]
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
