"""Signs of the fonts Symbol and Wingdings, which Word and many PDFs keep at private code points (F000 to F0FF)."""

from __future__ import annotations

_PRIVATE = 0xF000
# fmt: off
# Adobe Symbol encoding: what a regulation writes with it.
_SYMBOL = {
    0x25: "%", 0x2B: "+", 0x2D: "−", 0x3C: "<", 0x3D: "=", 0x3E: ">", 0x44: "Δ", 0x53: "Σ",
    0x57: "Ω", 0x61: "α", 0x62: "β", 0x67: "γ", 0x6D: "μ", 0x72: "ρ", 0x73: "σ", 0xA2: "′",
    0xA3: "≤", 0xA5: "∞", 0xAE: "→", 0xB0: "°", 0xB1: "±", 0xB2: "″", 0xB3: "≥", 0xB4: "×",
    0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xBB: "≈", 0xD7: "⋅",
}
_WINGDINGS = {
    0x6C: "●", 0x6E: "■", 0x6F: "□", 0x71: "□", 0x76: "◆", 0x9F: "•", 0xA7: "▪", 0xA8: "□",
    0xD8: "•", 0xE0: "→", 0xF0: "•", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
}
# fmt: on
# What both fonts agree on, or what only one of them has: for text whose font is not known.
_EITHER = {0xB7: "•", 0xA7: "▪", 0xA8: "□", 0xD8: "•", 0xFC: "✓", 0xFE: "☑"}


def symbol(code: int, font: str | None) -> str | None:
    """Return the sign that a font shows for a code point, private or below 256; None if it is not known."""
    place = code - _PRIVATE if code >= _PRIVATE else code
    name = (font or "").lower()
    if "wingding" in name:
        return _WINGDINGS.get(place)
    if "symbol" in name:
        return _SYMBOL.get(place)
    return _EITHER.get(place)
