from __future__ import annotations

import errno
import hashlib
import os
import resource
import subprocess
import sys
import textwrap
from datetime import timedelta
from pathlib import Path

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from limen.store.blobs import BlobStore
from limen.store.errors import BlobCorrupt, BlobMissing, BlobNotWritten, BlobUnreadable

DATA = b"<html>\x00\xff" + "能量密度".encode("gb18030") * 1000


@pytest.fixture
def blobs(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path)


def files(blobs: BlobStore) -> list[Path]:
    return [path for path in blobs.path("0" * 64).parents[2].rglob("*") if path.is_file()]


@given(data=st.binary(max_size=5000))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
def test_bytes_come_back(blobs: BlobStore, data: bytes) -> None:
    sha256 = blobs.put(data)
    assert sha256 == hashlib.sha256(data).hexdigest()
    assert blobs.exists(sha256)
    assert blobs.get(sha256) == data


def test_the_same_bytes_are_kept_once_and_compressed(blobs: BlobStore) -> None:
    sha256 = blobs.put(DATA)
    before = blobs.path(sha256).stat()
    assert blobs.put(DATA) == sha256
    assert blobs.path(sha256).stat().st_mtime_ns == before.st_mtime_ns
    assert files(blobs) == [blobs.path(sha256)]
    assert before.st_size < len(DATA) / 10
    assert blobs.path(sha256).parts[-3:] == (sha256[:2], sha256[2:4], f"{sha256}.zst")


def test_missing_bytes_are_named(blobs: BlobStore) -> None:
    assert not blobs.exists("0" * 64)
    with pytest.raises(BlobMissing, match=r"0{64}.*crawl its source again"):
        blobs.get("0" * 64)


@pytest.mark.parametrize("sha256", ["", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 64 + "\n"])
def test_what_is_no_digest_never_becomes_a_path(blobs: BlobStore, sha256: str) -> None:
    with pytest.raises(ValueError, match="no SHA-256"):
        blobs.get(sha256)


@pytest.mark.parametrize(
    "damage",
    [
        lambda kept: b"",
        lambda kept: kept[:-5],
        lambda kept: kept[:20] + bytes([kept[20] ^ 1]) + kept[21:],
        lambda kept: zstandard.compress(b"other bytes"),
        lambda kept: b"\x28\xb5\x2f\xfd\xe0" + b"\xff" * 8 + kept[9:],  # a header that claims 16 exabytes
    ],
)
def test_damaged_bytes_are_never_given_out(blobs: BlobStore, damage) -> None:  # type: ignore[no-untyped-def]
    sha256 = blobs.put(DATA)
    path = blobs.path(sha256)
    path.write_bytes(damage(path.read_bytes()))
    found = path.read_bytes()
    with pytest.raises(BlobCorrupt, match="crawl its source again") as raised:
        blobs.get(sha256)
    # Out of the way, so that the bytes can be kept anew; what was found is evidence.
    assert raised.value.path == blobs.directory / "damaged" / path.name
    assert raised.value.path.read_bytes() == found
    assert not blobs.exists(sha256)
    assert blobs.get(blobs.put(DATA)) == DATA


def test_a_file_that_cannot_be_read_is_not_called_damaged(blobs: BlobStore) -> None:
    blobs.path("0" * 64).mkdir(parents=True)
    with pytest.raises(BlobUnreadable, match="permissions"):
        blobs.get("0" * 64)


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_full_disk_leaves_no_partial_file(blobs: BlobStore, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, step, full)
        with pytest.raises(BlobNotWritten, match=r"No space left on device.*free space"):
            blobs.put(DATA)
    assert files(blobs) == []
    assert blobs.get(blobs.put(DATA)) == DATA


def test_a_real_limit_of_the_system_leaves_no_partial_file(blobs: BlobStore, tmp_path: Path) -> None:
    program = textwrap.dedent(
        """
        import os, resource, signal, sys
        from pathlib import Path
        from limen.store.blobs import BlobStore
        from limen.store.errors import BlobNotWritten
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
        try:
            BlobStore(Path(sys.argv[1])).put(os.urandom(100_000))
        except BlobNotWritten:
            sys.exit(7)
        """
    )
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 4096
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False)
    assert done.returncode == 7
    assert files(blobs) == []


def test_an_unusable_directory_is_named(tmp_path: Path) -> None:
    with pytest.raises(BlobNotWritten, match="no-such-directory"):
        BlobStore(tmp_path / "no-such-directory").put(DATA)


def test_what_a_killed_process_left_is_swept_when_old(blobs: BlobStore) -> None:
    sha256 = blobs.put(DATA)
    left = blobs.path(sha256).parents[2] / "incoming" / "left"
    left.write_bytes(b"half")
    assert blobs.sweep() == 0
    os.utime(left, (0, 0))
    assert blobs.sweep(older_than=timedelta(hours=1)) == 1
    assert blobs.get(sha256) == DATA
