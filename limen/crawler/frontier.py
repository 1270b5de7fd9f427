"""What a run has found and not fetched yet. It lies on disk, so that the size of a site costs no memory here."""

from __future__ import annotations

import pickle
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from limen.crawler.pages.entry import Entry


class Reason(IntEnum):
    """Why an entry is looked at."""

    LISTED = 0
    KNOWN = 1
    """It was listed once and may have changed since."""
    INDEX = 2
    """It is a page that lists documents."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An entry in the frontier."""

    identity: str
    entry: Entry
    reason: Reason


class Frontier:
    """A queue in the order of discovery that takes every identity once, also after it was handed out.

    It is kept in a temporary database of SQLite's own, which spills to disk beyond two megabytes and is gone with the
    process: what is lost with it the next run lists again.
    """

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.execute(
            "CREATE TABLE waiting (id INTEGER PRIMARY KEY, identity TEXT UNIQUE, reason INTEGER, entry BLOB)"
        )
        self._next = 0
        self._size = 0

    def __len__(self) -> int:
        """Return how many entries wait."""
        return self._size

    def __contains__(self, identity: str) -> bool:
        """Tell whether the run knows something: it waits, was handed out, or was claimed."""
        found = self._database.execute("SELECT 1 FROM waiting WHERE identity = ?", (identity,))
        return found.fetchone() is not None

    def add(self, entries: Iterable[tuple[str, Entry]], *, reason: Reason = Reason.LISTED) -> int:
        """Put entries at the end, by their identities, and return how many were new to the run."""
        rows = ((identity, reason.value, pickle.dumps(entry, pickle.HIGHEST_PROTOCOL)) for identity, entry in entries)
        with self._database:
            self._database.execute("BEGIN")
            before = self._database.total_changes
            self._database.executemany("INSERT OR IGNORE INTO waiting (identity, reason, entry) VALUES (?, ?, ?)", rows)
            added = self._database.total_changes - before
        self._size += added
        return added

    def claim(self, identity: str) -> bool:
        """Count something as handed out without its ever having waited; False if it was known to the run."""
        cursor = self._database.execute("INSERT OR IGNORE INTO waiting (identity, entry) VALUES (?, NULL)", (identity,))
        return cursor.rowcount == 1

    def release(self, identity: str) -> None:
        """Forget that something was handed out, so that it can be added once more."""
        self._database.execute("UPDATE waiting SET identity = NULL WHERE identity = ? AND entry IS NULL", (identity,))

    def take(self, limit: int) -> Sequence[Waiting]:
        """Return the next entries, in the order in which they came, at most `limit`; empty if none wait."""
        rows = self._database.execute(
            "SELECT id, identity, reason, entry FROM waiting WHERE id > ? AND entry IS NOT NULL ORDER BY id LIMIT ?",
            (self._next, limit),
        ).fetchall()
        if rows:
            self._database.execute(
                "UPDATE waiting SET entry = NULL WHERE id > ? AND id <= ?", (self._next, rows[-1][0])
            )
            self._next = rows[-1][0]
            self._size -= len(rows)
        return [
            # our own bytes, out of a file that only this process can open
            Waiting(identity=identity, entry=pickle.loads(entry), reason=Reason(reason))  # noqa: S301
            for _, identity, reason, entry in rows
        ]

    def close(self) -> None:
        """Give the space back."""
        self._database.close()
