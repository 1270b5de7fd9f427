"""PDF: the text layer in reading order, without what repeats on every page."""

from __future__ import annotations

import time
from threading import Lock
from typing import Any

import pypdfium2

from limen.domain.document import PageText
from limen.domain.issue import Issue, IssueKind
from limen.nlp.errors import Unreadable
from limen.nlp.text.markdown import BlockKind, render
from limen.nlp.text.pdf_blocks import PdfBlock, pdf_blocks
from limen.nlp.text.pdf_furniture import without_furniture
from limen.nlp.text.pdf_lines import LOST, Line, page_lines
from limen.nlp.text.raw_page import RawPage

MAX_PAGES = 3000
MAX_SECONDS = 120.0
MAX_CHARACTERS = 20_000_000

_OCR = "run it through tesseract or ocrmypdf (with chi_sim for Chinese) and give Limen the result"
_AGAIN = "fetch or save the file again"
# A scan with a stamp or page number as its only text is still a scan.
_SCAN = 8

# pdfium may be used by one thread at a time only.
_pdfium = Lock()


def read_pdf(page: RawPage) -> PageText:
    """Return the text of a PDF: paragraphs made whole over lines and pages, headings by the size of their letters.

    The title is the largest heading of the first page, else what the file states. Pages that are images are an issue.

    Raises:
        Unreadable: the PDF is damaged, encrypted, too long, or has no text layer.
    """
    with _pdfium:
        document = _open(page)
        try:
            lines, pages, empty = _lines(document, name=page.name)
            stated = (document.get_metadata_dict(skip_empty=True).get("Title") or "").strip()
        finally:
            document.close()
    if len(empty) == pages:
        raise Unreadable(page.name, "the PDF has no text layer (its pages are pictures)", _OCR)
    blocks = pdf_blocks(without_furniture([line for line in lines if line.cells], pages=pages))
    text = render(each.block for each in blocks)
    if not text:
        raise Unreadable(page.name, "the PDF holds no text", _OCR)
    return PageText(text=text, title=_title(blocks) or _stated_title(stated), issues=_issues(page.name, text, empty))


def _open(page: RawPage) -> Any:
    try:
        document = pypdfium2.PdfDocument(page.body)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise Unreadable(page.name, "the PDF is encrypted", "save it without a password") from error
        raise Unreadable(page.name, f"the PDF is damaged or cut off ({error})", _AGAIN) from error
    if len(document) > MAX_PAGES:
        count = len(document)
        document.close()
        raise Unreadable(page.name, f"the PDF has {count} pages, more than {MAX_PAGES}", "split it")
    return document


def _lines(document: Any, *, name: str) -> tuple[list[Line], int, list[int]]:
    """Return the lines of all pages, how many pages there are, and the numbers (from 1) of those without text."""
    lines: list[Line] = []
    empty: list[int] = []
    characters = 0
    end = time.monotonic() + MAX_SECONDS
    for number in range(len(document)):
        if time.monotonic() > end:
            raise Unreadable(name, f"reading the PDF took longer than {MAX_SECONDS:.0f} seconds", "split it")
        try:
            sheet = document[number]
            text_page = sheet.get_textpage()
        except pypdfium2.PdfiumError as error:
            raise Unreadable(name, f"page {number + 1} of the PDF is damaged ({error})", _AGAIN) from error
        characters += text_page.count_chars()
        if characters > MAX_CHARACTERS:
            raise Unreadable(name, f"the PDF has more than {MAX_CHARACTERS} characters", "split it")
        found = page_lines(text_page, page=number, height=sheet.get_height())
        is_scan = sum(len(line.text) for line in found) < _SCAN and _has_image(sheet)
        if is_scan or (not found and len(document) == 1):
            empty.append(number + 1)
        lines += found
        text_page.close()
        sheet.close()
    return lines, len(document), empty


def _has_image(sheet: Any) -> bool:
    return next(iter(sheet.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE], max_depth=3)), None) is not None


def _title(blocks: list[PdfBlock]) -> str | None:
    heads = [each for each in blocks if each.block.kind is BlockKind.HEADING and each.page == 0]
    largest = max(heads, key=lambda each: each.size, default=None)
    return None if largest is None else largest.block.text.lstrip("# ")


def _stated_title(stated: str) -> str | None:
    # What programs fill in by themselves is no title.
    lowered = stated.lower()
    if not stated or lowered.startswith(("microsoft word", "untitled", "powerpoint")) or "." in stated[-6:]:
        return None
    return stated


def _issues(name: str, text: str, empty: list[int]) -> tuple[Issue, ...]:
    issues = []
    if empty:
        shown = ", ".join(map(str, empty[:20])) + (" and more" if len(empty) > 20 else "")
        message = f"{name}: pages {shown} are images without text; {_OCR}"
        issues.append(Issue(kind=IssueKind.UNREADABLE, message=message))
    lost = text.count(LOST)
    if lost:
        message = f"{name}: {lost} characters of the PDF have no meaning in its fonts and are shown as {LOST}"
        issues.append(Issue(kind=IssueKind.UNREADABLE, message=message))
    return tuple(issues)
