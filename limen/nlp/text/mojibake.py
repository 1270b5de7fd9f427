"""Text that was decoded wrongly before it was published: UTF-8 read as Windows-1252 ("â‰¥ 165", "Â°C", "30 mg/mÂ³")."""

from __future__ import annotations

import re

# What the bytes 80 to BF of a UTF-8 sequence look like in Windows-1252; five of them have no sign and stay controls.
_FOLLOWING = "".join(bytes([code]).decode("cp1252", "ignore") or chr(code) for code in range(0x80, 0xC0))
_TRAIL = f"[{re.escape(_FOLLOWING)}]"
_TWICE = re.compile(f"[\u00c2-\u00df]{_TRAIL}|[\u00e0-\u00ef]{_TRAIL}{{2}}")
_BYTES = {sign: 0x80 + number for number, sign in enumerate(_FOLLOWING)}
# Signs and letters that regulations hold. Others may be meant as they stand.
_MEANT = re.compile(
    r"[\u00a0-\u00ff\u0391-\u03c9\u2010-\u201e\u2020-\u2026\u2030\u2032\u2033\u20ac\u2103\u2122\u2126\u2190-\u22ff\u2070-\u209c]"
)


def untwisted(text: str) -> tuple[str, int]:
    """Return the text with such sequences put right, and how many there were."""
    if not _TWICE.search(text):
        return text, 0
    count = 0

    def right(match: re.Match[str]) -> str:
        nonlocal count
        signs = match[0]
        body = bytes([ord(signs[0]), *(_BYTES[sign] for sign in signs[1:])])
        try:
            meant = body.decode("utf-8")
        except UnicodeDecodeError:
            return signs
        if not _MEANT.fullmatch(meant):
            return signs
        count += 1
        return meant

    return _TWICE.sub(right, text), count
