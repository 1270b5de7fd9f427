"""A guard before zipped documents: a bomb is recognised by its directory and by its true size, before it is opened."""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO

from limen.nlp.errors import Unreadable

MAX_UNPACKED = 256 * 1024 * 1024
"""Bytes that all members together may have unpacked."""
MAX_RATIO = 200
"""How many times larger than packed they may be, once they are larger than `_SMALL`."""
MAX_MEMBERS = 10_000

_SMALL = 16 * 1024 * 1024
_CHUNK = 1024 * 1024


def check_archive(body: bytes, *, name: str) -> None:
    """Return if the zip archive can be unpacked in bounded memory.

    What the directory declares is checked first; then every member is unpacked once, chunk by chunk and without being
    kept, because a header may lie. Bytes are counted in both.

    Raises:
        Unreadable: the archive is damaged, encrypted, or unpacks to more than the limits allow.
    """
    try:
        with zipfile.ZipFile(BytesIO(body)) as archive:
            members = archive.infolist()
            _check_limits(
                name, count=len(members), unpacked=sum(member.file_size for member in members), packed=len(body)
            )
            if any(member.flag_bits & 0x1 for member in members):
                raise Unreadable(name, "its parts are encrypted", "save it without a password")
            unpacked = 0
            for member in members:
                with archive.open(member) as stream:
                    while chunk := stream.read(_CHUNK):
                        unpacked += len(chunk)
                        _check_limits(name, count=len(members), unpacked=unpacked, packed=len(body))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, OverflowError) as error:
        raise Unreadable(name, f"the zip archive is damaged ({error})", "fetch or save the file again") from error


def _check_limits(name: str, *, count: int, unpacked: int, packed: int) -> None:
    remedy = "open it by hand if you trust its source"
    if count > MAX_MEMBERS:
        raise Unreadable(name, f"the archive holds {count} parts, more than {MAX_MEMBERS}", remedy)
    if unpacked > MAX_UNPACKED:
        raise Unreadable(name, f"it unpacks to more than {MAX_UNPACKED // 1024**2} MiB (a zip bomb?)", remedy)
    if unpacked > _SMALL and unpacked > MAX_RATIO * packed:
        raise Unreadable(name, f"it unpacks to more than {MAX_RATIO} times its size (a zip bomb?)", remedy)
