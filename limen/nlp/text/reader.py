"""Bytes to text: recognises the format and hands the bytes to its reader."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from importlib import import_module

from limen.domain.document import PageText
from limen.nlp.errors import ReadingError, Unreadable
from limen.nlp.text.format import Format
from limen.nlp.text.formats import sniff
from limen.nlp.text.raw_page import RawPage
from limen.nlp.text.unsupported import refuse

MAX_BYTES = 200 * 1024 * 1024

Reader = Callable[[RawPage], PageText]

READERS: Mapping[Format, str] = {
    Format.HTML: "limen.nlp.text.html:read_html",
    Format.XML: "limen.nlp.text.xml:read_xml",
    Format.PDF: "limen.nlp.text.pdf:read_pdf",
    Format.DOCX: "limen.nlp.text.docx:read_docx",
    Format.DOC: "limen.nlp.text.old_word:read_old_word",
    Format.RTF: "limen.nlp.text.old_word:read_old_word",
    Format.ODT: "limen.nlp.text.old_word:read_old_word",
    Format.XLSX: "limen.nlp.text.sheet:read_sheet",
    Format.XLS: "limen.nlp.text.sheet:read_sheet",
    Format.ODS: "limen.nlp.text.sheet:read_sheet",
    Format.OFD: "limen.nlp.text.ofd:read_ofd",
    Format.IMAGE: "limen.nlp.text.image:read_image",
    Format.JSON: "limen.nlp.text.json:read_json",
    Format.TEXT: "limen.nlp.text.plain:read_plain",
}
"""The reader of each format, as module:function. They are imported on first use: each brings a library of its own."""

# Soft hyphens, marks of where a word may break and of the direction of writing: "16\u200b5" shows as 165.
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")

_log = logging.getLogger(__name__)


def read_page(
    body: bytes,
    *,
    name: str,
    media_type: str | None = None,
    charset: str | None = None,
    url: str | None = None,
    timezone: str = "UTC",
) -> PageText:
    """Return the text of a page or file as Markdown, with the title and publication time that it states about itself.

    `name` is a file name or URL; it and `media_type` matter only where the content does not show its format. `charset`
    is what the server declared. `timezone` is the IANA zone of dates that the page states without one. Letters, signs
    and blanks within lines stay as they are in the source, except that blanks which are only layout are collapsed.
    Bytes that belong to no character are U+FFFD in the text and an issue beside it. Characters that nobody sees are left
    out.

    Raises:
        Unreadable: the bytes hold no text that Limen can read; the message says why and what to do.
    """
    if len(body) > MAX_BYTES:
        raise Unreadable(
            name, f"is larger than {MAX_BYTES // 1024**2} MiB", "split it, or give Limen the part that matters"
        )
    page = RawPage(body=body, name=name, charset=charset, url=url, timezone=timezone)
    kind = sniff(body, name=name, media_type=media_type)
    if kind not in READERS:
        return refuse(page, kind)
    if not body.strip():
        return refuse(page, Format.BINARY)
    try:
        read = _reader(kind)(page)
        return replace(read, text=_INVISIBLE.sub("", read.text))
    except ReadingError:
        raise
    except Exception as error:
        # Damaged files make the format libraries fail in ways that they do not document.
        _log.warning("reader_failed", extra={"document": name, "format": kind.value}, exc_info=True)
        why = f"the {kind.value} reader failed ({type(error).__name__}: {error})"
        raise Unreadable(
            name, why, "open the file by hand: if it is damaged, save it again; if not, report it to Limen's makers"
        ) from error


@cache
def _reader(kind: Format) -> Reader:
    module, _, function = READERS[kind].partition(":")
    found: Reader = getattr(import_module(module), function)
    return found
