"""A process of its own that writes blobs: a crawl that stores hundreds of pages a second is not held up by its files.

Python runs one thread at a time, and a file takes a dozen calls of the system: in a thread they would take turns with the
crawl. `python -m limen.store.blob_writer DIRECTORY` reads batches from its standard input and answers each with a line of
JSON; when the input ends, so does the process.
"""

from __future__ import annotations

import json
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from limen.store.blobs import BlobStore
from limen.store.errors import BlobNotWritten

_COUNT = struct.Struct("<I")
_LENGTH = struct.Struct("<Q")


class BlobWriter:
    """Writes into a blob store through a process, which is started at the first batch. Close it."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._process: subprocess.Popen[bytes] | None = None
        self._turn = threading.Lock()

    def put_many(self, bodies: Sequence[bytes]) -> None:
        """Keep bytes as `BlobStore.put_many` does; when this returns, they are on the disk.

        If the process is gone, the bytes are written by this one.

        Raises:
            BlobNotWritten: the disk is full or the directory is not writable.
        """
        lengths = [_LENGTH.pack(len(body)) for body in bodies]
        batch = b"".join([_COUNT.pack(len(bodies)), *lengths, *bodies])
        with self._turn:
            answer = self._ask(batch)
        if answer is None:
            BlobStore(self._directory).put_many(bodies)
        elif "path" in answer:
            raise BlobNotWritten(Path(answer["path"]), answer["reason"])

    def close(self) -> None:
        """End the process."""
        if self._process is None:
            return
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()
        self._process.wait()

    def _ask(self, batch: bytes) -> dict[str, str] | None:
        if self._process is None:
            self._process = subprocess.Popen(  # noqa: S603 - our own module and a directory
                [sys.executable, "-m", "limen.store.blob_writer", str(self._directory)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                bufsize=0,
            )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            left = memoryview(batch)
            while left:
                left = left[self._process.stdin.write(left) :]
            line = self._process.stdout.readline()
        except OSError:
            return None
        answer: dict[str, str] | None = json.loads(line) if line.endswith(b"\n") else None
        return answer


def serve(store: BlobStore, received: IO[bytes], answers: IO[bytes]) -> None:
    """Write batch after batch and answer each, until the input ends, if need be in the middle of one."""
    while len(head := received.read(_COUNT.size)) == _COUNT.size:
        (count,) = _COUNT.unpack(head)
        sizes = received.read(count * _LENGTH.size)
        if len(sizes) < count * _LENGTH.size:
            return
        lengths = [length for (length,) in _LENGTH.iter_unpack(sizes)]
        bodies = [received.read(length) for length in lengths]
        if [len(body) for body in bodies] != lengths:
            return
        try:
            store.put_many(bodies)
            answer = {}
        except BlobNotWritten as error:
            answer = {"path": str(error.path), "reason": error.reason}
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started it ends it by closing its input
    serve(BlobStore(Path(sys.argv[1])), sys.stdin.buffer, sys.stdout.buffer)
