"""A ledger in memory: for tests, and for trying a source without storing anything."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from limen.crawler.ports import Fetched
from limen.domain.issue import Issue
from limen.domain.snapshot import Snapshot


class InMemoryLedger:
    """A `CrawlLedger` that keeps everything in lists, in the order in which it came."""

    def __init__(self) -> None:
        self.fetches: list[tuple[Snapshot, bytes]] = []
        self.confirmed: list[str] = []
        self.issues: list[Issue] = []
        self.closed = False

    def last(self, source_id: str, url: str) -> Fetched | None:
        """Return the newest fetch of a URL."""
        for snapshot, _ in reversed(self.fetches):
            if (snapshot.source_id, snapshot.url) == (source_id, url):
                return Fetched(
                    etag=snapshot.header("etag"),
                    last_modified=snapshot.header("last-modified"),
                    sha256=snapshot.sha256,
                    attachments=snapshot.attachments,
                    fetched_at=snapshot.fetched_at,
                )
        return None

    def save(self, snapshot: Snapshot, body: bytes) -> None:
        """Append a fetch."""
        self.fetches.append((snapshot, body))

    def confirm(self, source_id: str, url: str, *, at: datetime) -> None:  # noqa: ARG002 - the port's signature
        """Append the URL to `confirmed`."""
        self.confirmed.append(url)

    def known_pages(self, source_id: str, *, since: datetime) -> Sequence[str]:
        """Return the pages fetched since a time."""
        return [
            snapshot.url
            for snapshot, _ in self.fetches
            if snapshot.source_id == source_id and snapshot.page_url is None and snapshot.fetched_at >= since
        ]

    def report(self, issue: Issue) -> None:
        """Append an issue."""
        self.issues.append(issue)

    def close(self) -> None:
        """Note that the crawl is over."""
        self.closed = True
