"""A ledger in memory: for tests, and for `scrapy crawl` by hand, which keeps nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from limen.crawler.ports import KeptList, Missing, Record, Saved
from limen.domain.fetched import Confirmed, Fetched
from limen.domain.issue import Issue
from limen.domain.snapshot import SECOND_VISIT, Snapshot


class InMemoryLedger:
    """A `CrawlLedger` that keeps everything in lists, in the order in which it came."""

    def __init__(self) -> None:
        self.fetches: list[tuple[Snapshot, bytes]] = []
        self.confirmed: list[str] = []
        self.missing: list[str] = []
        self.issues: list[Issue] = []
        self.lists: dict[tuple[str, str], KeptList] = {}
        self.rests: dict[str, datetime] = {}
        self.closed = False
        self._known: dict[tuple[str, str], Fetched] = {}

    def known(self, source_id: str, identities: Sequence[str]) -> Mapping[str, Fetched]:
        """Return what is known by identity."""
        keys = ((source_id, identity) for identity in identities)
        return {key[1]: self._known[key] for key in keys if key in self._known}

    def write(self, source_id: str, records: Sequence[Record]) -> None:
        """Keep records in their order."""
        for record in records:
            match record:
                case Saved(snapshot=snapshot, body=body):
                    self.fetches.append((snapshot, body))
                    self._known[source_id, snapshot.identity] = _fetched(snapshot)
                case Confirmed(url=url, at=at):
                    self.confirmed.append(url)
                    self._confirm(source_id, url, record)
                case Missing(url=url, at=at):
                    self.missing.append(url)
                    self._miss(source_id, url, at=at)

    def recheck(
        self, source_id: str, *, changed_since: datetime, unseen_since: datetime, limit: int
    ) -> Sequence[tuple[str, str]]:
        """Return pages that wait for a second visit, then those that changed since a time, then those gone since."""
        pages = {snapshot.identity for snapshot, _ in self.fetches if snapshot.page_url is None}
        found = [
            (turn, known.confirmed_at, identity, known.url)
            for (source, identity), known in self._known.items()
            if source == source_id
            and identity in pages
            and known.confirmed_at < unseen_since
            and (turn := _turn(known, changed_since)) is not None
        ]
        return [(identity, url) for _, _, identity, url in sorted(found)][:limit]

    def body(self, sha256: str) -> bytes | None:
        """Return the bytes of a digest."""
        return next((body for snapshot, body in self.fetches if snapshot.sha256 == sha256), None)

    def kept_list(self, source_id: str, url: str) -> KeptList | None:
        """Return the newest answer of a list."""
        return self.lists.get((source_id, url))

    def keep_list(self, source_id: str, url: str, kept: KeptList, *, at: datetime) -> None:  # noqa: ARG002 - the port's
        """Keep the answer of a list."""
        self.lists[source_id, url] = kept

    def resting_until(self, host: str) -> datetime | None:
        """Return until when a host wants to be left alone."""
        return self.rests.get(host)

    def rest(self, host: str, *, until: datetime) -> None:
        """Record that a host wants to be left alone."""
        self.rests[host] = until

    def report(self, issue: Issue) -> None:
        """Append an issue."""
        self.issues.append(issue)

    def close(self) -> None:
        """Note that the crawl is over."""
        self.closed = True

    def _confirm(self, source_id: str, url: str, seen: Confirmed) -> None:
        for key, known in self._of(source_id, url):
            self._known[key] = replace(
                known,
                confirmed_at=seen.at,
                missing_since=None,
                gone_at=None,
                revision=seen.revision or known.revision,
                etag=seen.etag or known.etag,
                last_modified=seen.last_modified or known.last_modified,
            )

    def _miss(self, source_id: str, url: str, *, at: datetime) -> None:
        for key, known in self._of(source_id, url):
            since = known.missing_since or at
            gone_at = known.gone_at or (at if at - since >= SECOND_VISIT else None)
            self._known[key] = replace(known, missing_since=since, gone_at=gone_at)

    def _of(self, source_id: str, url: str) -> list[tuple[tuple[str, str], Fetched]]:
        return [(key, known) for key, known in self._known.items() if key[0] == source_id and known.url == url]


def _turn(known: Fetched, changed_since: datetime) -> int | None:
    """Return which of those to look at again come first; None for a page that is left."""
    if known.gone_at is not None:
        return 2 if known.gone_at >= changed_since else None
    if known.held or known.missing_since is not None:
        return 0
    return 1 if known.fetched_at >= changed_since else None


def _fetched(snapshot: Snapshot) -> Fetched:
    return Fetched(
        url=snapshot.url,
        etag=snapshot.header("etag"),
        last_modified=snapshot.header("last-modified"),
        sha256=snapshot.sha256,
        attachments=snapshot.attachments,
        fetched_at=snapshot.fetched_at,
        confirmed_at=snapshot.fetched_at,
        revision=snapshot.revision,
    )
