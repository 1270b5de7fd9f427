"""What the crawl process writes to: the store and the blobs behind the crawler's port."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from limen.app.clock import Clock, shifted_clock
from limen.crawler.ports import Fetched
from limen.domain.issue import Issue, IssueKind
from limen.domain.snapshot import Snapshot
from limen.store.blobs import BlobStore
from limen.store.errors import StoreError
from limen.store.repositories import issues, snapshots
from limen.store.session import Store


class StoreLedger:
    """The crawler's `CrawlLedger` over a database. Each call is a transaction of its own, so a kill loses one page at most."""

    def __init__(self, *, store: Store, blobs: BlobStore, clock: Clock) -> None:
        self._store = store
        self._blobs = blobs
        self._clock = clock
        self._failure: StoreError | None = None

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
        try:
            self._blobs.put(body)
            with self._store.transaction() as session:
                snapshots.save(session, snapshot)
        except StoreError as error:
            self._note_failure(snapshot, error)
            raise

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
        """Close the database.

        Raises:
            StoreError: a fetch could not be kept. A crawl that lost pages must not end as if it had them all.
        """
        self._store.close()
        if self._failure is not None:
            raise self._failure

    def _note_failure(self, snapshot: Snapshot, error: StoreError) -> None:
        if self._failure is not None:
            return
        self._failure = error
        with suppress(StoreError):  # where the database is as full as the disk, the log has to do
            self.report(
                Issue(kind=IssueKind.FETCH_FAILED, message=str(error), source_id=snapshot.source_id, url=snapshot.url)
            )


def open_ledger(*, database_url: str, blobs: str, clock_offset_seconds: float = 0.0) -> StoreLedger:
    """Return the ledger that the crawl process names in its job."""
    return StoreLedger(
        store=Store.open(database_url),
        blobs=BlobStore(Path(blobs)),
        clock=shifted_clock(timedelta(seconds=clock_offset_seconds)),
    )
