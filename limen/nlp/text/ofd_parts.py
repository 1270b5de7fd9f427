"""The parts of an OFD file, named by addresses within it."""

from __future__ import annotations

import posixpath
import zipfile
import zlib

from lxml import etree
from lxml.etree import _Element


class Parts:
    """Reads the parts of an OFD file; what is missing or damaged is kept in `missing`, and not raised."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._members = {member.replace("\\", "/").strip("/"): member for member in archive.namelist()}
        self.missing: list[str] = []

    def xml(self, address: str) -> _Element | None:
        """Return the root of a part; None where it is missing or no XML."""
        try:
            return etree.fromstring(
                self._read(address),
                parser=etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False),
            )
        except (etree.XMLSyntaxError, ValueError):
            self.missing.append(address)
            return None

    def data(self, address: str) -> bytes | None:
        """Return the bytes of a part; None where it is missing."""
        body = self._read(address)
        if not body:
            self.missing.append(address)
        return body or None

    def _read(self, address: str) -> bytes:
        member = self._members.get(address)
        try:
            return self._archive.read(member) if member is not None else b""
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):
            return b""


def resolve(base: str, location: str) -> str:
    """Return the address of a part: `/` begins at the root of the file, everything else beside the part that names it."""
    place = location.strip().replace("\\", "/")
    joined = place if place.startswith("/") else posixpath.join(posixpath.dirname(base), place)
    return posixpath.normpath(joined).strip("/")
