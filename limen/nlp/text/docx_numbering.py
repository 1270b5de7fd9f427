"""The automatic numbers of Word's lists and clauses: 第一条, 1.2, (a), bullets."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from lxml.etree import _Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

_CHINESE_DIGITS = "〇一二三四五六七八九"
_ROMAN = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)
_CHINESE_KINDS = """
chineseCounting chineseCountingThousand taiwaneseCounting taiwaneseCountingThousand japaneseCounting ideographDigital
chineseLegalSimplified
"""
_CHINESE = frozenset(_CHINESE_KINDS.split())
_MOST = 9999


@dataclass(frozen=True, slots=True, kw_only=True)
class ListMark:
    """What Word shows before a paragraph: `label`, or a bullet where it is None. `level` counts from 0."""

    label: str | None
    level: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Level:
    kind: str
    text: str
    start: int


class Numbering:
    """Counts the numbered paragraphs of one document in order."""

    def __init__(self, part: _Element | None) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._abstract: dict[str, str] = {}
        self._counts: defaultdict[str, dict[int, int]] = defaultdict(dict)
        if part is not None:
            self._read(part)

    def next_mark(self, number_id: str, level: int) -> ListMark | None:
        """Return the mark of the next paragraph of that list and level; None where the list shows none."""
        abstract = self._abstract.get(number_id)
        found = self._levels.get(number_id, {}).get(level)
        if abstract is None or found is None or found.kind == "none":
            return None
        if found.kind == "bullet":
            return ListMark(label=None, level=level)
        counts = self._counts[abstract]
        counts[level] = counts.get(level, found.start - 1) + 1
        for deeper in [each for each in counts if each > level]:
            del counts[deeper]
        label = found.text
        for each in range(level + 1):
            shape = self._levels[number_id].get(each, found)
            label = label.replace(f"%{each + 1}", _written(counts.get(each, shape.start), shape.kind))
        return ListMark(label=label.strip(), level=level) if label.strip() else None

    def _read(self, part: _Element) -> None:
        abstract = {
            each.get(f"{W}abstractNumId", ""): {
                _integer(level.get(f"{W}ilvl"), 0): _level(level) for level in each.iterchildren(f"{W}lvl")
            }
            for each in part.iterchildren(f"{W}abstractNum")
        }
        for each in part.iterchildren(f"{W}num"):
            number_id, reference = each.get(f"{W}numId", ""), each.find(f"{W}abstractNumId")
            key = reference.get(f"{W}val", "") if reference is not None else ""
            self._levels[number_id] = dict(abstract.get(key, {}))
            overrides = list(each.iterchildren(f"{W}lvlOverride"))
            # A list that starts anew counts for itself.
            self._abstract[number_id] = f"{key}/{number_id}" if overrides else key
            for override in overrides:
                for level in override.iterchildren(f"{W}lvl"):
                    self._levels[number_id][_integer(override.get(f"{W}ilvl"), 0)] = _level(level)


def _level(level: _Element) -> _Level:
    def value(name: str, default: str) -> str:
        found = level.find(f"{W}{name}")
        return default if found is None else found.get(f"{W}val", default)

    return _Level(kind=value("numFmt", "decimal"), text=value("lvlText", ""), start=_integer(value("start", "1"), 1))


def _written(number: int, kind: str) -> str:
    if not 0 < number <= _MOST:
        return str(number)
    if kind in {"lowerLetter", "upperLetter"}:
        letters = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letters if kind == "lowerLetter" else letters.upper()
    if kind in {"lowerRoman", "upperRoman"}:
        return _roman(number) if kind == "lowerRoman" else _roman(number).upper()
    if kind in _CHINESE:
        return _chinese(number)
    if kind.startswith("decimalEnclosedCircle") and number <= 20:
        return chr(0x2460 + number - 1)
    return f"{number:02d}" if kind == "decimalZero" else str(number)


def _roman(number: int) -> str:
    signs = ""
    for value, sign in _ROMAN:
        count, number = divmod(number, value)
        signs += sign * count
    return signs


def _chinese(number: int) -> str:
    written, zero = "", False
    for power, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, power)
        if digit:
            written += ("〇" if zero and written else "") + _CHINESE_DIGITS[digit] + unit
        zero = not digit
    return written.removeprefix("一") if written.startswith("一十") else written


def _integer(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else default
