from __future__ import annotations

import pytest

from limen.nlp.text.format import Format
from limen.nlp.text.formats import sniff
from tests.unit.nlp.text.samples import one_of_each, zipped

_EXPECTED = {
    "page.html": Format.HTML,
    "rule.xml": Format.XML,
    "rule.pdf": Format.PDF,
    "rule.docx": Format.DOCX,
    "rule.xlsx": Format.XLSX,
    "item.json": Format.JSON,
}


@pytest.mark.parametrize("name", _EXPECTED)
def test_the_content_shows_it_whatever_the_name_and_server_say(name: str) -> None:
    body = one_of_each()[name]
    assert sniff(body, name="download", media_type=None) is _EXPECTED[name]
    if name != "item.json":
        assert sniff(body, name="download.doc", media_type="application/octet-stream") is _EXPECTED[name]


@pytest.mark.parametrize(
    ("body", "name", "media_type", "kind"),
    [
        (b"# Limits", "a.md", None, Format.TEXT),
        (b"<p>not a page</p>", "a.md", None, Format.TEXT),
        (b"a, b", "https://example.org/a.pdf?x=1.html", "application/pdf", Format.PDF),
        (b"text", "https://example.org/page", "text/html; charset=utf-8", Format.HTML),
        (b"text", "https://example.org/page.php", "text/plain", Format.TEXT),
        (b"<html xmlns='http://www.w3.org/1999/xhtml'>", "a", "application/xml", Format.HTML),
        (b"<?xml version='1.0'?><!DOCTYPE html><html>", "a.xml", None, Format.HTML),
        (b"<!-- x --><Regulation/>", "a", None, Format.XML),
        (b"\xef\xbb\xbf <!DOCTYPE HTML>", "a", None, Format.HTML),
        (b"{}", "a", "application/vnd.api+json", Format.JSON),
        (b"<rss/>", "a", "application/rss+xml", Format.XML),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook\0".encode("utf-16-le"), "a", None, Format.XLS),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument\0".encode("utf-16-le"), "a.xls", None, Format.DOC),
        (zipped({"OFD.xml": b""}), "a.zip", None, Format.OFD),
        (zipped({"a.txt": b""}), "a.docx", None, Format.ZIP),
        (b"PK\x03\x04 cut off", "a.docx", None, Format.DOCX),
        (b"\x89PNG\r\n\x1a\n", "a.html", "text/html", Format.IMAGE),
        (b"\x00\x01\x02", "a.txt", "text/plain", Format.BINARY),
    ],
)
def test_content_then_server_then_name(body: bytes, name: str, media_type: str | None, kind: Format) -> None:
    assert sniff(body, name=name, media_type=media_type) is kind
