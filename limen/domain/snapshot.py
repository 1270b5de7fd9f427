"""The bytes as fetched, with everything that proves when and where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file linked from a page: absolute URL and the link's words."""

    url: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What the list, feed or sitemap said about a page before it was fetched. All as found; None where it said nothing."""

    title: str | None = None
    published: datetime | None = None
    comment_deadline: datetime | None = None


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

    def header(self, name: str) -> str | None:
        """Return the first value of a header, or None."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key == wanted), None)
