"""Sitemaps of every form, and what stands in their place."""

from __future__ import annotations

import gzip
import tracemalloc

import pytest

from limen.crawler.errors import PageError
from limen.crawler.pages.sitemap import Sitemap, read_sitemap
from limen.crawler.source_rules import SitemapRules

URL = "https://site.example/sitemap.xml"
SPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
)


def read(body: str | bytes, **rules: object) -> Sitemap:
    data = body.encode() if isinstance(body, str) else body
    return read_sitemap(data, url=URL, zone="UTC", rules=SitemapRules.model_validate(rules))


def urlset(*urls: str) -> str:
    return f'<?xml version="1.0"?><urlset {SPACES}>{"".join(f"<url>{each}</url>" for each in urls)}</urlset>'


def paths(found: Sitemap) -> list[str]:
    return [entry.url.removeprefix("https://site.example/") for entry in found.entries]


def test_a_news_sitemap() -> None:
    body = urlset(
        "<loc>https://site.example/old</loc><lastmod>2026-09-01</lastmod>",
        "<image:image><image:loc>https://site.example/i.png</image:loc><image:title>Picture</image:title></image:image>"
        "<loc>https://site.example/new</loc><news:news><news:publication><news:name>Ore</news:name></news:publication>"
        "<news:publication_date>2026-09-14T06:00:00Z</news:publication_date><news:title>Lithium &amp; co</news:title>"
        "</news:news>",
        "<loc>https://site.example/undated</loc>",
        "<loc>mailto:x@y</loc>",
        "",
    )
    found = read(body)
    assert paths(found) == ["new", "old", "undated"]
    assert found.entries[0].hints.title == "Lithium & co"
    assert found.entries[0].hints.published is not None
    assert found.entries[1].hints.published is None


def test_lastmod_is_only_trusted_where_the_source_says_so() -> None:
    body = urlset(
        "<loc>https://site.example/a</loc><lastmod>2026-09-01T00:00:00Z</lastmod>", "<loc>https://site.example/b</loc>"
    )
    assert [entry.revision for entry in read(body).entries] == [None, None]
    assert [entry.revision for entry in read(body, trust_lastmod=True).entries] == ["2026-09-01T00:00:00Z", None]


def test_an_index_newest_first() -> None:
    body = (
        f"<sitemapindex {SPACES}><sitemap><loc>/a.xml</loc><lastmod>2026-01-01</lastmod></sitemap>"
        "<sitemap><loc>https://site.example/b.xml.gz</loc><lastmod>2026-02-01</lastmod></sitemap></sitemapindex>"
    )
    found = read(body)
    assert found.sitemaps == ("https://site.example/b.xml.gz", "https://site.example/a.xml")
    assert found.entries == ()


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_sitemap_in_plain_text(mark: bytes) -> None:
    body = mark + b"https://site.example/a\r\n\r\n  https://site.example/law/b \nhttps://site.example/c"
    assert paths(read(body)) == ["a", "law/b", "c"]
    assert paths(read(gzip.compress(body), include=["/law/"])) == ["law/b"]


@pytest.mark.parametrize(
    "body",
    ["https://site.example/a\nhello world", "see https://site.example/a", "", " \n", "# comment\nhttps://x.example/"],
)
def test_text_that_is_no_list_of_addresses(body: str) -> None:
    with pytest.raises(PageError, match="expected a sitemap, but the answer is no sitemap"):
        read(body)


def test_html_in_its_place() -> None:
    with pytest.raises(PageError, match="an HTML page"):
        read("<!DOCTYPE html><html><body><url>https://site.example/a</url></body></html>")


def test_what_is_cut_off_gives_what_it_has() -> None:
    whole = urlset("<loc>https://site.example/a</loc>", "<loc>https://site.example/b</loc>")
    assert paths(read(whole[: whole.index("/b") - 5]))[:1] == ["a"]


def test_gzip_in_several_members_and_cut_off() -> None:
    whole = urlset("<loc>https://site.example/a</loc>", "<loc>https://site.example/b</loc>").encode()
    packed = gzip.compress(whole[:100]) + gzip.compress(whole[100:])
    assert paths(read(packed)) == ["a", "b"]
    with pytest.raises(PageError, match="ends too early"):
        read(packed[:-20])


def test_a_bomb_in_several_members_is_left() -> None:
    with pytest.raises(PageError, match="unpacks to more than"):
        read(gzip.compress(b" " * 40_000_000) * 2)


def test_entities_are_neither_fetched_nor_blown_up() -> None:
    bomb = '<!DOCTYPE u [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    body = bomb + urlset("<loc>https://site.example/&x;&b;</loc>").partition("?>")[2]
    assert "root:" not in repr(read(body))


def test_many_addresses_cost_little_memory() -> None:
    one = "<loc>https://site.example/a/rather/long/address/of/a/page/{0}.html</loc><lastmod>2026-09-01T00:00:00Z</lastmod>"
    body = urlset(*(one.format(number) for number in range(2_000))).encode()
    tracemalloc.start()
    found = read(body)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(found.entries) == 2_000
    assert peak < 2_000 * 1_000
