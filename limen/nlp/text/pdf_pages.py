"""The pages of an open PDF: their lines, and what of them is a picture."""

from __future__ import annotations

import math
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import pypdfium2

from limen.nlp.errors import Unreadable
from limen.nlp.text.pdf_lines import Line, char_lines
from limen.nlp.text.pdf_rules import page_rules
from limen.nlp.text.ruled import ruled_tables, seems_ruled
from limen.nlp.text.ruled_lines import lines_with_tables

MAX_SECONDS = 120.0
MAX_CHARACTERS = 20_000_000

DAMAGED = "fetch or save the file again"
# A scan with a stamp or page number as its only text is still a scan.
_SCAN = 8
_LEAST_DPI, _MOST_DPI = 150, 300
_MAX_PIXELS = 12_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A page as a grey picture (binary PNM), with the height of the page in points."""

    body: bytes
    height: float
    dpi: float


@dataclass(slots=True, kw_only=True)
class Pages:
    """What stands on the pages; page numbers count from 1, those of lines from 0."""

    count: int
    lines: list[Line] = field(default_factory=list)
    pictures: list[int] = field(default_factory=list)
    """Pages that are pictures without a text layer."""
    ruled: list[int] = field(default_factory=list)
    """Pages on which lines seem to make a table."""

    def texts(self) -> dict[int, str]:
        """Return all that was read of each page with a text layer, by its number."""
        by_page: defaultdict[int, list[str]] = defaultdict(list)
        for line in self.lines:
            by_page[line.page + 1].append(line.text)
        return {page: "\n".join(texts) for page, texts in by_page.items()}


def read_pages(document: Any, *, name: str) -> Pages:
    """Return the lines of all pages.

    Raises:
        Unreadable: a page is damaged, or there is too much on the pages.
    """
    pages = Pages(count=len(document))
    characters = 0
    end = time.monotonic() + MAX_SECONDS
    for number in range(len(document)):
        if time.monotonic() > end:
            raise Unreadable(name, f"reading the PDF took longer than {MAX_SECONDS:.0f} seconds", "split it")
        try:
            sheet = document[number]
            text_page = sheet.get_textpage()
        except pypdfium2.PdfiumError as error:
            raise Unreadable(name, f"page {number + 1} of the PDF is damaged ({error})", DAMAGED) from error
        characters += text_page.count_chars()
        if characters > MAX_CHARACTERS:
            raise Unreadable(name, f"the PDF has more than {MAX_CHARACTERS} characters", "split it")
        rules = page_rules(sheet)
        found = lines_with_tables(
            list(char_lines(text_page)), ruled_tables(rules), rules=rules, page=number, height=sheet.get_height()
        )
        is_scan = sum(len(line.text) for line in found) < _SCAN and _has_image(sheet)
        if is_scan or (not found and len(document) == 1):
            pages.pictures.append(number + 1)
        if found and seems_ruled(rules):
            pages.ruled.append(number + 1)
        pages.lines += found
        text_page.close()
        sheet.close()
    return pages


def picture_of(document: Any, number: int) -> Picture:
    """Return page `number` (from 1) as a picture of bounded size."""
    sheet = document[number - 1]
    try:
        width, height = sheet.get_size()
        dpi = min(_resolution(sheet), 72 * math.sqrt(_MAX_PIXELS / max(width * height, 1.0)))
        shown = sheet.render(scale=dpi / 72, grayscale=True)
        pixels = shown.to_numpy()
        head = f"P5 {pixels.shape[1]} {pixels.shape[0]} 255\n".encode()
        return Picture(body=head + pixels.tobytes(), height=height, dpi=dpi)
    finally:
        sheet.close()


def _resolution(sheet: Any) -> float:
    """Return the points an inch of the largest picture on a page, within reason: made larger, letters are read worse."""
    largest = (0.0, float(_MOST_DPI))
    for image in sheet.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = image.get_bounds()
        if right > left:
            largest = max(largest, ((right - left) * (top - bottom), 72 * image.get_px_size()[0] / (right - left)))
    return min(max(largest[1], _LEAST_DPI), _MOST_DPI)


def _has_image(sheet: Any) -> bool:
    return next(iter(sheet.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE], max_depth=3)), None) is not None
