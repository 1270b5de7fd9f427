"""Whatever the bytes are, reading them gives a text or a `ReadingError`; nothing else gets out."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from xml.sax.saxutils import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from limen.domain.document import PageText
from limen.nlp.errors import ReadingError
from limen.nlp.language import detect
from limen.nlp.text import ocr, old_word
from limen.nlp.text.docbook import read_docbook
from limen.nlp.text.encodings import decode
from limen.nlp.text.mojibake import untwisted
from limen.nlp.text.reader import read_page
from tests.unit.nlp.text.ofd_writer import write_ofd
from tests.unit.nlp.text.pdf_writer import Run, Stroke, write_pdf
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


@pytest.fixture(autouse=True, scope="module")
def _no_programs() -> Iterator[None]:
    """Keep the programs of the machine out: starting one for every example takes hours."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (old_word, ocr):
            patch.setattr(module, "find_tool", lambda _: None)
        yield


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
    for body, name in (("".join(markup), "page.html"), (f"<rule>{''.join(markup)}</rule>", "rule.xml")):
        page = _read(body.encode(), name)
        assert page is None or page.text or page.title


@pytest.mark.parametrize(
    "name",
    ["page.html", "rule.xml", "rule.pdf", "rule.docx", "rule.xlsx", "item.json", "rule.md", "rule.txt", "rule.ofd"],
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


_VALUES = st.sampled_from(
    ["", "0", "5", "-7", "4 4", "20 20 150 5", "nan", "1e999", "inf", "g 9 3", "g 99999999 1", "x", "0 0 0 0 0 0"]
)


@_FAST
@given(values=st.lists(_VALUES, min_size=7, max_size=7), text=st.text(max_size=30), path=_VALUES)
def test_any_ofd_page(values: list[str], text: str, path: str) -> None:
    box, size, matrix, x, y, delta, scale = values
    drawn = (
        f'<TextObject Boundary="{box}" Size="{size}" CTM="{matrix}" HScale="{scale}"><TextCode X="{x}" Y="{y}"'
        f' DeltaX="{delta}" DeltaY="{delta}">{escape(text)}</TextCode></TextObject><PathObject Boundary="{box}"'
        f' CTM="{matrix}"><AbbreviatedData>M {path} L {path} B {path} C</AbbreviatedData></PathObject>'
    )
    page = _read(write_ofd([[drawn, drawn]]), "page.ofd")
    assert page is None or page.text or page.title


_LINES = st.lists(
    st.tuples(
        st.text(alphabet="ab 1.高|", min_size=1, max_size=9),
        st.integers(0, 600),
        st.integers(0, 840),
        st.integers(1, 40),
    ),
    max_size=25,
)


@_FAST
@given(runs=_LINES, strokes=st.lists(st.tuples(*[st.integers(0, 600)] * 4), max_size=12))
def test_any_pdf_page_keeps_its_digits(
    runs: list[tuple[str, int, int, int]], strokes: list[tuple[int, int, int, int]]
) -> None:
    drawn = [Run(text.replace("高", "x"), x, y, size) for text, x, y, size in runs]
    page = _read(write_pdf([[*drawn, *(Stroke(*ends) for ends in strokes)]]), "page.pdf")
    if page is not None and not page.issues:
        assert all(run.text.count("1") == 0 or "1" in page.text or "¹" in page.text for run in drawn)


@_FAST
@given(markup=st.lists(st.sampled_from(_MARKUP), max_size=30))
def test_any_docbook(markup: list[str]) -> None:
    names = ["para", "chapter", "orderedlist", "listitem", "informaltable", "row", "entry", "superscript", "title"]
    inner = "".join(f"<{name}>{escape(piece)}</{name}>" for name, piece in zip(names * 4, markup, strict=False))
    nested = "".join(map("<{}>".format, names)) + inner + "".join(map("</{}>".format, reversed(names)))
    for body in (inner, nested):
        try:
            page = read_docbook(f"<book><chapter>{body}</chapter></book>".encode(), name="book")
        except ReadingError as error:
            assert "book" in str(error)  # noqa: PT017
        else:
            assert page.text.strip()
            assert page.title is None


@_FAST
@given(st.text(max_size=200))
def test_utf8_is_read_as_it_is(text: str) -> None:
    wanted = text.replace("\r\n", "\n").replace("\r", "\n")
    controls = {chr(code) for code in [*range(9), 11, 12, *range(14, 32), 127]} | {"\ufeff"}
    body = text.encode("utf-8")
    if (
        body.startswith((b"\xff\xfe", b"\xfe\xff"))
        or "�" in text
        or untwisted(wanted)[1]
        or any(sign in text for sign in controls)
    ):
        return
    assert decode(body, name="a.txt").text == wanted


@_FAST
@given(st.text(max_size=300))
def test_every_text_is_in_some_language(text: str) -> None:
    code = detect(text)
    assert len(code) == 2
    assert code.islower()
