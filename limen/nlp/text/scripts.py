"""Raised and lowered characters, written so that no number is mistaken for another one."""

from __future__ import annotations

import re

_SUPERSCRIPTS = str.maketrans("0123456789+-−–()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁽⁾ⁿ")
# How much of the text before is looked at.
_NEAR = 40
_POWER = re.compile(r"[+\-−–]?\d{1,2}")
# Letters that a power stands on are those of a unit: cm³, s⁻¹, Nm³, or the closing bracket of one.
_UNIT_BEFORE = re.compile(
    r"(?:^|[^A-Za-z])(?:[kcdmµμnhN]?(?:m|ft|in|yd|s|g|L|l|h|d|K|A|V|W|J|C|Pa|Hz|mol|min|yr|a)|°C|℃|米)$"
)
_UNIT_POWER = re.compile(r"[23]|[+\-−–]\d{1,2}")
_TEN_BEFORE = re.compile(r"(?:^|[^\d.,])10$")
_EXPRESSION = re.compile(r"\w+(?:\s*[+\-−–*/]\s*\w+)+")
# ²²⁶Ra
_MASS_NUMBER = re.compile(r"\d{2,3}")
_ELEMENT_AFTER = re.compile(r"[A-Z][a-z]?(?![a-z])")
_CHARGE = re.compile(r"\d?[+\-−–]")
_ORDINAL = re.compile(r"(?:st|nd|rd|th)", re.IGNORECASE)
_DEGREE = re.compile(r"[oO0°º]")
_TRADE_MARK = re.compile(r"(?:TM|SM|R|®|™|℠)")
_NOTE_SIGN = re.compile(r"[*†‡§¶#]+")
_NOTE = re.compile(r"[\[(（【]?\s*(?:注|note\s*)?[\w,;，、 \u2460-\u2473-]{1,12}\s*[\])）】]?", re.IGNORECASE)


def raised(before: str, text: str, *, is_note: bool = False, after: str = "") -> str:
    """Return what to append to `before` for a raised `text` (HTML `sup`, a superscript run).

    A power on a unit or on 10 becomes a superscript sign (m³, 10⁶), so does a charge or a mass number; the mark of a
    footnote becomes ` [9]`, apart from the number or word it stands at; ordinals, degrees and trade marks stay letters.
    `is_note` says that the mark is known to be a footnote's; `after` is the text that follows.
    """
    mark = text.strip()
    before = before[-_NEAR:]
    if not mark:
        return text
    if is_note:
        return _note(before, mark)
    if (_POWER.fullmatch(mark) and _TEN_BEFORE.search(before)) or (
        _UNIT_POWER.fullmatch(mark) and _UNIT_BEFORE.search(before)
    ):
        return mark.translate(_SUPERSCRIPTS)
    if _TEN_BEFORE.search(before) and _EXPRESSION.fullmatch(mark):
        return f"^({mark})"
    if _MASS_NUMBER.fullmatch(mark) and _ELEMENT_AFTER.match(after) and not before[-1:].isalnum():
        return mark.translate(_SUPERSCRIPTS)
    last = before[-1:]
    if _CHARGE.fullmatch(mark) and (last.isalnum() or last == ")"):
        return mark.translate(_SUPERSCRIPTS)
    if last.isdigit() and _ORDINAL.fullmatch(mark):
        return mark
    if _DEGREE.fullmatch(mark) and after.lstrip().startswith(("C", "F")):
        return "°"
    if _TRADE_MARK.fullmatch(mark) or _NOTE_SIGN.fullmatch(mark):
        return mark
    if _NOTE.fullmatch(mark):
        return _note(before, mark)
    # More than a mark: words that only happen to be raised stay words, never glued to a digit.
    return f" {mark}" if last.isdigit() else mark


def lowered(before: str, text: str) -> str:
    """Return what to append to `before` for a lowered `text`: PM2.5, CO2, Cmax; digits after digits stay apart by `_`."""
    mark = text.strip()
    if before[-1:].isdigit() and mark[:1].isdigit():
        return f"_{mark}"
    return mark if mark else text


def _note(before: str, mark: str) -> str:
    inner = mark.strip("[]()（）【】 ")
    if not inner:
        return ""
    return f"[{inner}]" if not before or before[-1:].isspace() else f" [{inner}]"
