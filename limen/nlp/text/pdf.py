"""PDF: the text layer in reading order, without what repeats on every page; pages that are pictures through tesseract."""

from __future__ import annotations

from threading import Lock
from typing import Any

import pypdfium2

from limen.domain.document import PageText
from limen.domain.issue import Issue, IssueKind
from limen.nlp.errors import Unreadable
from limen.nlp.text.markdown import render
from limen.nlp.text.pdf_blocks import title_of
from limen.nlp.text.pdf_check import check_digits
from limen.nlp.text.pdf_lines import LOST
from limen.nlp.text.pdf_pages import DAMAGED, Pages, picture_of, read_pages
from limen.nlp.text.raw_page import RawPage
from limen.nlp.text.recognised import blocks_of_pages, recognise
from limen.nlp.text.ruled import missing_issue

MAX_PAGES = 3000

# pdfium may be used by one thread at a time only.
_pdfium = Lock()


def read_pdf(page: RawPage) -> PageText:
    """Return the text of a PDF: paragraphs made whole over lines and pages, headings by the size of their letters.

    The title is what the file states if it stands in the text, else the largest heading of the first page. Pages that are
    pictures are recognised by tesseract, stand between the marks of `recognised`, and are an issue either way.

    Raises:
        Unreadable: the PDF is damaged, encrypted, too long, or holds no text that can be read on this machine.
    """
    with _pdfium:
        document = _open(page)
        try:
            pages = read_pages(document, name=page.name)
            pictures = recognise(pages.pictures, lambda number: picture_of(document, number), name=page.name)
            stated = (document.get_metadata_dict(skip_empty=True).get("Title") or "").strip()
        finally:
            document.close()
    if len(pictures.unread) == pages.count:
        raise Unreadable(page.name, "the PDF has no text layer (its pages are pictures)", pictures.trouble)
    blocks = blocks_of_pages(pages.lines, pictures, pages=pages.count)
    text = render(each.block for each in blocks)
    if not text:
        raise Unreadable(page.name, "the PDF holds no text", "look at it; if it shows text, run it through ocrmypdf")
    return PageText(
        text=text,
        title=title_of(blocks, text, stated=_stated_title(stated)),
        issues=(
            *pictures.issues(),
            *_issues(page.name, pages),
            *check_digits(page.body, pages.texts(), name=page.name),
        ),
    )


def _open(page: RawPage) -> Any:
    try:
        document = pypdfium2.PdfDocument(page.body)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise Unreadable(page.name, "the PDF is encrypted", "save it without a password") from error
        raise Unreadable(page.name, f"the PDF is damaged or cut off ({error})", DAMAGED) from error
    if len(document) > MAX_PAGES:
        count = len(document)
        document.close()
        raise Unreadable(page.name, f"the PDF has {count} pages, more than {MAX_PAGES}", "split it")
    return document


def _stated_title(stated: str) -> str | None:
    # What programs fill in by themselves is no title.
    lowered = stated.lower()
    if not stated or lowered.startswith(("microsoft word", "untitled", "powerpoint")) or "." in stated[-6:]:
        return None
    return stated


def _issues(name: str, pages: Pages) -> list[Issue]:
    issues = []
    lost = sum(line.text.count(LOST) for line in pages.lines)
    if lost:
        message = f"{name}: {lost} characters of the PDF have no meaning in its fonts and are shown as {LOST}"
        issues.append(Issue(kind=IssueKind.UNREADABLE, message=message))
    ruled = missing_issue(name, pages.ruled)
    return [*issues, ruled] if ruled is not None else issues
