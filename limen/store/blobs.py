"""The bytes as fetched, filed under their digest."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import zstandard

from limen.store.errors import BlobCorrupt, BlobMissing, BlobNotWritten, BlobUnreadable

DIGEST = re.compile(r"[0-9a-f]{64}")
LEVEL = 10
"""Zstandard level: a page of 50 kB takes about a millisecond; higher levels gain little on texts of this size."""


class BlobStore:
    """A directory of compressed files `ab/cd/<sha256>.zst`.

    A file is complete or not there at all: it is written beside its place, flushed to the disk, then renamed. A process
    killed in between leaves a file in `incoming/`, which `sweep` takes away.
    """

    def __init__(self, directory: Path) -> None:
        """Name the directory, which must exist when the first bytes are put. Nothing is opened yet."""
        self._directory = directory
        self._incoming = directory / "incoming"

    def path(self, sha256: str) -> Path:
        """Return where the bytes of a digest are kept, whether or not they are. Raises `ValueError` for no such digest."""
        if DIGEST.fullmatch(sha256) is None:
            raise ValueError(f"{sha256!r} is no SHA-256 in lower-case hexadecimal")
        return self._directory / sha256[:2] / sha256[2:4] / f"{sha256}.zst"

    def exists(self, sha256: str) -> bool:
        """Tell whether bytes are kept under a digest."""
        return self.path(sha256).is_file()

    def put(self, data: bytes) -> str:
        """Keep bytes and return their SHA-256. Bytes that are kept already are not written again.

        When this returns, the bytes are on the disk.

        Raises:
            BlobNotWritten: the disk is full or the directory is not writable. No partial file is left.
        """
        sha256 = hashlib.sha256(data).hexdigest()
        path = self.path(sha256)
        if path.is_file():
            return sha256
        try:
            self._incoming.mkdir(exist_ok=True)
            path.parent.mkdir(parents=True, exist_ok=True)
            self._write(path, zstandard.ZstdCompressor(level=LEVEL).compress(data))
        except OSError as error:
            raise BlobNotWritten(path, error.strerror or str(error)) from error
        return sha256

    def get(self, sha256: str) -> bytes:
        """Return the bytes kept under a digest, verified.

        Raises:
            BlobMissing: there are none.
            BlobCorrupt: the file does not hold the bytes of this digest.
            BlobUnreadable: the file may not be read, or the disk fails.
        """
        path = self.path(sha256)
        try:
            # in steps, so that a damaged length in the header cannot ask for all memory at once
            data = zstandard.ZstdDecompressor().decompressobj().decompress(path.read_bytes())
        except (FileNotFoundError, NotADirectoryError) as error:
            raise BlobMissing(sha256, path) from error
        except OSError as error:
            raise BlobUnreadable(path, error.strerror or str(error)) from error
        except zstandard.ZstdError as error:
            raise BlobCorrupt(sha256, path) from error
        if hashlib.sha256(data).hexdigest() != sha256:
            raise BlobCorrupt(sha256, path)
        return data

    def sweep(self, *, older_than: timedelta = timedelta(hours=1)) -> int:
        """Remove what killed processes left unfinished, if it is old enough to be nobody's work, and return how many files."""
        removed = 0
        limit = time.time() - older_than.total_seconds()
        for path in self._incoming.glob("*"):
            with suppress(FileNotFoundError):
                if path.stat().st_mtime <= limit:
                    path.unlink()
                    removed += 1
        return removed

    def _write(self, path: Path, compressed: bytes) -> None:
        handle, name = tempfile.mkstemp(dir=self._incoming)
        unfinished = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(compressed)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
        _flush_directory(path.parent)


def _flush_directory(directory: Path) -> None:
    """Make a rename survive a power cut (a POSIX system keeps it in the directory, which is flushed apart)."""
    if os.name == "nt":
        return
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
