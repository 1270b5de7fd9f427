"""What the crawl process writes to: the store and the blobs behind the crawler's port."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from limen.app.clock import Clock, shifted_clock
from limen.crawler.ports import KeptList, Missing, Record, Saved
from limen.domain.fetched import Confirmed, Fetched
from limen.domain.issue import Issue, IssueKind
from limen.store.blob_writer import BlobWriter
from limen.store.blobs import BlobStore
from limen.store.errors import BlobCorrupt, BlobMissing, BlobUnreadable, StoreError
from limen.store.records import StoredList
from limen.store.repositories import crawl_memory, issues, snapshots
from limen.store.session import Store

MANY = 100
"""Pages of a run from which on a process of its own writes their bytes."""


class StoreLedger:
    """The crawler's `CrawlLedger` over a database. A batch of records is one transaction, so a kill leaves whole batches."""

    def __init__(self, *, store: Store, blobs: BlobStore, clock: Clock) -> None:
        self._store = store
        self._blobs = blobs
        self._clock = clock
        self._failure: StoreError | None = None
        self._writer = BlobWriter(blobs.directory)
        self._written = 0

    def known(self, source_id: str, identities: Sequence[str]) -> Mapping[str, Fetched]:
        """Return what is known of documents and attachments, by their identities."""
        with self._store.reading() as session:
            found = snapshots.known(session, source_id, identities)
        return {identity: self._with_bytes(fetched) for identity, fetched in found.items()}

    def write(self, source_id: str, records: Sequence[Record]) -> None:
        """Keep records: the bytes first, so that no row ever points to nothing, then all rows in one transaction."""
        saved = [record for record in records if isinstance(record, Saved)]
        try:
            self._put([record.body for record in saved])
            with self._store.transaction() as session:
                snapshots.save_all(session, [record.snapshot for record in saved])
                snapshots.confirm(session, source_id, [each for each in records if isinstance(each, Confirmed)])
                for record in records:
                    if isinstance(record, Missing):
                        snapshots.miss(session, source_id, record.url, at=record.at)
        except StoreError as error:
            self._note_failure(source_id, saved, error)
            raise

    def _with_bytes(self, fetched: Fetched) -> Fetched:
        """Return what is known of a page; of one whose bytes are lost, nothing that speaks of bytes."""
        if fetched.sha256 is not None and self._blobs.exists(fetched.sha256):
            return fetched
        return replace(fetched, sha256=None, etag=None, last_modified=None, revision=None)

    def _put(self, bodies: list[bytes]) -> None:
        """Keep bytes; from the hundredth page on by a process of its own, which is not worth its start before."""
        self._written += len(bodies)
        if self._written > MANY:
            self._writer.put_many(bodies)
        else:
            self._blobs.put_many(bodies)

    def recheck(
        self, source_id: str, *, changed_since: datetime, unseen_since: datetime, limit: int
    ) -> Sequence[tuple[str, str]]:
        """Return (identity, URL) of the pages to look at again: those that may change still, or wait for a second visit."""
        with self._store.reading() as session:
            return snapshots.recheck(
                session, source_id, changed_since=changed_since, unseen_since=unseen_since, limit=limit
            )

    def body(self, sha256: str) -> bytes | None:
        """Return kept bytes; None if they are not there or damaged, which are put aside."""
        try:
            return self._blobs.get(sha256)
        except (BlobMissing, BlobCorrupt, BlobUnreadable):
            return None

    def kept_list(self, source_id: str, url: str) -> KeptList | None:
        """Return the newest answer of a list, or None."""
        with self._store.reading() as session:
            kept = crawl_memory.kept_list(session, source_id, url)
        body = None if kept is None else self.body(kept.sha256)
        if kept is None or body is None:
            return None
        return KeptList(etag=kept.etag, last_modified=kept.last_modified, headers=kept.headers, body=body)

    def keep_list(self, source_id: str, url: str, kept: KeptList, *, at: datetime) -> None:
        """Keep the answer of a list. That of before is forgotten: it proves nothing."""
        sha256 = self._blobs.put(kept.body)
        if self.body(sha256) is None:  # damaged since these bytes were kept for the first time, and now put aside
            self._blobs.put(kept.body)
        row = StoredList(etag=kept.etag, last_modified=kept.last_modified, headers=kept.headers, sha256=sha256)
        with self._store.transaction() as session:
            replaced = crawl_memory.keep_list(session, source_id, url, row, at=at)
            unused = replaced is not None and not snapshots.holds(session, replaced)
        if replaced is not None and unused:
            self._blobs.remove(replaced)

    def resting_until(self, host: str) -> datetime | None:
        """Return until when a host has asked to be left alone."""
        with self._store.reading() as session:
            return crawl_memory.resting_until(session, host)

    def rest(self, host: str, *, until: datetime) -> None:
        """Record that a host wants to be left alone."""
        with self._store.transaction() as session:
            crawl_memory.rest(session, host, until=until)

    def report(self, issue: Issue) -> None:
        """Keep an issue."""
        with self._store.transaction() as session:
            issues.save(session, issue, at=self._clock())

    def close(self) -> None:
        """Close the database.

        Raises:
            StoreError: a fetch could not be kept. A crawl that lost pages must not end as if it had them all.
        """
        self._writer.close()
        self._store.close()
        if self._failure is not None:
            raise self._failure

    def _note_failure(self, source_id: str, saved: Sequence[Saved], error: StoreError) -> None:
        if self._failure is not None:
            return
        self._failure = error
        url = saved[0].snapshot.url if saved else None
        with suppress(StoreError):  # where the database is as full as the disk, the log has to do
            self.report(Issue(kind=IssueKind.FETCH_FAILED, message=str(error), source_id=source_id, url=url))


def open_ledger(*, database_url: str, blobs: str, clock_offset_seconds: float = 0.0) -> StoreLedger:
    """Return the ledger that the crawl process names in its job."""
    return StoreLedger(
        store=Store.open(database_url),
        blobs=BlobStore(Path(blobs)),
        clock=shifted_clock(timedelta(seconds=clock_offset_seconds)),
    )
