"""Which address identifies a document, and which is none."""

from __future__ import annotations

import pytest

from limen.crawler.pages.canonical import absolute_url, canonical_url, identity_of
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


@pytest.mark.parametrize(
    "twin",
    [
        "http://site.example/a/1",
        "https://www.site.example/a/1",
        "https://m.site.example/a/1",
        "https://wap.site.example/a/1",
        "https://www2.site.example/a/1",
        "https://SITE.example/a/1/",
        "https://site.example:443/a/1?utm_source=x&fbclid=y",
        "https://site.example/a/1;jsessionid=0A1B2C3D",
        "https://site.example/a/1#comments",
        "https://site.example/a/1?",
        "https://other.example/a/1",
    ],
)
def test_twins_are_one_document(twin: str) -> None:
    rules = Canonical(hosts={"other.example": "site.example"})
    assert identity_of(twin, rules) == identity_of("https://site.example/a/1", rules) == "site.example/a/1"


@pytest.mark.parametrize(
    "other",
    [
        "https://site.example/a/2",
        "https://site.example/A/1",
        "https://site.example/a/1?id=2",
        "https://news.site.example/a/1",
        "https://site.example:8443/a/1",
        "https://m.example/a/1",
        "https://site.example/a//1",
    ],
)
def test_what_is_no_twin(other: str) -> None:
    assert identity_of(other, Canonical()) != identity_of("https://site.example/a/1", Canonical())


def test_parameters_in_any_order_are_the_same_document() -> None:
    assert identity_of("https://a.example/?b=2&a=1&&utm_id=3", Canonical()) == "a.example/?a=1&b=2"
    rules = Canonical(drop_query=("lang",))
    assert identity_of("https://a.example/x?lang=en&id=1", rules) == identity_of("https://a.example/x?id=1", rules)


def test_a_fragment_that_names_the_document() -> None:
    rules = Canonical(keep_fragment=True)
    first, second = (identity_of(f"https://law.example/#/detail/{number}", rules) for number in (1, 2))
    assert first != second


@pytest.mark.parametrize(
    ("key", "url", "expected"),
    [
        (r"CELEX:(\w+)", "https://eur.example/legal/?uri=CELEX:32023R1542&from=EN", "32023R1542"),
        (r"[0-9]{4}-[0-9]{5}", "http://www.fr.example/documents/2026-01234/title", "2026-01234"),
        (r"#/detail/(\d+)", "https://law.example/#/detail/77", "77"),
        (r"art_(\d+)", "https://site.example/other", "site.example/other"),
    ],
)
def test_the_publishers_own_key(key: str, url: str, expected: str) -> None:
    assert identity_of(url, Canonical(key=key)) == expected


def test_an_address_is_rewritten_before_anything_else() -> None:
    rules = Canonical(
        rewrite=({"pattern": r"^https://m\.site\.example/show\?id=(\d+)$", "to": r"https://site.example/\1.html"},)
    )  # type: ignore[arg-type]
    assert canonical_url("https://m.site.example/show?id=7", rules) == "https://site.example/7.html"
    assert identity_of("https://m.site.example/show?id=7", rules) == identity_of("https://site.example/7.html", rules)


def test_a_key_that_is_not_there_leaves_the_address() -> None:
    rules = Canonical(key=r"/art_(\w+)|/index")
    assert identity_of("https://site.example/art_1", rules) == "1"
    assert identity_of("https://site.example/index/2", rules) == "site.example/index/2"
