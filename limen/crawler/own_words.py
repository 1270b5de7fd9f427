"""Answers of a site with other words in their places: the shape can be kept and shared, the text of others cannot.

Markup, numbers, dates, addresses and the words that a source's own rules look for stay; every other word becomes a neutral
one of the same script and length, the same word always the same.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Sequence
from typing import Any

from w3lib.encoding import html_to_unicode

from limen.crawler.pages.classes import COMMENTARY
from limen.crawler.source_spec import SourceSpec

_PARTS = re.compile(
    r"(?P<cdata><!\[CDATA\[.*?\]\]>)|(?P<comment><!--.*?-->)|(?P<code><(?P<tag>script|style)\b[^>]*>)(?P<inside>.*?)(?P<end></(?P=tag)\s*>)"
    r"|(?P<markup><[^<>]*>)|(?P<entity>&#?\w+;)",
    re.IGNORECASE | re.DOTALL,
)
_ENCODING = re.compile(r"""(<\?xml[^>]*encoding=|<meta[^>]*charset=)["']?[\w-]+["']?""", re.IGNORECASE)
_SAID = re.compile(
    r"""(\b(?:title|alt|content|summary|placeholder|aria-label)\s*=\s*)("[^"]*"|'[^']*')""", re.IGNORECASE
)
_WORD = re.compile(r"[^\W\d_]+")
_ADDRESS = re.compile(r"(?:https?:)?//\S+|[\w.+-]+@[\w-]+\.\w+|\S*/\S*\.\w+\S*")
_DATES = (
    r"\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\b|\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*\b"
    r"|\b(?:GMT|UTC|EST|EDT|AM|PM)\b|\d\s*[年月日时分号]|\dT\d|\dZ\b"
)
_Kept = tuple[re.Pattern[str], ...]
_LATIN = (
    *("lorem", "ipsum", "dolor", "amet", "quarry", "tunnel", "gravel", "copper", "nickel", "basalt"),
    *("marble", "zenith", "meadow", "harbor", "lumber", "pepper", "window"),
)
_POOLS = (
    (0x3400, 0x9FFF, "山石田水木火土金工方正中平安文本立行和明"),
    (0x3040, 0x30FF, "あいうえおかきくけこさしすせそ"),
    (0xAC00, 0xD7AF, "가나다라마바사아자차카타파하"),
    (0x0400, 0x04FF, "абвгдежзиклмнопрст"),
)


def own_words(body: bytes, *, content_type: str | None, spec: SourceSpec) -> bytes:
    """Return an answer with its words replaced, in the encoding that the source's TOML names, else in UTF-8.

    `content_type` is the server's word.
    """
    keep = _kept(spec)
    encoding = spec.encoding or "utf-8"
    if body.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in (b"{", b"["):
        try:
            value = json.loads(body.decode(encoding, "replace"))
            return json.dumps(_of_value(value, keep), ensure_ascii=False, indent=1).encode(encoding, "replace")
        except (ValueError, RecursionError):
            pass
    text = body.decode(spec.encoding, "replace") if spec.encoding else html_to_unicode(content_type, body)[1]
    text = _ENCODING.sub(rf'\1"{encoding}"', text, count=1)
    return _of_markup(text, keep).encode(encoding, "xmlcharrefreplace")


def own_title(title: str, *, spec: SourceSpec) -> str:
    """Return a title with its words replaced as those of an answer are."""
    return _of_text(title, _kept(spec))


def _kept(spec: SourceSpec) -> _Kept:
    """Return the patterns of what stays: dates, addresses, and what the source's own rules look for."""
    rules: list[str | None] = [each.pattern for each in spec.classes]
    rules += [*spec.titles.strip, *map(re.escape, (*spec.titles.include, *spec.titles.exclude, *spec.blocks.markers))]
    rules.append(spec.deadline.pattern if spec.deadline is not None else None)
    rules.append(spec.listing.status_pattern if spec.listing is not None else None)
    # one by one, since a pattern may begin with flags of its own
    return (re.compile(_DATES, re.IGNORECASE), COMMENTARY, _ADDRESS, *map(re.compile, filter(None, rules)))


def _of_markup(text: str, keep: _Kept) -> str:
    def replaced(match: re.Match[str]) -> str:
        if match["cdata"]:
            return f"<![CDATA[{_of_markup(match[0][9:-3], keep)}]]>"
        if match["comment"]:
            return ""
        if match["code"]:
            return f"{match['code']}{_of_code(match['inside'], keep)}{match['end']}"
        if match["markup"]:
            return _SAID.sub(lambda said: f"{said[1]}{said[2][0]}{_of_text(said[2][1:-1], keep)}{said[2][0]}", match[0])
        return match[0]

    found, at = [], 0
    for match in _PARTS.finditer(text):
        found += [_of_text(text[at : match.start()], keep), replaced(match)]
        at = match.end()
    return "".join([*found, _of_text(text[at:], keep)])


def _of_code(code: str, keep: _Kept) -> str:
    """Return the data of a script; a program of theirs is left out."""
    try:
        return json.dumps(_of_value(json.loads(code), keep), ensure_ascii=False)
    except (ValueError, RecursionError):
        return ""


def _of_value(value: Any, keep: _Kept) -> Any:
    if isinstance(value, dict):
        return {key: _of_value(each, keep) for key, each in value.items()}
    if isinstance(value, list):
        return [_of_value(each, keep) for each in value]
    if not isinstance(value, str):
        return value
    if "<" in value:
        return _of_markup(value, keep)
    is_mark = value.isascii() and not any(letter.isspace() for letter in value)  # an id, a state, a date
    return value if is_mark else _of_text(value, keep)


def _of_text(text: str, keep: _Kept) -> str:
    found, at = [], 0
    for start, end in sorted(match.span() for pattern in keep for match in pattern.finditer(text)):
        if end > max(start, at):
            found += [_WORD.sub(_neutral, text[at:start]), text[max(start, at) : end]]
            at = end
    return "".join([*found, _WORD.sub(_neutral, text[at:])])


def _neutral(match: re.Match[str]) -> str:
    word = match[0]
    if word.isascii() and len(word) < 3:
        return word
    return "".join(_letter(letter, word, at) for at, letter in enumerate(word))


def _letter(letter: str, word: str, at: int) -> str:
    seed = zlib.crc32(word.lower().encode())
    for first, last, pool in _POOLS:
        if first <= ord(letter) <= last:
            new = pool[zlib.crc32(letter.lower().encode(), seed if first == 0x0400 else 0) % len(pool)]
            return new.upper() if letter.isupper() else new
    words: Sequence[str] = _LATIN
    new = words[seed % len(words)]
    new = new[at % len(new)]
    return new.upper() if letter.isupper() else new
