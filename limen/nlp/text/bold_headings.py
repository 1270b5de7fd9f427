"""Headings that nothing marks but letters that are all bold."""

from __future__ import annotations

import re

_LONGEST = 120
_LONGEST_CJK = 50
_CJK = re.compile(r"[\u3400-\u9fff]")
# A sentence, or what introduces one, is bold for another reason.
_STOPPED = re.compile(r"[.。;；,，:：!！?？、](?:\W*$| \S)")
# "Article 5", "Annex II", "第三章", "3.1": numbers that a heading may hold. All others are said, not headed.
_NUMBER = re.compile(
    r"^\W*(?:[\dIVXivx]{1,4}(?:\.\d{1,3}){0,4}[.)、]?|[(（][\da-zA-Z一二三四五六七八九十]{1,4}[)）])(?=\s|[^\x00-\x7f])"
    r"|\b(?:article|annex|chapter|section|part|schedule|appendix|table|title|division|item)s?\s+[\dIVXA-Z][\d.]{0,6}\b"
    r"|[第表附][录件表]?\s*\d{1,3}\s*[条章节款项编部分]{0,2}",
    re.IGNORECASE,
)


def reads_as_heading(text: str) -> bool:
    """Tell whether a line that is bold as a whole can be a heading: short, no sentence, no number but that of a provision."""
    longest = _LONGEST_CJK if _CJK.search(text) else _LONGEST
    if not text or len(text) > longest or "\n" in text or _STOPPED.search(text):
        return False
    rest = _NUMBER.sub("", text)
    return any(map(str.isalpha, text)) and not any(map(str.isdigit, rest))
