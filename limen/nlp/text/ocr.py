"""Text in pictures, recognised by tesseract where this machine has it."""

from __future__ import annotations

import csv
import re
import time
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from statistics import median

from limen.nlp.text.line_joining import BEGINS_IN_CJK, ENDS_IN_CJK
from limen.nlp.text.pdf_lines import LOST, Cell, Line
from limen.nlp.text.tools import ToolFailed, find_tool, run_tool

INSTALL = "install tesseract (apt-get install tesseract-ocr tesseract-ocr-chi-sim)"
BY_HAND = "run it through ocrmypdf by hand and give Limen the result"
LANGUAGES = ("chi_sim", "eng")
"""What is recognised, as tesseract names it. A mixture of both is read worse than either: each document has one."""
SECONDS = 75.0
"""Seconds that the pages of one document may take together."""

_PAGE_SECONDS = 40.0
# Confidences of tesseract, 0 to 100.
_LEGIBLE = 50.0
_CERTAIN = 75.0
_CELL_GAP = 2.2
_BLANK_AT_CJK = 0.45
_HEADING = 1.5
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Word:
    text: str
    left: float
    right: float
    top: float
    bottom: float
    confidence: float

    @property
    def is_doubtful(self) -> bool:
        """Whether a number in it may be another one."""
        return self.confidence < _CERTAIN and any(map(str.isdigit, self.text))

    @property
    def shown(self) -> str:
        """The word as it goes into the text."""
        return _DIGIT.sub(LOST, self.text) if self.is_doubtful else self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """The lines of one picture. `confidence` is tesseract's, 0 to 100.

    `doubtful` are the words with numbers that it is not certain of, as it reads them; in the lines their digits are `LOST`.
    """

    lines: tuple[Line, ...] = ()
    confidence: float = 0.0
    doubtful: tuple[str, ...] = ()

    @property
    def is_legible(self) -> bool:
        """Whether the picture holds text that can be told from noise."""
        return bool(self.lines) and self.confidence >= _LEGIBLE


@dataclass(slots=True)
class Recogniser:
    """Reads the pictures of one document, in the language that its first legible one is in."""

    tool: str
    languages: tuple[str, ...]
    _language: str | None = None
    _end: float = field(default_factory=lambda: time.monotonic() + SECONDS)

    def read(self, picture: bytes, *, page: int, height: float, dpi: float) -> Recognised:
        """Return the text of a picture (PNM, PNG, JPEG, TIFF) of page `page` (from 0), which is `height` points high.

        Raises:
            ToolFailed: tesseract failed, or the document has used up its time.
        """
        candidates = (self._language,) if self._language else self.languages
        best = Recognised()
        for language in candidates:
            left = self._end - time.monotonic()
            if left <= 0:
                raise ToolFailed(f"recognising its pages took longer than {SECONDS:.0f} seconds")
            found = _lines_of(
                run_tool(
                    [self.tool, "stdin", "stdout", "-l", language, "--dpi", str(round(dpi)), "tsv"],
                    body=picture,
                    seconds=min(left, _PAGE_SECONDS),
                    environment={"OMP_THREAD_LIMIT": "1"},
                ),
                page=page,
                height=height,
                scale=72 / dpi,
            )
            if found.confidence > best.confidence:
                best = found
                chosen = language
        if best.is_legible and self._language is None:
            self._language = chosen
        return best


def recogniser() -> Recogniser | None:
    """Return what reads the pictures of one document; None if this machine has no tesseract or none of its languages."""
    tool = find_tool("tesseract")
    languages = _installed(tool) if tool else ()
    return Recogniser(tool, languages) if tool and languages else None


def missing_languages() -> tuple[str, ...]:
    """Return the languages that the tesseract of this machine lacks; all if it has none."""
    tool = find_tool("tesseract")
    return tuple(sorted(set(LANGUAGES) - set(_installed(tool) if tool else ())))


@cache
def _installed(tool: str) -> tuple[str, ...]:
    try:
        listed = run_tool([tool, "--list-langs"], seconds=10).decode("utf-8", "replace").split()
    except ToolFailed:
        return ()
    return tuple(each for each in LANGUAGES if each in listed)


def _lines_of(tsv: bytes, *, page: int, height: float, scale: float) -> Recognised:
    by_line: defaultdict[tuple[str, str, str], list[_Word]] = defaultdict(list)
    for row in csv.DictReader(tsv.decode("utf-8", "replace").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE):
        word = _word(row, scale)
        if word is not None:
            by_line[row["block_num"], row["par_num"], row["line_num"]].append(word)
    rows = list(by_line.values())
    words = [word for row in rows for word in row]
    letters = sum(len(word.text) for word in words)
    if not letters:
        return Recognised()
    body = median(word.bottom - word.top for word in words)
    return Recognised(
        lines=tuple(_line(row, body, page=page, height=height) for row in rows),
        confidence=sum(word.confidence * len(word.text) for word in words) / letters,
        doubtful=tuple(word.text for word in words if word.confidence < _CERTAIN and any(map(str.isdigit, word.text))),
    )


def _word(row: dict[str, str], scale: float) -> _Word | None:
    text = (row.get("text") or "").strip()
    if row.get("level") != "5" or not text:
        return None
    left, top, width, height = (int(row[key]) * scale for key in ("left", "top", "width", "height"))
    return _Word(text=text, left=left, right=left + width, top=top, bottom=top + height, confidence=float(row["conf"]))


def _line(words: list[_Word], body: float, *, page: int, height: float) -> Line:
    tall = median(word.bottom - word.top for word in words)
    # Heights of recognised lines differ by the letters in them: only what is clearly larger is a heading.
    size = round(tall, 1) if tall > _HEADING * body and len(words) > 1 else round(body, 1)
    cells: list[list[_Word]] = [[words[0]]]
    for before, word in pairwise(words):
        if word.left - before.right > _CELL_GAP * size:
            cells.append([])
        cells[-1].append(word)
    base = height - median(word.bottom for word in words)
    return Line(
        page=page,
        cells=tuple(Cell(text=_text(cell, size), left=cell[0].left, right=cell[-1].right) for cell in cells),
        base=base,
        size=size,
        relative_height=base / height if height else 0.5,
    )


def _text(words: list[_Word], size: float) -> str:
    text = words[0].shown
    for before, word in pairwise(words):
        at_cjk = bool(ENDS_IN_CJK.search(before.text)), bool(BEGINS_IN_CJK.match(word.text))
        blank = not any(at_cjk) or (not all(at_cjk) and word.left - before.right > _BLANK_AT_CJK * size)
        text += (" " if blank else "") + word.shown
    return text
