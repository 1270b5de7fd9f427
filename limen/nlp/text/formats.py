"""Which format bytes are in. What they contain decides; then what the server said; then the name's ending."""

from __future__ import annotations

import re
import zipfile
import zlib
from io import BytesIO
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from limen.nlp.text.format import Format
from limen.nlp.text.ole import OLE_MAGIC, ole_kind

_MAGIC = (
    (b"%PDF-", Format.PDF),
    (b"{\\rtf", Format.RTF),
    (b"\x89PNG\r\n", Format.IMAGE),
    (b"\xff\xd8\xff", Format.IMAGE),
    (b"GIF8", Format.IMAGE),
    (b"II*\x00", Format.IMAGE),
    (b"MM\x00*", Format.IMAGE),
    (b"Rar!\x1a\x07", Format.ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", Format.ARCHIVE),
    (b"\x1f\x8b", Format.ARCHIVE),
)
_ZIP_MEMBERS = (
    ("word/document.xml", Format.DOCX),
    ("xl/workbook.xml", Format.XLSX),
    ("xl/workbook.bin", Format.XLSB),
    ("OFD.xml", Format.OFD),
    ("content.xml", Format.ODT),
)
_MEDIA_TYPES = {
    "text/html": Format.HTML,
    "application/xhtml+xml": Format.HTML,
    "application/pdf": Format.PDF,
    "application/json": Format.JSON,
    "text/markdown": Format.TEXT,
    "text/xml": Format.XML,
    "application/xml": Format.XML,
}
_SUFFIXES = {
    ".html": Format.HTML,
    ".htm": Format.HTML,
    ".shtml": Format.HTML,
    ".xhtml": Format.HTML,
    ".xml": Format.XML,
    ".pdf": Format.PDF,
    ".docx": Format.DOCX,
    ".xlsx": Format.XLSX,
    ".xls": Format.XLS,
    ".xlsb": Format.XLSB,
    ".json": Format.JSON,
    ".md": Format.TEXT,
    ".txt": Format.TEXT,
    ".ofd": Format.OFD,
    ".doc": Format.DOC,
    ".wps": Format.DOC,
    ".rtf": Format.RTF,
    ".odt": Format.ODT,
    ".ods": Format.ODS,
}
_HTML = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|meta|title|div|p|table|article|section|h[1-6]|ul|ol|li|dl|span|a|br|b|font|center|form|main)[\s>/]",
    re.IGNORECASE,
)
_XML = re.compile(rb"<\?xml\s|<[A-Za-z_][\w.:-]*(?:\s+xmlns|[\s>/])")
_HTML_IN_XML = re.compile(rb"<!doctype\s+html|<html[\s>]", re.IGNORECASE)
_MARKUP_START = 4096
_PDF_JUNK = 1024


def sniff(body: bytes, *, name: str, media_type: str | None) -> Format:
    """Return the format of the bytes. `name` is a file name or URL, `media_type` as the server declared it."""
    found = _by_content(body)
    if found is Format.OLE and _SUFFIXES.get(suffix_of(name)) is Format.DOC:
        # Works and other writers of old: an office program may know them.
        return Format.DOC
    if found is not None:
        return found
    declared = _by_declaration(name, media_type)
    start = _text_start(body)
    if declared is not Format.TEXT or _HTML_IN_XML.match(start):
        markup = _markup(start, is_xml=declared is Format.XML)
        if markup is not None:
            return markup
    if _is_binary(body):
        return Format.BINARY if declared in {None, Format.TEXT, Format.HTML, Format.XML, Format.JSON} else declared
    if declared is None and start[:1] in {b"{", b"["}:
        return Format.JSON
    return declared or Format.TEXT


def suffix_of(name: str) -> str:
    """Return the ending of a file name or of the path of a URL, in lower case with its dot; empty if it has none."""
    path = name
    if "://" in name:
        try:
            path = urlsplit(name).path
        except ValueError:
            return ""
    return PurePosixPath(path).suffix.lower()


def _by_content(body: bytes) -> Format | None:
    for magic, kind in _MAGIC:
        if body.startswith(magic):
            return kind
    if body.startswith(b"RIFF") and body[8:12] == b"WEBP":
        return Format.IMAGE
    if body.startswith(OLE_MAGIC):
        return ole_kind(body)
    if body.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_kind(body)
    if b"%PDF-" in body[:_PDF_JUNK] and body.lstrip()[:1] != b"<":
        return Format.PDF
    return None


def _zip_kind(body: bytes) -> Format | None:
    try:
        with zipfile.ZipFile(BytesIO(body)) as archive:
            names = {name.lstrip("/") for name in archive.namelist()}
            if "content.xml" in names and "mimetype" in names:
                with archive.open("mimetype") as stream:
                    return Format.ODS if b"spreadsheet" in stream.read(100) else Format.ODT
    except (zipfile.BadZipFile, zlib.error, ValueError, KeyError, OSError, RuntimeError, OverflowError):
        # The directory stands at the end and is lost in a truncated file; its suffix still says what it was.
        return None
    return next((kind for member, kind in _ZIP_MEMBERS if member in names), Format.ZIP)


def _by_declaration(name: str, media_type: str | None) -> Format | None:
    media = (media_type or "").partition(";")[0].strip().lower()
    by_suffix = _SUFFIXES.get(suffix_of(name))
    # Servers send unknown files as plain text or as bytes: then the name knows more.
    if media in _MEDIA_TYPES:
        return _MEDIA_TYPES[media]
    if media.endswith("+xml"):
        return Format.XML
    if media.endswith("+json"):
        return Format.JSON
    return by_suffix or (Format.TEXT if media.startswith("text/") else None)


def _text_start(body: bytes) -> bytes:
    start = body[:_MARKUP_START]
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if start.startswith(mark):
            start = start[2:].decode(encoding, "ignore").encode("utf-8", "ignore")
    return start.removeprefix(b"\xef\xbb\xbf").lstrip()


def _markup(start: bytes, *, is_xml: bool) -> Format | None:
    if not start.startswith(b"<"):
        return None
    if _HTML_IN_XML.search(start):
        return Format.HTML
    if start.startswith(b"<?xml"):
        return Format.XML
    without_comments = re.sub(rb"<!--.*?-->", b"", start, flags=re.DOTALL).lstrip()
    if not is_xml and _HTML.match(without_comments):
        return Format.HTML
    if _XML.match(without_comments):
        return Format.XML
    return Format.HTML if without_comments[:2] in {b"<!", b""} else None


def _is_binary(body: bytes) -> bool:
    head = body[:_MARKUP_START]
    return b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff"))
