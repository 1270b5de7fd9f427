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
            self.__dict__.update(pickle.loads(path.read_bytes()))

    def write(self, source_id, records):  # type: ignore[no-untyped-def]
        super().write(source_id, records)
        self._write()

    def keep_list(self, source_id, url, kept, *, at):  # type: ignore[no-untyped-def]
        super().keep_list(source_id, url, kept, at=at)
        self._write()

    def rest(self, host, *, until):  # type: ignore[no-untyped-def]
        super().rest(host, until=until)
        self._write()

    def report(self, issue):  # type: ignore[no-untyped-def]
        super().report(issue)
        self._write()

    def _write(self) -> None:
        kept = {name: value for name, value in self.__dict__.items() if name not in ("_path", "closed")}
        partial = self._path.with_suffix(".partial")
        partial.write_bytes(pickle.dumps(kept))
        partial.replace(self._path)


def open_file_ledger(path: str) -> FileLedger:
    return FileLedger(Path(path))
