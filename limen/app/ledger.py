"""What the crawl process writes to: the store and the blobs behind the crawler's port."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from limen.app.clock import Clock, shifted_clock
from limen.crawler.ports import Fetched
from limen.domain.issue import Issue
from limen.domain.snapshot import Snapshot
from limen.store.blobs import BlobStore
from limen.store.repositories import issues, snapshots
from limen.store.session import Store


class StoreLedger:
    """The crawler's `CrawlLedger` over a database. Each call is a transaction of its own, so a kill loses one page at most."""

    def __init__(self, *, store: Store, blobs: BlobStore, clock: Clock) -> None:
        self._store = store
        self._blobs = blobs
        self._clock = clock

    def last(self, source_id: str, url: str) -> Fetched | None:
        """Return what is known of a URL's newest bytes, or None."""
        with self._store.reading() as session:
            stored = snapshots.latest(session, source_id, url)
        if stored is None or not self._blobs.exists(stored.snapshot.sha256):
            # Without its bytes a row proves nothing: fetch the page again, unconditionally.
            return None
        return Fetched(
            etag=stored.etag,
            last_modified=stored.last_modified,
            sha256=stored.snapshot.sha256,
            attachments=stored.snapshot.attachments,
            fetched_at=stored.snapshot.fetched_at,
        )

    def save(self, snapshot: Snapshot, body: bytes) -> None:
        """Keep a fetch: the bytes first, so that no row ever points to nothing."""
        self._blobs.put(body)
        with self._store.transaction() as session:
            snapshots.save(session, snapshot)

    def confirm(self, source_id: str, url: str, *, at: datetime) -> None:
        """Record that a URL was seen unchanged."""
        with self._store.transaction() as session:
            snapshots.confirm(session, source_id, url, at=at)

    def known_pages(self, source_id: str, *, since: datetime) -> Sequence[str]:
        """Return the pages of a source that were seen since a time, in a fixed order."""
        with self._store.reading() as session:
            return sorted(snapshots.known_pages(session, source_id, since=since))

    def report(self, issue: Issue) -> None:
        """Keep an issue."""
        with self._store.transaction() as session:
            issues.save(session, issue, at=self._clock())

    def close(self) -> None:
        """Close the database."""
        self._store.close()


def open_ledger(*, database_url: str, blobs: str, clock_offset_seconds: float = 0.0) -> StoreLedger:
    """Return the ledger that the crawl process names in its job."""
    return StoreLedger(
        store=Store.open(database_url),
        blobs=BlobStore(Path(blobs)),
        clock=shifted_clock(timedelta(seconds=clock_offset_seconds)),
    )
