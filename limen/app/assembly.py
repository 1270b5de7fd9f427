"""One text out of a page and its attachments, in a worker process."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from limen.domain.document import PageText, Reading
from limen.domain.issue import Issue, IssueKind
from limen.nlp.errors import ReadingError

if TYPE_CHECKING:
    from limen.nlp.extraction import Extractor


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The bytes of a page or of one attachment. `label` is the words of the link that led to it; None for the page."""

    url: str
    label: str | None
    body: bytes
    media_type: str | None
    charset: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssemblyJob:
    """A page, then its attachments in the order of their links. `timezone` is the source's, for dates without one."""

    source_id: str
    timezone: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembled:
    """The document's whole text, with what the page says of itself, and the trouble that its attachments made."""

    title: str | None
    text: str
    published: datetime | None
    language: str
    unread: tuple[str, ...]
    """URLs of the attachments that could not be read."""
    issues: tuple[Issue, ...]


def assemble(job: AssemblyJob) -> Assembled:
    """Return the text of a page with each attachment's under a heading of its own.

    An attachment that cannot be read becomes an issue.

    Raises:
        Unreadable: the page itself cannot be read.
    """
    from limen.nlp.language import detect

    page, *attachments = job.parts
    first = _read(page, timezone=job.timezone)
    issues = [replace(issue, source_id=job.source_id, url=page.url) for issue in first.issues]
    texts = [first.text.strip()]
    unread = []
    for part in attachments:
        try:
            read = _read(part, timezone=job.timezone)
        except ReadingError as error:
            unread.append(part.url)
            issues.append(
                Issue(kind=IssueKind.UNREADABLE, message=str(error), source_id=job.source_id, url=part.url),
            )
            continue
        issues += [replace(issue, source_id=job.source_id, url=part.url) for issue in read.issues]
        texts.append(f"# {part.label or read.title or part.url}\n\n{read.text.strip()}")
    text = "\n\n".join(filter(None, texts)) + "\n"
    return Assembled(
        title=first.title,
        text=text,
        published=first.published,
        language=detect(text),
        unread=tuple(unread),
        issues=tuple(issues),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractionJob:
    """A stored text to read the requirements of."""

    language: str
    title: str
    text: str


def extract(job: ExtractionJob) -> Reading:
    """Return the reading of a stored text. Raises `UnsupportedLanguage`."""
    return _extractor().read(job.text, language=job.language, title=job.title)


@cache
def _extractor() -> Extractor:
    """Return the extractor of this process: its pipelines take a second to build."""
    from limen.nlp.extraction import Extractor

    return Extractor()


def _read(part: Part, *, timezone: str) -> PageText:
    from limen.nlp.text.reader import read_page

    return read_page(
        part.body, name=part.url, media_type=part.media_type, charset=part.charset, url=part.url, timezone=timezone
    )
