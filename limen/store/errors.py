"""What can go wrong while values are kept, each with its remedy."""

from __future__ import annotations

from pathlib import Path

from limen.domain.errors import LimenError


class StoreError(LimenError):
    """The database or the blob directory failed in a foreseen way. The message says what to do."""


class DatabaseLocked(StoreError):
    """Another process held the write lock for longer than the busy timeout. Nothing was written; try again."""

    def __init__(self, database: str) -> None:
        super().__init__(
            f"the database {database} is locked by another process: wait for it to finish (or stop it), then try again"
        )
        self.database = database


class DatabaseFull(StoreError):
    """The disk, or the size set for the database, is used up. The transaction was rolled back; free space and try again."""

    def __init__(self, database: str) -> None:
        super().__init__(
            f"no space left for the database {database}: free some disk space, then run the same command again"
        )
        self.database = database


class DatabaseReadOnly(StoreError):
    """The database file or its directory may not be written by this user. Correct the permissions."""

    def __init__(self, database: str) -> None:
        super().__init__(
            f"the database {database} is read-only: give this user write permission on the file and on its directory"
        )
        self.database = database


class DatabaseCorrupt(StoreError):
    """The file is no database, or a damaged one. Restore a backup; the blobs beside it are not affected."""

    def __init__(self, database: str) -> None:
        super().__init__(
            f"the database {database} is damaged or no SQLite file: restore it from a backup, "
            "or move it away to start anew (the fetched bytes in the blob directory are kept)"
        )
        self.database = database


class DatabaseUnreachable(StoreError):
    """The database cannot be opened: its directory is missing, or the server does not answer."""

    def __init__(self, database: str, reason: str) -> None:
        super().__init__(f"cannot open the database {database} ({reason}): check the path or URL in the configuration")
        self.database = database


class FullTextMissing(StoreError):
    """This Python's SQLite was built without FTS5. Use another build of Python."""

    def __init__(self, database: str) -> None:
        super().__init__(
            f"cannot prepare {database}: the SQLite of this Python lacks the FTS5 module; use a Python whose SQLite has it "
            "(the builds of python.org, Debian, Homebrew and uv do)"
        )
        self.database = database


class SchemaTooNew(StoreError):
    """The database was upgraded by a newer Limen. Install that version or a later one; an older one must not write to it."""

    def __init__(self, database: str, revision: str, head: str) -> None:
        super().__init__(
            f"the database {database} has the schema {revision!r}, which this Limen (schema {head!r}) does not know: "
            "install the newer Limen that wrote it"
        )
        self.database = database
        self.revision = revision


class SchemaTooOld(StoreError):
    """The database lacks tables or columns that this code needs. Upgrade it."""

    def __init__(self, database: str, revision: str | None, head: str) -> None:
        state = "has no schema yet" if revision is None else f"has the old schema {revision!r}"
        super().__init__(f"the database {database} {state}: upgrade it to {head!r} (Limen does so when it starts)")
        self.database = database
        self.revision = revision


class NotStored(StoreError):
    """A row was asked for by an id that does not exist. Look the id up again."""

    def __init__(self, what: str, key: int | str) -> None:
        super().__init__(f"there is no {what} {key!r} in the database: look up its id again")
        self.what = what
        self.key = key


class BlobMissing(StoreError):
    """No bytes are kept under a digest. Fetch the page again."""

    def __init__(self, sha256: str, path: Path) -> None:
        super().__init__(
            f"no bytes are kept for {sha256} (expected {path}): restore the file, or crawl its source again"
        )
        self.sha256 = sha256
        self.path = path


class BlobCorrupt(StoreError):
    """The kept bytes did not have the digest they were filed under. `path` is where they are now; crawl the source again."""

    def __init__(self, sha256: str, path: Path) -> None:
        super().__init__(f"the bytes kept for {sha256} are damaged (they are in {path} now): crawl its source again")
        self.sha256 = sha256
        self.path = path


class BlobNotWritten(StoreError):
    """Bytes could not be written (full disk, no permission). No partial file is left."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"cannot write {path} ({reason}): free space or correct the permissions, then run the crawl again"
        )
        self.path = path
        self.reason = reason


class BlobUnreadable(StoreError):
    """Bytes are kept but the system does not give them out. Correct the permissions or look after the disk."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"cannot read {path} ({reason}): correct its permissions, or check the disk")
        self.path = path


class SearchError(StoreError):
    """A search query cannot be understood. `offset` counts characters of the query."""

    def __init__(self, message: str, *, query: str, offset: int) -> None:
        super().__init__(f"{message} (at character {offset + 1} of the query {query!r})")
        self.query = query
        self.offset = offset
