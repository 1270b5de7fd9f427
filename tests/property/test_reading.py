"""Whatever the bytes are, reading them gives a text or a `ReadingError`; nothing else gets out."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from limen.domain.document import PageText
from limen.nlp.errors import ReadingError
from limen.nlp.language import detect
from limen.nlp.text.encodings import decode
from limen.nlp.text.reader import read_page
from tests.unit.nlp.text.samples import one_of_each

_NAMES = ".html .htm .xml .pdf .docx .xlsx .xls .json .md .txt .doc .wps .rtf .ofd .png"
_SUFFIXES = [*_NAMES.split(), ""]
_PIECES = """
<table> <tr> <td> <td\u00a0colspan=99999> <td\u00a0rowspan=0> <th\u00a0rowspan=7> </table> <ul> <ol\u00a0start=-3> <li> <dl>
<dt> <dd>
<sup> </sup> <sub> <p> </p> <h1> </h1> <div\u00a0class=share> </div> <nav> <br> <pre> <a\u00a0href=#x> </a> 10 9 <math> <form>
<article> <template> <svg> &ge; &#0; &#x1e; 能量 mg/L ( ) | # -
"""
_MARKUP = [piece.replace("\u00a0", " ") for piece in _PIECES.split(" ")] + ["\t", " "]
_MAGIC = [
    b"",
    b"%PDF-1.7\n",
    b"PK\x03\x04",
    b"PK\x05\x06" + b"\0" * 18,
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"<html><body>",
    b"<?xml version='1.0'?>",
    b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;",
    b"{",
    b"[[",
    b"{\\rtf1",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\x1f\x8b",
]
_FAST = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@cache
def _files() -> dict[str, bytes]:
    return one_of_each()


def _read(body: bytes, name: str) -> PageText | None:
    try:
        return read_page(body, name=name)
    except ReadingError as error:
        if name not in str(error):
            raise AssertionError(f"{error!r} does not name {name}") from error
        return None


@_FAST
@given(magic=st.sampled_from(_MAGIC), rest=st.binary(max_size=400), suffix=st.sampled_from(_SUFFIXES))
def test_any_bytes(magic: bytes, rest: bytes, suffix: str) -> None:
    page = _read(magic + rest, f"file{suffix}")
    assert page is None or page.text or page.title


@_FAST
@given(markup=st.lists(st.sampled_from(_MARKUP), max_size=60))
def test_any_markup(markup: list[str]) -> None:
    _read("".join(markup).encode(), "page.html")
    _read(f"<rule>{''.join(markup)}</rule>".encode(), "rule.xml")


@pytest.mark.parametrize(
    "name", ["page.html", "rule.xml", "rule.pdf", "rule.docx", "rule.xlsx", "item.json", "rule.md", "rule.txt"]
)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_damaged_files(name: str, data: st.DataObject) -> None:
    body = _files()[name]
    assert _read(body, name) is not None
    cut = data.draw(st.integers(0, len(body)))
    _read(body[:cut], name)
    place, noise = data.draw(st.integers(0, len(body))), data.draw(st.binary(min_size=1, max_size=8))
    _read(body[:place] + noise + body[place + len(noise) :], name)


@_FAST
@given(st.text(max_size=200))
def test_utf8_is_read_as_it_is(text: str) -> None:
    wanted = text.replace("\r\n", "\n").replace("\r", "\n")
    controls = {chr(code) for code in [*range(9), 11, 12, *range(14, 32), 127]} | {"\ufeff"}
    body = text.encode("utf-8")
    if body.startswith((b"\xff\xfe", b"\xfe\xff")) or "�" in text or any(sign in text for sign in controls):
        return
    assert decode(body, name="a.txt").text == wanted


@_FAST
@given(st.text(max_size=300))
def test_every_text_is_in_some_language(text: str) -> None:
    code = detect(text)
    assert len(code) == 2
    assert code.islower()
