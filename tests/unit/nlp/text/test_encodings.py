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
        (_ZH.encode("gb18030"), "iso-8859-1"),
        (f"<meta charset=gb2312>{_ZH}".encode("gb18030"), "iso-8859-1"),
        (_ZH.encode("gb18030"), "windows-1252"),
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


_SHORT = "关于公布规范条件的公告"


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_a_short_chinese_page_that_a_server_calls_western(encoding: str) -> None:
    text = f"<html><body><p>{_SHORT}：能量密度≥165Wh/kg</p></body></html>"
    assert decode(text.encode(encoding), name="a.html", charset="ISO-8859-1").text == text


@pytest.mark.parametrize(
    "text",
    [
        "Für die Rückgewinnung gilt: Öl, Größe, Übermaß, Äußeres – höchstens 5 µg/m³.",
        "L’arrêté du 5 août 2024 a été créé à l’été : « 5 µg/m³ » à 10 °C.",
        "A concentração não poderá exceder 5 µg/m³; ações, exceções, condições.",
        "Bu yönetmeliğin amacı çevre kirliliğini önlemektir; sınır değeri 5 µg/m³.".replace("ğ", "g").replace("ı", "i"),
    ],
)
def test_european_letters_stay_what_they_are(text: str) -> None:
    assert decode(text.encode("cp1252"), name="a.html", charset="iso-8859-1").text == text


@pytest.mark.parametrize(
    "text",
    [
        "≥ 165 Wh/kg",
        "30 mg/m³",
        "10 °C",
        "5 µg",
        "the company’s “limit”",
        "Größe",
        "10 ± 2 – 5 × 3",
        "€ 5",
        "2.5\u00a0%",
    ],
)
def test_what_was_encoded_twice_is_put_right_and_told(text: str) -> None:
    twisted = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in text.encode())
    decoded = decode(f"At most {twisted}.".encode(), name="a.html", charset="utf-8")
    assert decoded.text == f"At most {text}."
    [issue] = decoded.issues
    assert issue.severity is Severity.INFO
    assert "encoded twice" in issue.message


@pytest.mark.parametrize("text", ["SÃO PAULO", "Ã", "Â", "pâte à 5 %", "l’â’ge"])
def test_letters_that_only_look_twisted_stay(text: str) -> None:
    assert decode(text.encode(), name="a.html", charset="utf-8").text.startswith(text[:2])


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (
            "배터리의 에너지 밀도는 킬로그램당 백육십오 와트시 이상이어야 한다. 이 고시는 공포한 날부터 시행한다.",
            "cp949",
        ),
        (
            "電池のエネルギー密度は百六十五ワット時毎キログラム以上でなければならない。この告示は公布の日から施行する。",
            "euc_jp",
        ),
    ],
)
def test_other_two_byte_sets_are_not_taken_for_chinese(text: str, encoding: str) -> None:
    assert decode((text * 3).encode(encoding), name="a.html", charset="iso-8859-1").text == text * 3
