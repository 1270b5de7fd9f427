"""The bytes as fetched, with everything that proves when and where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from limen.domain.source import DocumentClass

SECOND_VISIT = timedelta(minutes=10)
"""How much later than the first a visit must be to confirm what it found: within that a site is only being restarted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file linked from a page: absolute URL and the link's words."""

    url: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What the list, feed or service said about a page before it was fetched. All as found; None where it said nothing."""

    title: str | None = None
    published: datetime | None = None
    comment_deadline: datetime | None = None
    document_class: DocumentClass | None = None
    """Where the document is of another class than the source's others."""
    references: tuple[str, ...] = ()
    """Official numbers of the document: RIN, docket, CELEX, document number."""
    effective_on: date | None = None
    opened: datetime | None = None
    """When comments opened."""
    status: str | None = None
    """State of a consultation in the publisher's word: open, closed, outcome, withdrawn, 进行中."""
    editorial: bool = False
    """The publisher says that the version changes nothing in substance: it never alerts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """One fetch of one URL. The body is kept apart, content-addressed by `sha256`.

    `url` is the canonical URL that identifies the page over time, `final_url` where the redirects ended. `page_url` is
    the page that links an attachment, None for a page itself. `headers` keep their order and lower-case names.
    """

    source_id: str
    url: str
    final_url: str
    fetched_at: datetime
    status: int
    headers: tuple[tuple[str, str], ...]
    sha256: str
    size: int
    page_url: str | None = None
    attachments: tuple[Attachment, ...] = ()
    hints: Hints = Hints()
    identity: str = ""
    """What makes two addresses one document: key of the publisher, or the address without scheme and twin host."""
    revision: str | None = None
    """The publisher's own mark of this version."""

    def header(self, name: str) -> str | None:
        """Return the first value of a header, or None."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key == wanted), None)
