"""Blobs written by a process of its own."""

from __future__ import annotations

import hashlib
import io
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from limen.store.blob_writer import BlobWriter, serve
from limen.store.blobs import BlobStore
from limen.store.errors import BlobNotWritten

BODIES = [b"one", b"", b"x" * 300_000, "中".encode() * 1000]


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[BlobWriter]:
    made = BlobWriter(tmp_path)
    yield made
    made.close()


def kept(directory: Path, body: bytes) -> bool:
    return BlobStore(directory).get(hashlib.sha256(body).hexdigest()) == body


def test_batches_are_on_the_disk_when_it_returns(writer: BlobWriter, tmp_path: Path) -> None:
    writer.put_many(BODIES)
    assert all(kept(tmp_path, body) for body in BODIES)
    writer.put_many([b"two", *BODIES])
    assert kept(tmp_path, b"two")


def test_a_killed_process_costs_nothing(writer: BlobWriter, tmp_path: Path) -> None:
    writer.put_many([b"before"])
    assert writer._process is not None
    os.kill(writer._process.pid, signal.SIGKILL)
    writer._process.wait()
    writer.put_many([b"after", b"x" * 2_000_000])
    assert kept(tmp_path, b"before")
    assert kept(tmp_path, b"after")


def test_what_cannot_be_written_is_told_with_its_path(tmp_path: Path) -> None:
    file = tmp_path / "no-directory"
    file.write_bytes(b"")
    writer = BlobWriter(file)
    with pytest.raises(BlobNotWritten, match=r"no-directory.*Not a directory"):
        writer.put_many([b"one"])
    writer.close()


@pytest.mark.parametrize("cut", [0, 3, 10, 20, 31])
def test_an_input_that_ends_in_the_middle_writes_no_half(tmp_path: Path, cut: int) -> None:
    batch = (2).to_bytes(4, "little") + (5).to_bytes(8, "little") * 2 + b"first" + b"other"
    answers = io.BytesIO()
    serve(BlobStore(tmp_path), io.BytesIO(batch[:cut] if cut else batch), answers)
    assert answers.getvalue() == (b"" if cut and cut < len(batch) else b"{}\n")


def test_a_writer_that_was_never_used_starts_no_process(tmp_path: Path) -> None:
    writer = BlobWriter(tmp_path)
    writer.close()
    assert writer._process is None
