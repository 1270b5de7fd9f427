"""A second reader of the same PDF: where the two see other digits, a person must look.

pypdf shares no code with pdfium. It takes about a third of the time of the reading itself, so it looks at every page that
holds a number.
"""

from __future__ import annotations

import logging
import re
import time
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO

import pypdf

from limen.domain.issue import Issue, IssueKind, Severity

MAX_SECONDS = 20.0
MAX_PAGE_BYTES = 3_000_000
"""Drawing commands of one page, unpacked; pages with more are maps and plans, which pypdf takes minutes for."""

_SHOWN = 5
_NUMBER = re.compile(r"\d+")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """Numbers that only one of the readers sees on a page (from 1)."""

    page: int
    ours: tuple[str, ...]
    theirs: tuple[str, ...]

    def __str__(self) -> str:
        return f"page {self.page}: {_listed(self.ours)} against {_listed(self.theirs)}"


def check_digits(body: bytes, texts: Mapping[int, str], *, name: str) -> tuple[Issue, ...]:
    """Return an issue if pypdf sees other digits than `texts`, what was read of each page by its number from 1.

    Pages that pypdf cannot read are an issue too, of little weight: their numbers rest on one reader.
    """
    wanted = [page for page, text in texts.items() if _digits(text)]
    if not wanted:
        return ()
    # It tells every oddity of a file as a warning; what matters is only whether it can read it.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    found: list[Disagreement] = []
    unchecked = 0
    end = time.monotonic() + MAX_SECONDS
    try:
        reader = pypdf.PdfReader(BytesIO(body))
        for page in wanted:
            other = _text(reader, page) if time.monotonic() < end else None
            if other is None:
                unchecked += 1
            else:
                found += compare(texts[page], other, page=page)
    except Exception:  # noqa: BLE001  # a second opinion must not cost the first; pypdf fails in ways it does not document
        _log.info("second_reader_failed", extra={"document": name}, exc_info=True)
        unchecked = len(wanted)
    return tuple(_issues(name, found, unchecked))


def compare(ours: str, theirs: str, *, page: int) -> list[Disagreement]:
    """Return how two readings of a page differ in their digits: nothing where only the order, or what is drawn twice, differs."""
    if _digits(ours) == _digits(theirs):
        return []
    mine, other = _numbers(ours), _numbers(theirs)
    only_mine, only_other = mine - other, other - mine
    if (not only_mine and only_other.keys() <= mine.keys()) or (not only_other and only_mine.keys() <= other.keys()):
        # Drawn twice to look bold, or a shadow: one of the readers takes that for one.
        return []
    return [Disagreement(page=page, ours=tuple(only_mine), theirs=tuple(only_other))]


def _text(reader: pypdf.PdfReader, page: int) -> str | None:
    sheet = reader.pages[page - 1]
    contents = sheet.get_contents()
    if contents is None or len(contents.get_data()) > MAX_PAGE_BYTES:
        return None
    return sheet.extract_text()


def _digits(text: str) -> Counter[str]:
    return Counter(sign for sign in unicodedata.normalize("NFKC", text) if sign.isdecimal())


def _numbers(text: str) -> Counter[str]:
    return Counter(_NUMBER.findall(unicodedata.normalize("NFKC", text)))


def _listed(numbers: Iterable[str]) -> str:
    shown = list(numbers)
    return (", ".join(shown[:_SHOWN]) + (" and more" if len(shown) > _SHOWN else "")) or "nothing"


def _issues(name: str, found: list[Disagreement], unchecked: int) -> Iterable[Issue]:
    if found:
        places = "; ".join(map(str, found[:_SHOWN])) + ("; and more pages" if len(found) > _SHOWN else "")
        message = f"{name}: two readers see other numbers (pdfium against pypdf), compare them with the page: {places}"
        yield Issue(kind=IssueKind.AMBIGUOUS, message=message)
    if unchecked:
        message = f"{name}: the numbers on {unchecked} pages could not be checked by a second reader"
        yield Issue(kind=IssueKind.AMBIGUOUS, severity=Severity.INFO, message=message)
