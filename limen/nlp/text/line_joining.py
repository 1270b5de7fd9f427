"""Lines of a fixed layout to running text."""

from __future__ import annotations

import re

from limen.nlp.text.pdf_lines import HYPHEN

_CJK = r"\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff01-\uff60\u2018\u2019\u201c\u201d\u2014\u2026"
ENDS_IN_CJK = re.compile(rf"[{_CJK}]\Z")
BEGINS_IN_CJK = re.compile(rf"\A[{_CJK}]")


def join(text: str, line: str) -> str:
    """Return a paragraph with another line: words broken by a hyphen are made whole, Chinese needs no blank."""
    if not text:
        return line
    if text.endswith(HYPHEN):
        return text[:-1] + line
    if text.endswith("-") and text[-2:-1].isalpha() and line[:1].islower():
        return text[:-1] + line
    if text.endswith(("//", "@")):
        return text + line
    if text[-1:] in "-–—/" and text[-2:-1].isalnum() and line[:1].isalnum():
        return text + line
    if ENDS_IN_CJK.search(text) or BEGINS_IN_CJK.match(line):
        return text + line
    return f"{text} {line}"


def clean(text: str) -> str:
    """Return a finished paragraph: a break mark that is left in it is a hyphen of the text."""
    return text.replace(HYPHEN, "-").strip()
