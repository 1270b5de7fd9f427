"""The formats that Limen knows of."""

from __future__ import annotations

from enum import StrEnum


class Format(StrEnum):
    """The formats that Limen knows of, readable or not."""

    HTML = "html"
    XML = "xml"
    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    XLS = "xls"
    XLSB = "xlsb"
    JSON = "json"
    TEXT = "text"
    OFD = "ofd"
    DOC = "doc"
    """Word 97 to 2003, and what WPS writes as .wps."""
    OLE = "ole"
    """A Microsoft compound file of another kind: .ppt, .msg, Works."""
    ENCRYPTED = "encrypted"
    """An Office document under a password."""
    RTF = "rtf"
    ODT = "odt"
    ODS = "ods"
    ZIP = "zip"
    ARCHIVE = "archive"
    """A packed file other than zip."""
    IMAGE = "image"
    BINARY = "binary"
