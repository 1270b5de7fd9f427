"""Which address identifies a document, and which is none."""

from __future__ import annotations

import pytest

from limen.crawler.pages.canonical import absolute_url, canonical_url
from limen.crawler.pages.listing import read_listing
from limen.crawler.source_spec import Canonical, Listing


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTPS://Site.Example:443/a?utm_source=x&id=3#part", "https://site.example/a?id=3"),
        ("http://site.example:8080", "http://site.example:8080/"),
        ("https://wap.site.example/a", "https://www.site.example/a"),
        ("https://site.example/a?q=%B5%E7%B3%D8&utm_medium=y", "https://site.example/a?q=%B5%E7%B3%D8"),
        ("https://site.example/a?b=&c", "https://site.example/a?b=&c"),
        ("http://[::1]:81/a", "http://[::1]:81/a"),
    ],
)
def test_one_document_has_one_address(url: str, expected: str) -> None:
    rules = Canonical(hosts={"wap.site.example": "www.site.example"})
    assert canonical_url(url, rules) == expected
    assert canonical_url(expected, rules) == expected


@pytest.mark.parametrize(
    "link", ["http://[broken/", "http://site.example:99999/", "mailto:a@b", "javascript:void(0)", "http://", "data:,x"]
)
def test_what_leads_nowhere(link: str) -> None:
    assert absolute_url("https://site.example/list/", link) is None


def test_links_are_completed() -> None:
    assert absolute_url("https://site.example/list/", " ../a.html ") == "https://site.example/a.html"


def test_a_list_with_a_broken_and_an_empty_link_keeps_the_others() -> None:
    html = '<ul><li><a href="http://[broken/">a</a></li><li><a href=" ">b</a></li><li><a href="/c">c</a></li></ul>'
    found = read_listing(html, url="https://site.example/list/", rules=Listing(row="li"), zone="UTC")
    assert [entry.url for entry in found] == ["https://site.example/c"]
