from __future__ import annotations

import codecs

import pytest

from limen.domain.issue import IssueKind, Severity
from limen.nlp.text.encodings import decode

_ZH = "单体电池能量密度不低于165Wh/kg，镕堃㎎。" * 3


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        (_ZH.encode("gb18030"), "gb2312"),
        (_ZH.encode("gb18030"), "GBK"),
        (_ZH.encode("gb18030"), "x-gbk"),
        (f"<meta charset=gb2312>{_ZH}".encode("gb18030"), None),
        (f'<?xml version="1.0" encoding="GB2312"?>{_ZH}'.encode("gb18030"), None),
        (_ZH.encode("gb18030"), None),
        (_ZH.encode("gb18030"), "utf-8"),
        (_ZH.encode(), "gb2312"),
        (f"<meta charset='gb2312'>{_ZH}".encode(), None),
        (_ZH.encode(), "iso-8859-1"),
        (_ZH.encode(), "no-such-charset"),
        (codecs.BOM_UTF8 + _ZH.encode(), "gb2312"),
        (codecs.BOM_UTF16_LE + _ZH.encode("utf-16-le"), "utf-8"),
        (codecs.BOM_UTF16_BE + _ZH.encode("utf-16-be"), None),
    ],
)
def test_chinese_however_it_is_declared(body: bytes, charset: str | None) -> None:
    decoded = decode(body, name="a.html", charset=charset)
    assert decoded.text.endswith(_ZH)
    assert decoded.issues == ()


@pytest.mark.parametrize("declared", ["utf-8", "iso-8859-1", "us-ascii", None])
def test_windows_letters_however_they_are_declared(declared: str | None) -> None:
    text = "The company’s limit of 5 µg/m³ – at 10 °C – is “final”. " * 4
    assert decode(text.encode("cp1252"), name="a.html", charset=declared).text == text


@pytest.mark.parametrize("text", ["≥ 5 t", "5 t • 7 t", "é"])
def test_a_single_sign_in_declared_utf8_is_believed(text: str) -> None:
    assert decode(text.encode(), name="a.html", charset="utf-8").text == text


def test_a_cut_character_is_an_issue_and_not_another_encoding() -> None:
    decoded = decode(_ZH.encode()[:-1], name="a.txt", charset="utf-8")
    assert decoded.text.startswith(_ZH[:-1])
    assert [(issue.kind, issue.severity) for issue in decoded.issues] == [(IssueKind.UNREADABLE, Severity.WARNING)]
    assert "a.txt: 1 characters" in decoded.issues[0].message


def test_line_ends_become_line_feeds_and_controls_go() -> None:
    assert decode(b"a\r\nb\rc\x00\x1ed\n", name="a.txt").text == "a\nb\ncd\n"


@pytest.mark.parametrize("declared", ["utf-8", None])
@pytest.mark.parametrize("sign", ["’", "–", "é", "°"])
def test_a_single_windows_letter_in_a_page_that_says_utf8(sign: str, declared: str | None) -> None:
    text = f"<meta charset=utf-8><p>The mine{sign}s effluent must not exceed 0.10 mg/L.</p>"
    decoded = decode(text.encode("cp1252"), name="reg1-eng.html", charset=declared)
    assert (decoded.text, decoded.issues) == (text, ())


def test_an_ascii_text_that_is_cut_within_its_first_letter_stays_utf8() -> None:
    decoded = decode(b"at 10 \xc2", name="a.html", charset="utf-8")
    assert (decoded.encoding, len(decoded.issues)) == ("utf-8", 1)
