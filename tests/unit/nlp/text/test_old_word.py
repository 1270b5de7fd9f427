"""Word 97, WPS, RTF and OpenDocument through the office programs of the machine.

`data/limits.doc` holds words of our own, saved by LibreOffice.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from limen.domain.issue import Severity
from limen.nlp.errors import Unreadable
from limen.nlp.text import old_word
from limen.nlp.text.reader import read_page
from tests.unit.nlp.text.samples import zipped

DOC = (Path(__file__).parent / "data" / "limits.doc").read_bytes()
RTF = rb"{\rtf1\ansi{\pard At most 0.10 mg/L of arsenic and 30 mg/m{\super 3} of dust.\par}}"
ODT = zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<x/>"})


def needs(tool: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Skip a test, loudly, on a machine that lacks a program."""
    skip = pytest.mark.skipif(shutil.which(tool) is None, reason=f"{tool} is not installed on this machine")
    return lambda test: pytest.mark.slow(skip(test)) if tool == "soffice" else skip(test)


def only(monkeypatch: pytest.MonkeyPatch, *tools: str) -> None:
    """Let the reader find these programs and no others."""
    monkeypatch.setattr(old_word, "find_tool", lambda name: shutil.which(name) if name in tools else None)


@needs("soffice")
@pytest.mark.parametrize("name", ["limits.doc", "limits.wps", "download"])
def test_libreoffice_keeps_headings_lists_tables_and_powers(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch, "soffice")
    page = read_page(DOC, name=name)
    assert page.title == "Limits for mine water"
    assert "must not exceed 30 mg/m³ and of salt 250 [9] mg." in page.text
    assert "单体电池能量密度应不低于165Wh/kg。" in page.text
    assert "1. arsenic at most 0.10 mg/L\n2. copper" in page.text
    assert "| Lead | 0.20 mg/L |" in page.text
    assert page.issues == ()


@needs("antiword")
def test_antiword_reads_it_without_libreoffice_and_an_issue_says_what_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch, "antiword")
    page = read_page(DOC, name="limits.doc")
    assert page.text.startswith("# Limits for mine water")
    assert "must not exceed 30 mg/m³ and of salt 250 [9] mg." in page.text
    assert "单体电池能量密度应不低于165Wh/kg。" in page.text
    assert "1. arsenic at most 0.10 mg/L\n2. copper" in page.text
    assert "| Lead | 0.20 mg/L |" in page.text
    [issue] = page.issues
    assert issue.severity is Severity.INFO
    assert "antiword" in issue.message
    assert "apt-get install --no-install-recommends libreoffice-writer-nogui" in issue.message


@needs("soffice")
def test_rtf(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_page(RTF, name="a.rtf").text == "At most 0.10 mg/L of arsenic and 30 mg/m³ of dust."


@pytest.mark.parametrize(
    ("body", "name", "message"),
    [
        (
            DOC,
            "a.doc",
            r"a\.doc: .*install LibreOffice \(apt-get install .*\) or antiword \(apt-get install antiword\)",
        ),
        (DOC, "a.wps", "install LibreOffice"),
        (RTF, "a.rtf", r"install LibreOffice \(apt-get install [^)]*\)$"),
        (ODT, "a.odt", "install LibreOffice"),
    ],
)
def test_a_machine_without_the_programs_names_them(
    body: bytes, name: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    only(monkeypatch)
    with pytest.raises(Unreadable, match=message):
        read_page(body, name=name)


@needs("antiword")
def test_what_the_program_cannot_read_says_what_it_said(monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch, "antiword")
    with pytest.raises(Unreadable, match=r"a\.doc: .*antiword ended with.*install LibreOffice.*by hand"):
        read_page(DOC[:1500], name="a.doc")


@needs("soffice")
def test_no_text_from_an_office_program_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch, "soffice")
    with pytest.raises(Unreadable, match="cannot be read"):
        read_page(ODT, name="a.odt")


def test_a_bomb_never_reaches_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(old_word, "run_tool", lambda *_, **__: pytest.fail("it was started"))
    bomb = zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"\0" * 40_000_000})
    with pytest.raises(Unreadable, match="zip bomb"):
        read_page(bomb, name="a.odt")


@needs("soffice")
def test_nothing_that_a_document_links_to_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch, "soffice")
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def do_HEAD(self) -> None:
            self.do_GET()

        def do_OPTIONS(self) -> None:
            self.do_GET()

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        here = f"http://127.0.0.1:{server.server_port}"
        body = (
            rf'{{\rtf1\ansi At most 5 mg/L{{\field{{\*\fldinst INCLUDEPICTURE "{here}/a.png"}}{{\fldrslt }}}}'
            rf'{{\field{{\*\fldinst INCLUDETEXT "{here}/b.rtf"}}{{\fldrslt }}}}{{\*\template {here}/c.dot}}\par}}'
        )
        assert read_page(body.encode(), name="a.rtf").text == "At most 5 mg/L"
        server.shutdown()
    assert asked == []
