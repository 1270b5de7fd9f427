"""Bytes to characters: what the page declares is believed only as far as the bytes bear it out."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from charset_normalizer import from_bytes

from limen.domain.issue import Issue, IssueKind, Severity
from limen.nlp.text.mojibake import untwisted

# Browsers read these labels as the larger sets that writers really use (WHATWG Encoding Standard, section 4.2).
_LARGER = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "cp936": "gb18030",
    "hz": "gb18030",
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
_ALIASES = {"x-gbk": "gbk", "gb_2312-80": "gb2312", "gb_2312": "gb2312", "x-sjis": "shift_jis", "unicode": "utf-16"}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"""(?:charset\s*=|<\?xml[^>]{0,200}?encoding\s*=)\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_DECLARATION_ZONE = 4096
_HIGH = re.compile(rb"[\x80-\xff]+")
_SAMPLE = 32_768
# In the two-byte sets of East Asia high bytes stand together; in European ones nearly always alone.
_EAST_ASIAN_SHARE = 0.6
_EAST_ASIAN_RUN = 3
_EAST_ASIAN_LEAST = 8
_EAST_ASIAN = frozenset({"gb18030", "big5hkscs", "big5", "cp932", "shift_jis", "euc_jp", "cp949", "utf-8"})
_WESTERN = frozenset({"cp1252", "cp1254", "iso8859-15", "iso8859-2", "cp1250"})
_CUT = re.compile(rb"(?:[\xc2-\xf4]|[\xe0-\xf4][\x80-\xbf]{1,2})\Z")
# Fewer broken places than one in so many bytes are damage within a right encoding, not a wrong one.
_DAMAGE = 400
_CERTAIN_SEQUENCES = 4
# What is left of control characters after decoding says nothing and trips XML parsers.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
REPLACEMENT = "\ufffd"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """The characters, with LF line ends and without a byte order mark, and what was lost on the way."""

    text: str
    encoding: str
    issues: tuple[Issue, ...] = ()


def decode(body: bytes, *, name: str, charset: str | None = None) -> Decoded:
    """Return the characters of `body`.

    A byte order mark decides; then `charset` (from HTTP), then what the text declares, unless the bytes contradict it;
    then detection. Bytes that no encoding explains become U+FFFD and an issue that counts them.
    """
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return _finish(body[len(mark) :], encoding, name)
    declared = [label for label in (_known(charset), _known(_declaration(body))) if label]
    return _finish(body, _choose(body, declared), name)


def _choose(body: bytes, declared: list[str]) -> str:
    high = sum(map(len, _HIGH.findall(body)))
    if not high:
        stateful = next((label for label in declared if label.startswith(("iso2022", "utf-16", "utf-32"))), None)
        return stateful if stateful and _decodes(body, stateful) else "utf-8"
    if _decodes(body, "utf-8") and ("utf-8" in declared or not declared or _sequences(body) >= _CERTAIN_SEQUENCES):
        # Text of another encoding is valid UTF-8 only by accident, and hardly four times in a row.
        return "utf-8"
    east_asian = _is_east_asian(body)
    for label in declared:
        if label != "utf-8" and _plausible(body, label) and not (east_asian and label in _WESTERN):
            return label
    if ("utf-8" in declared or not declared) and _is_damaged_utf8(body):
        return "utf-8"
    return _detect(body)


def _is_east_asian(body: bytes) -> bool:
    """Tell whether the high bytes stand as in a two-byte set of East Asia: servers say iso-8859-1 where they know nothing."""
    runs = _HIGH.findall(body)
    high = sum(map(len, runs))
    together = sum(len(run) for run in runs if len(run) >= _EAST_ASIAN_RUN)
    return high >= _EAST_ASIAN_LEAST and together >= _EAST_ASIAN_SHARE * high and _detect(body) in _EAST_ASIAN


def _plausible(body: bytes, label: str) -> bool:
    if _decodes(body, label):
        return True
    # One broken character at a cut or in a comment does not make a declaration wrong.
    broken = body.decode(label, "replace").count(REPLACEMENT)
    return broken * _DAMAGE <= len(body)


def _is_damaged_utf8(body: bytes) -> bool:
    broken = body.decode("utf-8", "replace").count(REPLACEMENT)
    good = _sequences(body)
    if good == 0:
        # A lone high byte is a letter of another set, unless the text was cut within it.
        return broken == 1 and _CUT.search(body) is not None
    return 0 < broken <= max(1, good // 20)


def _sequences(body: bytes) -> int:
    return sum(character > "\x7f" and character != REPLACEMENT for character in body.decode("utf-8", "replace"))


def _detect(body: bytes) -> str:
    runs = _HIGH.findall(body)
    together = sum(len(run) for run in runs if len(run) > 1)
    if together < _EAST_ASIAN_SHARE * sum(map(len, runs)):
        return "cp1252"
    if _is_gb2312(runs):
        return "gb18030"
    sample = b" ".join(re.findall(rb"[^<>]*[\x80-\xff][^<>]*", body))[:_SAMPLE]
    best = from_bytes(sample, cp_isolation=["gb18030", "big5", "cp932", "cp949", "euc_jp", "cp1251", "koi8_r"]).best()
    if best is None:
        return "gb18030" if _decodes(body, "gb18030") else "cp1252"
    label = best.encoding
    return _LARGER.get(label, label)


def _is_gb2312(runs: list[bytes]) -> bool:
    """Tell whether pairs of high bytes are common Chinese characters, for texts too short for statistics.

    The 3,755 characters of level 1 of GB 2312 have the leads B0 to D7; Korean syllables end at C8, and Japanese is full of
    kana (A4, A5).
    """
    leads = [byte for run in runs if len(run) % 2 == 0 for byte in run[:_SAMPLE:2]]
    letters = [lead for lead in leads if not 0xA1 <= lead <= 0xA3]
    if len(letters) < _EAST_ASIAN_LEAST // 2:
        return False
    common = sum(0xB0 <= lead <= 0xD7 for lead in letters)
    beyond_korean = sum(0xC9 <= lead <= 0xF7 for lead in letters)
    return common >= 0.8 * len(letters) and beyond_korean >= max(1.0, 0.05 * len(letters))


def _finish(body: bytes, encoding: str, name: str) -> Decoded:
    text = body.decode(encoding, "replace")
    issues: tuple[Issue, ...] = ()
    lost = text.count(REPLACEMENT)
    if lost:
        message = f"{name}: {lost} characters could not be read as {encoding} and are shown as {REPLACEMENT}"
        severity = Severity.WARNING if lost * _DAMAGE > len(text) else Severity.INFO
        issues = (Issue(kind=IssueKind.UNREADABLE, message=message, severity=severity),)
    text, twisted = untwisted(text)
    if twisted:
        message = f"{name}: {twisted} characters were encoded twice (like â‰¥ for ≥) and have been put right"
        issues = (*issues, Issue(kind=IssueKind.UNREADABLE, message=message, severity=Severity.INFO))
    text = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    return Decoded(text=_CONTROLS.sub("", text), encoding=encoding, issues=issues)


def _declaration(body: bytes) -> str | None:
    match = _DECLARED.search(body[:_DECLARATION_ZONE])
    return match[1].decode("ascii", "ignore") if match else None


def _known(label: str | None) -> str | None:
    """Return the codec to decode a declared label with, None for a label that means nothing."""
    wanted = (label or "").strip().strip("\"'").lower()
    if not wanted:
        return None
    try:
        codec = codecs.lookup(_ALIASES.get(wanted, wanted))
    except (LookupError, ValueError):
        return None
    if not getattr(codec, "_is_text_encoding", True) or codec.name in {"idna", "punycode", "utf-7", "unicode_escape"}:
        return None
    return _LARGER.get(codec.name, codec.name)


def _decodes(body: bytes, encoding: str) -> bool:
    try:
        body.decode(encoding)
    except (UnicodeError, LookupError):
        return False
    return True
