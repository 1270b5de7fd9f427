"""What is read from feeds, lists, sitemaps and pages that are not as they should be."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest

from limen.crawler.errors import PageError
from limen.crawler.pages.attachments import find_attachments
from limen.crawler.pages.feed import read_feed
from limen.crawler.pages.listing import next_page, read_listing
from limen.crawler.pages.sitemap import read_sitemap
from limen.crawler.source_rules import DeadlineRule, Detail, Listing, SitemapRules

SITE = "https://site.example/list/"
ITEM = "<item><title>{0}</title><link>https://site.example/{0}</link></item>"


@pytest.mark.parametrize(
    "body", [b"", b"  ", b"<html><body>moved</body></html>", b"\x00\xff\xfe", b'{"success": false}']
)
def test_what_is_no_feed(body: bytes) -> None:
    with pytest.raises(PageError, match="expected a feed"):
        read_feed(body, url=SITE, zone="UTC")


def test_a_feed_that_says_gb2312_and_is_gb18030() -> None:
    text = f'<?xml version="1.0" encoding="gb2312"?><rss version="2.0"><channel>{ITEM.format("镕锂")}</channel></rss>'
    [entry] = read_feed(text.encode("gb18030"), url=SITE, zone="UTC")
    assert entry.hints.title == "镕锂"


def test_a_feed_that_is_cut_off_gives_what_it_has() -> None:
    text = f'<rss version="2.0"><channel>{ITEM.format("one")}{ITEM.format("two")[:20]}'
    assert read_feed(text.encode(), url=SITE, zone="UTC")[0].hints.title == "one"


def test_entities_in_a_feed_are_not_fetched_nor_blown_up() -> None:
    bomb = '<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>'
    text = f'{bomb}<rss version="2.0"><channel><item><title>&b;&x;</title><link>/a</link></item></channel></rss>'
    [entry] = read_feed(text.encode(), url=SITE, zone="UTC")
    assert "root:" not in (entry.hints.title or "")


def test_rows_without_a_document_are_left_out() -> None:
    html = """<ul><li><a href="a.html" title="The whole title">The who…</a></li><li>line</li>
    <li><a href="mailto:x@y">mail</a></li><li><a href="#top">top</a></li></ul>"""
    [entry] = read_listing(html, url=SITE, rules=Listing(row="li"), zone="UTC")
    assert (entry.url, entry.hints.title) == (SITE + "a.html", "The whole title")


def test_a_list_without_rows_is_another_page() -> None:
    with pytest.raises(PageError, match=r"correct \[listing\]"):
        read_listing("<p>verify that you are human</p>", url=SITE, rules=Listing(row="li"), zone="UTC")


@pytest.mark.parametrize(
    ("rule", "text", "expected"),
    [
        ({"rule": "field"}, "截止：2026年10月4日", datetime(2026, 10, 4, 15, 59, 59, tzinfo=UTC)),
        ({"rule": "range_end"}, "2026-09-04至2026-10-04", datetime(2026, 10, 4, 15, 59, 59, tzinfo=UTC)),
        ({"rule": "epoch_ms"}, "1791043200000", datetime(2026, 10, 3, 16, tzinfo=UTC)),
        ({"rule": "epoch_ms"}, "soon", None),
        ({"rule": "field"}, "待定", None),
        (
            {"rule": "regex", "pattern": "请于(.+?)前"},
            "请于２０２６年９月３０日前反馈",
            datetime(2026, 9, 30, 15, 59, 59, tzinfo=UTC),
        ),
        ({"rule": "relative_days", "pattern": r"(\d+)日内"}, "30日内", datetime(2026, 10, 1, 15, 59, 59, tzinfo=UTC)),
        ({"rule": "relative_days", "pattern": r"(\d+)日内"}, "20260901日内", None),
        ({"rule": "regex", "pattern": "至(.+)止|长期有效"}, "长期有效", None),
        ({"rule": "field", "timezone": "America/New_York"}, "2026-10-04", datetime(2026, 10, 5, 3, 59, 59, tzinfo=UTC)),
        ({"rule": "field"}, "2216-10-04", None),  # nobody asks for comments so long
        ({"rule": "field"}, "2026-08-01", None),  # before it opened
    ],
)
def test_deadlines_of_a_list(rule: dict[str, str], text: str, expected: datetime | None) -> None:
    html = f'<ul><li><a href="/1">x</a><b>2026-09-01</b><i>{text}</i></li></ul>'
    rules = Listing(row="li", date="b")
    deadline = DeadlineRule.model_validate({"select": "i", **rule})
    [entry] = read_listing(html, url="https://a.example/", rules=rules, zone="Asia/Shanghai", deadline=deadline)
    assert entry.hints.comment_deadline == expected


def test_the_pages_of_a_list() -> None:
    by_pattern = Listing(row="li", page_pattern="index_{n}.html", max_pages=3)
    assert next_page("", url=SITE, entry_url=SITE, rules=by_pattern, number=1) == SITE + "index_1.html"
    assert next_page("", url=SITE + "x/", entry_url=SITE, rules=by_pattern, number=2) == SITE + "index_2.html"
    assert next_page("", url=SITE, entry_url=SITE, rules=by_pattern, number=3) is None
    by_link = Listing(row="li", next_page="a.next", max_pages=9)
    assert (
        next_page('<a class="next" href="?p=2">2</a>', url=SITE, entry_url=SITE, rules=by_link, number=1)
        == SITE + "?p=2"
    )
    assert next_page("<a>end</a>", url=SITE, entry_url=SITE, rules=by_link, number=1) is None


SITEMAP = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{0}</urlset>'


def test_a_packed_sitemap_and_its_patterns() -> None:
    urls = "".join(f"<url><loc>https://site.example/{path}</loc></url>" for path in ("law/1", "law/old/2", "tag/3"))
    body = gzip.compress(SITEMAP.format(urls).encode())
    rules = SitemapRules(include=("/law/",), exclude=("/old/",))
    assert [each.url for each in read_sitemap(body, url=SITE, zone="UTC", rules=rules).entries] == [
        "https://site.example/law/1"
    ]


@pytest.mark.parametrize("body", [b"", b"<html><body>sorry</body></html>", b"\x1f\x8b broken", b"<rss/>", b"plain"])
def test_what_is_no_sitemap(body: bytes) -> None:
    with pytest.raises(PageError):
        read_sitemap(body, url=SITE, zone="UTC", rules=SitemapRules())


def test_a_sitemap_bomb_is_left() -> None:
    body = gzip.compress(b" " * 70_000_000)
    with pytest.raises(PageError, match="unpacks to more than"):
        read_sitemap(body, url=SITE, zone="UTC", rules=SitemapRules())


def test_files_of_a_page() -> None:
    html = """<body><a href="rule.PDF?v=2">Rule</a><iframe src="/pdfjs/viewer.html?file=/files/annex.docx"></iframe>
    <a href="x.zip">zip</a><a href="rule.PDF?v=2">again</a><a href="page.html">page</a><a href="f.ofd"><img></a></body>"""
    found = find_attachments(html, url=SITE, rules=Detail())
    assert [(each.url, each.label) for each in found] == [
        (SITE + "rule.PDF?v=2", "Rule"),
        ("https://site.example/files/annex.docx", "annex.docx"),
        (SITE + "f.ofd", "f.ofd"),
    ]
    assert find_attachments(html, url=SITE, rules=Detail(attachments=False)) == ()
