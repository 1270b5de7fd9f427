"""Pages that were recognised in pictures: how they are read, and how the text and its issues say so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from limen.domain.issue import Issue, IssueKind, Severity
from limen.nlp.text.markdown import Block, paragraph
from limen.nlp.text.ocr import BY_HAND, INSTALL, LANGUAGES, Recogniser, missing_languages, recogniser
from limen.nlp.text.page_numbers import numbers_of
from limen.nlp.text.pdf_blocks import PdfBlock, pdf_blocks
from limen.nlp.text.pdf_furniture import without_furniture
from limen.nlp.text.pdf_lines import LOST, Line
from limen.nlp.text.pdf_pages import Picture
from limen.nlp.text.tools import ToolFailed

BEGIN, END = "[OCR]", "[/OCR]"
"""Stand on lines of their own in the stored text around what was recognised: its letters may be wrong."""

_SHOWN = 8


@dataclass(slots=True, kw_only=True)
class RecognisedPages:
    """What became of the pages (from 1) of a document that are pictures."""

    name: str
    lines: list[Line] = field(default_factory=list)
    read: list[int] = field(default_factory=list)
    unread: list[int] = field(default_factory=list)
    doubtful: list[str] = field(default_factory=list)
    trouble: str = ""
    """Why the pages in `unread` were not read, and what to do."""

    def issues(self) -> tuple[Issue, ...]:
        """Return what a person should know: which pages are recognised, which numbers are in doubt, which pages are not read."""
        found = []
        if self.read:
            message = f"{self.name}: pages {numbers_of(self.read)} are pictures; their text was recognised by tesseract"
            found.append(Issue(kind=IssueKind.RECOGNISED, severity=Severity.INFO, message=message))
        if self.doubtful:
            shown = ", ".join(dict.fromkeys(self.doubtful[:_SHOWN])) + (
                " and more" if len(self.doubtful) > _SHOWN else ""
            )
            message = (
                f"{self.name}: tesseract is not certain of these numbers, whose digits stand as {LOST} in the text: {shown}; "
                "look at the page"
            )
            found.append(Issue(kind=IssueKind.AMBIGUOUS, message=message))
        if self.unread:
            message = f"{self.name}: pages {numbers_of(self.unread)} are images without text; {self.trouble}"
            found.append(Issue(kind=IssueKind.UNREADABLE, message=message))
        return tuple(found)


def recognise(pages: Sequence[int], picture: Callable[[int], Picture], *, name: str) -> RecognisedPages:
    """Return the text of the pages (from 1) whose pictures `picture` gives. Never raises: what fails is unread."""
    result = RecognisedPages(name=name)
    reader = recogniser() if pages else None
    if reader is None:
        result.unread = list(pages)
        result.trouble = INSTALL
        return result
    for place, number in enumerate(pages):
        try:
            _read(reader, picture(number), number, result)
        except ToolFailed as error:
            result.unread += pages[place:]
            result.trouble = f"{error}; {BY_HAND}"
            break
    return result


def blocks_of_pages(lines: Sequence[Line], pictures: RecognisedPages, *, pages: int) -> list[PdfBlock]:
    """Return the blocks of all pages in order, of recognised ones between the marks that say so, without furniture."""
    read = {number - 1 for number in pictures.read}
    typed = [line for line in lines if line.cells and line.page not in read]
    every = sorted([*typed, *pictures.lines], key=lambda line: line.page)
    blocks: list[PdfBlock] = []
    for is_recognised, group in groupby(without_furniture(every, pages=pages), key=lambda line: line.page in read):
        made = pdf_blocks(list(group))
        if is_recognised and made:
            marked = with_marks(each.block for each in made)
            places = [made[0], *made, made[-1]]
            made = [PdfBlock(block=block, size=of.size, page=of.page) for block, of in zip(marked, places, strict=True)]
        blocks += made
    return blocks


def with_marks(blocks: Iterable[Block]) -> list[Block]:
    """Return recognised blocks between the marks that say so."""
    return [paragraph(BEGIN), *blocks, paragraph(END)]


def _read(reader: Recogniser, picture: Picture, number: int, result: RecognisedPages) -> None:
    found = reader.read(picture.body, page=number - 1, height=picture.height, dpi=picture.dpi)
    if found.is_legible:
        result.read.append(number)
        result.lines += found.lines
        result.doubtful += found.doubtful
        return
    result.unread.append(number)
    lacking = [each for each in LANGUAGES if each in missing_languages()]
    more = f"; tesseract lacks {', '.join(lacking)}: {INSTALL}" if lacking else ""
    result.trouble = f"tesseract found no legible text on them; look at them{more}"
