"""The bytes as fetched, filed under their digest."""

from __future__ import annotations

import hashlib
import itertools
import os
import re
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import zstandard

from limen.store.errors import BlobCorrupt, BlobMissing, BlobNotWritten, BlobUnreadable

DIGEST = re.compile(r"[0-9a-f]{64}")
LEVEL = 3
"""Zstandard level: a page of 50 kB takes a fifth of a millisecond; level 10 takes four times as long and saves a hundredth."""
_NUMBERS = itertools.count()
FLUSHES = 16
"""Files flushed side by side: the file system writes its journal once for all of them."""


class BlobStore:
    """A directory of compressed files `ab/cd/<sha256>.zst`.

    A file is complete or not there at all: it is written beside its place, flushed to the disk, then renamed. A process
    killed in between leaves a file in `incoming/`, which `sweep` takes away. A file that is found damaged is moved to
    `damaged/`, as evidence: then there are no bytes under its digest, and its page is fetched anew.
    """

    def __init__(self, directory: Path) -> None:
        """Name the directory, which must exist when the first bytes are put. Nothing is opened yet."""
        self.directory = directory
        self._incoming = directory / "incoming"
        self._damaged = directory / "damaged"

    def path(self, sha256: str) -> Path:
        """Return where the bytes of a digest are kept, whether or not they are. Raises `ValueError` for no such digest."""
        if DIGEST.fullmatch(sha256) is None:
            raise ValueError(f"{sha256!r} is no SHA-256 in lower-case hexadecimal")
        return self.directory / sha256[:2] / sha256[2:4] / f"{sha256}.zst"

    def exists(self, sha256: str) -> bool:
        """Tell whether bytes are kept under a digest."""
        return self.path(sha256).is_file()

    def put(self, data: bytes) -> str:
        """Keep bytes and return their SHA-256. Bytes that are kept already are not written again.

        When this returns, the bytes are on the disk.

        Raises:
            BlobNotWritten: the disk is full or the directory is not writable. No partial file is left.
        """
        (sha256,) = self.put_many([data])
        return sha256

    def put_many(self, bodies: Iterable[bytes]) -> tuple[str, ...]:
        """Keep several bytes as `put` does and return their SHA-256 in their order.

        They are flushed to the disk side by side, which takes hardly longer than for one.

        Raises:
            BlobNotWritten: the disk is full or the directory is not writable. No partial file is left.
        """
        digests = []
        if not self._incoming.is_dir():
            self._make_incoming()
        unfinished: dict[str, str] = {}
        path = self._incoming
        try:
            for data in bodies:
                sha256 = hashlib.sha256(data).hexdigest()
                digests.append(sha256)
                path = self.path(sha256)
                place = str(path)
                if place in unfinished or os.path.isfile(place):  # noqa: PTH113 - thousands a second; Path takes ten times as long
                    continue
                unfinished[place] = temporary = f"{self._incoming}/{os.getpid()}-{next(_NUMBERS)}-{sha256[:8]}"
                _write(temporary, zstandard.ZstdCompressor(level=LEVEL).compress(data))
            _finish(unfinished)
        except OSError as error:
            raise BlobNotWritten(path, error.strerror or str(error)) from error
        finally:
            for temporary in unfinished.values():
                with suppress(OSError):
                    os.unlink(temporary)  # noqa: PTH108
        return tuple(digests)

    def get(self, sha256: str) -> bytes:
        """Return the bytes kept under a digest, verified.

        Raises:
            BlobMissing: there are none.
            BlobCorrupt: the file did not hold the bytes of this digest, and was put aside.
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
            raise BlobCorrupt(sha256, self._put_aside(path)) from error
        if hashlib.sha256(data).hexdigest() != sha256:
            raise BlobCorrupt(sha256, self._put_aside(path))
        return data

    def remove(self, sha256: str) -> None:
        """Take bytes away that nothing refers to any more; does nothing if they are not there."""
        with suppress(OSError):
            self.path(sha256).unlink()

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

    def _put_aside(self, path: Path) -> Path:
        """Move a damaged file to `damaged/`, and return where it is now: in its place still, if it may not be moved."""
        place = self._damaged / path.name
        try:
            self._damaged.mkdir(exist_ok=True)
            return path.replace(place)
        except OSError:
            return path

    def _make_incoming(self) -> None:
        try:
            self._incoming.mkdir(exist_ok=True)
        except OSError as error:
            raise BlobNotWritten(self._incoming, error.strerror or str(error)) from error


def _write(path: str, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(handle, view) :]
    finally:
        os.close(handle)


def _finish(unfinished: Mapping[str, str]) -> None:
    """Flush files that are written, put them in their places, and flush these."""
    if not unfinished:
        return
    directories = {os.path.dirname(place) for place in unfinished}  # noqa: PTH120
    for directory in directories:
        os.makedirs(directory, exist_ok=True)  # noqa: PTH103
    with ThreadPoolExecutor(min(FLUSHES, len(unfinished))) as pool:
        list(pool.map(_flush, _shares(unfinished.values())))
        for place, temporary in unfinished.items():
            os.replace(temporary, place)  # noqa: PTH105
        if os.name != "nt":  # a POSIX system keeps a rename in the directory, which is flushed apart
            list(pool.map(_flush, _shares(directories)))


def _shares(paths: Iterable[str]) -> list[list[str]]:
    """Return the paths in as many shares as are flushed side by side."""
    every = list(paths)
    return [share for share in (every[start::FLUSHES] for start in range(FLUSHES)) if share]


def _flush(paths: Iterable[str]) -> None:
    """Make what was written to files or directories survive a power cut."""
    for path in paths:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
