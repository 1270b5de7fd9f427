from __future__ import annotations

import zipfile
from io import BytesIO

import pytest

from limen.nlp.errors import ReadingError, Unreadable, UnsupportedLanguage
from limen.nlp.text import archive, reader
from limen.nlp.text.reader import read_page
from tests.unit.nlp.text.samples import one_of_each, word, zipped


@pytest.mark.parametrize("name", one_of_each())
def test_every_format_gives_its_numbers(name: str) -> None:
    text = read_page(one_of_each()[name], name=name).text
    assert "5 mg/L" in text or "0.1" in text or "165Wh/kg" in text


@pytest.mark.parametrize(
    ("body", "name", "message"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.ppt", r"^a\.ppt: .*neither a document nor a workbook.*convert it"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage\0".encode("utf-16-le"),
            "a.docx",
            "encrypted.*without a password",
        ),
        (zipped({"xl/workbook.bin": b"x"}), "a.xlsb", r"binary workbook.*save it as \.xlsx"),
        (zipped({"OFD.xml": b"x"}), "a.ofd", r"OFD.*again"),
        (b"\x89PNG\r\n\x1a\n", "a.png", "is an image; .*tesseract"),
        (zipped({"a": b"x"}), "a.zip", "zip archive.*unpack"),
        (b"\x1f\x8b\x08", "a.gz", "packed.*unpack"),
        (b"\x01\x00\x02", "a.bin", "binary"),
        (b"", "a.html", "is empty.*again"),
        (b" \n\t", "a.md", "is empty"),
        (b"\x00\x00", "a", "is empty"),
    ],
)
def test_what_cannot_be_read_says_what_to_do(body: bytes, name: str, message: str) -> None:
    with pytest.raises(Unreadable, match=message):
        read_page(body, name=name)


def test_a_file_beyond_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_BYTES", 10)
    with pytest.raises(Unreadable, match="larger"):
        read_page(b"x" * 11, name="a.txt")


def test_a_reader_that_fails_gives_an_error_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(page: object) -> None:
        raise ZeroDivisionError("no")

    monkeypatch.setattr("limen.nlp.text.plain.decode", lambda *_, **__: fail(None))
    with pytest.raises(Unreadable, match=r"a\.txt: the text reader failed \(ZeroDivisionError: no\)"):
        read_page(b"x", name="a.txt")


class TestArchives:
    def test_a_bomb_is_seen_in_its_directory(self) -> None:
        bomb = zipped({"word/document.xml": b"\0" * 40_000_000})
        with pytest.raises(Unreadable, match="zip bomb"):
            read_page(bomb, name="a.docx")

    def test_a_bomb_that_lies_about_its_size_is_seen_too(self) -> None:
        bomb = bytearray(zipped({"word/document.xml": b"\0" * 40_000_000}))
        size = (40_000_000).to_bytes(4, "little")
        assert bomb.count(size) == 2
        with pytest.raises(Unreadable):
            read_page(bytes(bomb.replace(size, (1000).to_bytes(4, "little"))), name="a.docx")

    def test_too_many_members(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(archive, "MAX_MEMBERS", 3)
        with pytest.raises(Unreadable, match="parts"):
            read_page(word(), name="a.docx")

    def test_an_encrypted_member(self) -> None:
        body = bytearray(word())
        place = body.rindex(b"PK\x01\x02")
        body[place + 8] |= 1
        with pytest.raises(Unreadable, match="encrypted"):
            read_page(bytes(body), name="a.docx")

    def test_a_truncated_archive(self) -> None:
        with pytest.raises(Unreadable, match=r"a\.docx: .*damaged"):
            read_page(word()[:-200], name="a.docx")

    def test_members_with_foreign_parts_missing(self) -> None:
        out = BytesIO()
        with zipfile.ZipFile(out, "w") as made:
            made.writestr("word/document.xml", b"<x/>")
        with pytest.raises(Unreadable, match="damaged"):
            read_page(out.getvalue(), name="a.docx")


def test_an_unsupported_language_names_itself_and_the_way_out() -> None:
    error = UnsupportedLanguage("de", "battg.md")
    assert isinstance(error, ReadingError)
    assert str(error) == (
        "battg.md is in German (de); Limen reads English and Chinese so far: add limen/nlp/languages/de, or pass --lang"
    )


def test_characters_that_nobody_sees_are_left_out() -> None:
    text = "<p>At most 16&#8203;5&shy; Wh/kg and \u202a5\u202c mg\u2060/L.</p>"
    assert read_page(text.encode(), name="a.html").text == "At most 165 Wh/kg and 5 mg/L."
