"""What the crawler needs from outside: a memory of what was fetched, and a place for what is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from limen.domain.issue import Issue
from limen.domain.snapshot import Attachment, Snapshot

Clock = Callable[[], datetime]
"""Returns the present moment, zone-aware."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What is remembered of the newest bytes of a URL: validators for a conditional request, digest, attachments."""

    etag: str | None
    last_modified: str | None
    sha256: str
    attachments: tuple[Attachment, ...]
    fetched_at: datetime


class CrawlLedger(Protocol):
    """The port to the store. Calls come from worker threads, one source at a time each."""

    def last(self, source_id: str, url: str) -> Fetched | None:
        """Return what is known of a URL's newest bytes; None if it was never fetched."""

    def save(self, snapshot: Snapshot, body: bytes) -> None:
        """Keep a fetch whose bytes are new."""

    def confirm(self, source_id: str, url: str, *, at: datetime) -> None:
        """Record that a URL was seen unchanged (304, or the same bytes)."""

    def known_pages(self, source_id: str, *, since: datetime) -> Sequence[str]:
        """Return the pages of a source that were fetched or confirmed since a time."""

    def report(self, issue: Issue) -> None:
        """Keep an issue."""

    def close(self) -> None:
        """Release what the ledger holds; nothing is called after this."""
