"""The steps between a listed item and its document."""

from __future__ import annotations

import pytest

from limen.crawler.errors import PageError
from limen.crawler.pages.hops import hop_url, hop_value
from limen.crawler.source_rules import Hop

URL = "https://law.example/detail"


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("https://law.example/detail?id={key}", "https://law.example/detail?id=a%2F1%26"),
        ("https://law.example/{value}/show", "https://law.example/x%20y/show"),
        ("https://law.example/fixed", "https://law.example/fixed"),
    ],
)
def test_addresses(template: str, expected: str) -> None:
    assert hop_url(template, key="a/1&", value="x y") == expected


def test_a_value_that_is_the_whole_address() -> None:
    assert hop_url("{value}", key="a", value="https://law.example/x?y=1&z") == "https://law.example/x?y=1&z"
    for value in ("", "x y", "/files/1.html", "file:///etc/hostname", "https://[broken/"):
        with pytest.raises(PageError, match="is no address"):
            hop_url("{value}", key="a", value=value)


def test_values() -> None:
    body = b'{"result": {"body": [{"path": "/files/7/law.html", "id": 12}]}}'
    path = "result.body.0.path"
    assert hop_value(body, hop=Hop(url=URL, value=path), url=URL) == "/files/7/law.html"
    assert hop_value(body, hop=Hop(url=URL, value="result.body.0.id"), url=URL) == "12"
    assert hop_value(body, hop=Hop(url=URL, value=path, pattern=r"files/(\d+)/"), url=URL) == "7"
    assert hop_value(body, hop=Hop(url=URL, value=path, pattern=r"law\.\w+"), url=URL) == "law.html"


@pytest.mark.parametrize(
    ("body", "pattern", "said"),
    [
        (b'{"result": {}}', None, "holds nothing at 'result.path'"),
        (b"<html>please wait</html>", None, URL),
        (b"", None, URL),
        (b'{"result": {"path": "/other"}}', r"files/(\d+)", "finds nothing in '/other'"),
    ],
)
def test_an_answer_that_leads_nowhere(body: bytes, pattern: str | None, said: str) -> None:
    with pytest.raises(PageError) as error:
        hop_value(body, hop=Hop(url=URL, value="result.path", pattern=pattern), url=URL)
    assert said in str(error.value)
    assert str(error.value).startswith(URL)
