"""JSON that is not as it should be, and paths into it."""

from __future__ import annotations

import codecs
from typing import Any

import pytest

from limen.crawler.errors import PageError
from limen.crawler.pages.json_path import all_texts, fill, find, first_text, parse_json, parse_script, plain_text

URL = "https://api.example/list"
WARNING = "<br />\n<b>Warning</b>:  Undefined array key [0] in <b>/srv/plugin.php</b> on line <b>7</b><br />\n"


@pytest.mark.parametrize(
    "body",
    [
        b'{"a": 1}',
        codecs.BOM_UTF8 + b'{"a": 1}',
        '{"a": 1}'.encode("utf-16"),
        b'  \n {"a": 1}\n',
        WARNING.encode() + b'{"a": 1}',
        codecs.BOM_UTF8 + WARNING.encode() + b' {"a": 1}\n',
        b'Notice: something {odd}\n{"a": 1}',
    ],
)
def test_json_is_found(body: bytes) -> None:
    assert parse_json(body, url=URL) == {"a": 1}


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html><html><body>[1] sorry</body></html>", "an HTML page"),
        (b"plain words", "none"),
        (b'{"a": [1, 2', "none"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a": 1} {"b": 2}', "none"),
        (b"\x00\xff\xfe\x00", "none"),
        (b"9" * 5000, "none"),
    ],
)
def test_what_is_no_json(body: bytes, what: str) -> None:
    with pytest.raises(PageError, match=what):
        parse_json(body, url=URL)


def test_json_lines_are_a_list() -> None:
    body = '{"a": "x\u2028y"}\r\n\n{"a": 2}\n'
    assert parse_json(body.encode(), url=URL) == [{"a": "x\u2028y"}, {"a": 2}]
    with pytest.raises(PageError, match="none"):
        parse_json(b'{"a": 1}\n{"a": ', url=URL)


def test_the_encoding_of_the_source_goes_first() -> None:
    assert parse_json('["锂"]'.encode("gb18030"), url=URL, encoding="gb18030") == ["锂"]


def test_json_in_a_script_of_a_page() -> None:
    page = (
        '<html><script>x()</script><script id="params">{"a": "</p>&amp;"}</script><script id="v">var v = [1];</script>'
    )
    assert parse_script(page, selector="script#params", url=URL) == {"a": "</p>&amp;"}
    assert parse_script(page, selector="#v", url=URL) == [1]
    with pytest.raises(PageError, match=r"script selector '#none'.*layout has changed"):
        parse_script(page, selector="#none", url=URL)


VALUE: dict[str, Any] = {
    "data": {"list": [{"id": 1, "tags": ["a", "b"]}, {"id": 2.0, "tags": ["c", None]}, {"id": None}]},
    "states": [
        {"isCurrent": False, "ends": "2026-01-01", "stage": "x"},
        {"isCurrent": True, "ends": "2026-09-01", "stage": "y"},
    ],
    "@odata.nextLink": "next",
    "odd.key": {"in.side": "deep"},
    "odd": {"other": 1},
    "byName": {"one": {"n": 1}, "two": {"n": 2}},
}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("", [VALUE]),
        ("data.list.0.id", [1]),
        ("data.list.*.id", [1, 2.0]),
        ("data.list.*.tags.*", ["a", "b", "c"]),
        ("states.[isCurrent=true].ends", ["2026-09-01"]),
        ("states.[stage=x].ends", ["2026-01-01"]),
        ("states.[stage=z].ends", []),
        ("@odata.nextLink", ["next"]),
        ("odd.key.in.side", []),
        ("byName.*.n", [1, 2]),
        ("data.list.9.id", []),
        ("data.list.-1", []),
        ("nothing.at.all", []),
        ("data.list.id", []),
    ],
)
def test_paths(path: str, expected: list[Any]) -> None:
    assert find(VALUE, path) == expected


def test_a_key_with_a_dot_is_found_where_no_shorter_one_is() -> None:
    assert find({"odd.key": {"in.side": "deep"}}, "odd.key.in.side") == ["deep"]


def test_texts() -> None:
    assert first_text(VALUE, "data.list.1.id") == "2"
    assert first_text(VALUE, "states.0.isCurrent") == "false"
    assert first_text(VALUE, "data.list") is None
    assert first_text({"a": " "}, "a") is None
    assert first_text({"a": "x", "b": 2}, "{a}-{b}") == "x-2"
    assert all_texts({"a": ["x", " ", 3, None]}, "a") == ("x", "3")
    assert fill("https://x.example/{data.list.0.id}", VALUE) == "https://x.example/1"
    assert fill("{data.list.0.id}/{missing}", VALUE) is None


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("Rule on lithium<BR>and nickel", "Rule on lithium and nickel"),
        ("Law on <em>miner</em>als", "Law on minerals"),
        ("Gates &amp; Co &#8211; <b>notice</b>", "Gates & Co – notice"),
        ("limit < 5 mg and > 2 mg", "limit < 5 mg and > 2 mg"),
        ("&lt;5 mg&gt;", "<5 mg>"),
        ("  many \n\t spaces ", "many spaces"),
        ("<p></p>", None),
        (None, None),
    ],
)
def test_titles_lose_their_markup_and_nothing_else(markup: str | None, text: str | None) -> None:
    assert plain_text(markup) == text


def test_a_path_through_what_is_not_there_leads_to_nothing() -> None:
    paths = ("a", "*.*", "0.0.0", "[a=b].c", "a.b.c")
    values = (None, 1, "x", [], [[]], {"a": "b"}, [[[1]]])
    found = {(str(value), path): find(value, path) for value in values for path in paths}
    assert {place: each for place, each in found.items() if each} == {
        ("{'a': 'b'}", "a"): ["b"],
        ("[[[1]]]", "*.*"): [[1]],
        ("[[[1]]]", "0.0.0"): [1],
    }
