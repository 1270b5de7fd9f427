"""Which document a Microsoft compound file holds: its streams say so, whatever its name."""

from __future__ import annotations

from io import BytesIO

import olefile

from limen.nlp.text.format import Format

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_BY_STREAM = (
    ("EncryptedPackage", Format.ENCRYPTED),
    ("WordDocument", Format.DOC),
    ("Workbook", Format.XLS),
    ("Book", Format.XLS),
)
# MS-DOC 2.5.2, FibBase: bit 8 of the flags at offset 10 says that the document is encrypted.
_FLAGS = 10
_ENCRYPTED = 0x0100


def ole_kind(body: bytes) -> Format:
    """Return the format by the streams at the root of a compound file; those of embedded objects do not count.

    Where the directory cannot be read, the names of streams anywhere in the bytes decide.
    """
    try:
        with olefile.OleFileIO(BytesIO(body)) as compound:
            names = {entry[0] for entry in compound.listdir() if len(entry) == 1}
            kind = next((kind for name, kind in _BY_STREAM if name in names), Format.OLE)
            if kind is Format.DOC:
                head = compound.openstream("WordDocument").read(_FLAGS + 2)
                flags = int.from_bytes(head[_FLAGS:], "little")
                return Format.ENCRYPTED if flags & _ENCRYPTED else Format.DOC
            return kind
    except Exception:  # noqa: BLE001  # olefile fails on damaged directories in ways that it does not document
        return next((kind for name, kind in _BY_STREAM if f"{name}\0".encode("utf-16-le") in body), Format.OLE)
