"""A ledger in a file, for tests that look at what a crawl process kept."""

from __future__ import annotations

import pickle
from pathlib import Path

from limen.crawler.testing import InMemoryLedger


class FileLedger(InMemoryLedger):
    """An `InMemoryLedger` that lives in a pickle between processes; written at every change, so that a kill shows."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        if path.exists():
            self.fetches, self.confirmed, self.issues = pickle.loads(path.read_bytes())

    def save(self, snapshot, body):  # type: ignore[no-untyped-def]
        super().save(snapshot, body)
        self._write()

    def confirm(self, source_id, url, *, at):  # type: ignore[no-untyped-def]
        super().confirm(source_id, url, at=at)
        self._write()

    def report(self, issue):  # type: ignore[no-untyped-def]
        super().report(issue)
        self._write()

    def _write(self) -> None:
        partial = self._path.with_suffix(".partial")
        partial.write_bytes(pickle.dumps((self.fetches, self.confirmed, self.issues)))
        partial.replace(self._path)


def open_file_ledger(path: str) -> FileLedger:
    return FileLedger(Path(path))
