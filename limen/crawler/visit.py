"""One document on its way through a run: how it is asked for, and what its answer is worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from limen.crawler.pages.main_text import main_digest
from limen.crawler.ports import Record, Saved
from limen.domain.fetched import Confirmed, Fetched
from limen.domain.snapshot import Hints, Snapshot

REVISION_TRUSTED = timedelta(days=7)
"""A publisher's mark that nothing changed is believed for so long; then the page itself is looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A document or attachment to fetch. `url` is the address it is kept under, `page_url` the page that links to it.

    `hints` is None for a page that no list of this run named. `known` is what is remembered of it, None if it is new.
    """

    identity: str
    url: str
    hints: Hints | None
    known: Fetched | None
    revision: str | None = None
    page_url: str | None = None

    def conditions(self) -> Mapping[str, str]:
        """Return the headers that ask only for what has changed (RFC 9110, 13); none for another version's address."""
        if self.known is None or (self.revision and self.known.revision and self.revision != self.known.revision):
            return {}
        headers = {"If-None-Match": self.known.etag, "If-Modified-Since": self.known.last_modified}
        return {name: value for name, value in headers.items() if value}

    def is_current(self, now: datetime) -> bool:
        """Tell whether the publisher's own mark says that nothing has changed, and may be believed."""
        return (
            self.known is not None
            and self.revision is not None
            and self.revision == self.known.revision
            and self.known.missing_since is None
            and not self.known.held
            and now - self.known.confirmed_at < REVISION_TRUSTED
        )

    def confirmed(self, at: datetime, *, etag: str | None = None, last_modified: str | None = None) -> Confirmed:
        """Return the record that it was seen unchanged."""
        return Confirmed(
            url=self.url, at=at, hints=self.hints, revision=self.revision, etag=etag, last_modified=last_modified
        )


def record_of(snapshot: Snapshot, body: bytes, *, visit: Visit, known_body: bytes | None) -> Record:
    """Return what to keep of an answer: its bytes, or only that the document was seen unchanged.

    Unchanged are the bytes that are known, and, if `known_body` is given, those of a page that differs from it in nothing
    that a reader could see.
    """
    known = visit.known
    unchanged = False
    if known is not None and known.attachments == snapshot.attachments:
        unchanged = known.sha256 == snapshot.sha256
        if not unchanged and known_body is not None:
            digest = main_digest(body, snapshot.header("content-type"))
            unchanged = digest is not None and digest == main_digest(known_body, snapshot.header("content-type"))
    if unchanged:
        return visit.confirmed(
            snapshot.fetched_at, etag=snapshot.header("etag"), last_modified=snapshot.header("last-modified")
        )
    return Saved(snapshot=snapshot, body=body)
