"""What the crawler needs from outside: a memory of what was fetched, and a place for what is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from limen.domain.fetched import Confirmed, Fetched
from limen.domain.issue import Issue
from limen.domain.snapshot import Snapshot

Clock = Callable[[], datetime]
"""Returns the present moment, zone-aware."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptList:
    """The newest answer of a list, feed or sitemap, so that an unchanged one costs a 304 and is read from here."""

    etag: str | None
    last_modified: str | None
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """Bytes that are new."""

    snapshot: Snapshot
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A document that was fetched before and is not there any more (404, 410, a page that says so)."""

    url: str
    at: datetime


Record = Saved | Confirmed | Missing


class CrawlLedger(Protocol):
    """The port to the store. Calls come from worker threads; those that write come one at a time for each source."""

    def known(self, source_id: str, identities: Sequence[str]) -> Mapping[str, Fetched]:
        """Return what is known of documents and attachments, by their identities; those never fetched are left out.

        Whatever has lost its bytes is known without digest, validators and revision.
        """

    def write(self, source_id: str, records: Sequence[Record]) -> None:
        """Keep records in one transaction, in their order: all of them, or none if it raises."""

    def recheck(
        self, source_id: str, *, changed_since: datetime, unseen_since: datetime, limit: int
    ) -> Sequence[tuple[str, str]]:
        """Return (identity, URL) of pages to look at again, of each kind those seen longest ago first.

        First those that wait for a second visit (missing, or put by), however old their bytes are; then those whose newest
        bytes came since a time; last those that are gone since then, in case they return. Left out are those that were
        seen since another time, that is, in the run that asks.
        """

    def body(self, sha256: str) -> bytes | None:
        """Return kept bytes; None if they are not there or damaged, which they are then known to be."""

    def kept_list(self, source_id: str, url: str) -> KeptList | None:
        """Return the newest answer of a list; None if there is none."""

    def keep_list(self, source_id: str, url: str, kept: KeptList, *, at: datetime) -> None:
        """Keep the answer of a list in place of the one before."""

    def resting_until(self, host: str) -> datetime | None:
        """Return until when a host has asked to be left alone; None if it has not."""

    def rest(self, host: str, *, until: datetime) -> None:
        """Record that a host wants to be left alone."""

    def report(self, issue: Issue) -> None:
        """Keep an issue."""

    def close(self) -> None:
        """Release what the ledger holds; nothing is called after this."""
