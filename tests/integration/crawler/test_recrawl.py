"""What a second visit costs, and what of it counts as a change."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from limen.crawler.pages.wordpress import posts_url
from limen.crawler.source_rules import WordPress
from limen.domain.issue import IssueKind

from .local_site import LocalSite
from .test_crawl import PAGE, Crawler, crawler, site  # noqa: F401 - two are fixtures

pytestmark = pytest.mark.slow

SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
FURNITURE = """<!doctype html><html><head><title>Notice</title><meta name="csrf-token" content="{token}">
<script nonce="{token}">window.token = "{token}";</script></head><body><main><h1>Notice</h1>
<p>Cells shall have an energy density of at least {number} Wh/kg, measured as Annex 2 of this notice says.</p>
<form><input type="hidden" name="csrf" value="{token}"></form></main></body></html>"""


def put_feed(site: LocalSite, *addresses: str, path: str = "/feed.xml", **options: object) -> None:  # noqa: F811
    items = "".join(f"<item><title>About {each}</title><link>{each}</link></item>" for each in addresses)
    body = f'<rss version="2.0"><channel><title>t</title>{items.replace("&", "&amp;")}</channel></rss>'
    site.put(path, body, **options)


def put_pages(site: LocalSite, *names: str) -> list[str]:  # noqa: F811
    for name in names:
        site.put(f"/{name}.html", PAGE.format(name, ""))
    return [site.url(f"/{name}.html") for name in names]


def put_posts(site: LocalSite, *posts: tuple[str, str], **options: object) -> None:  # noqa: F811
    """Put the answer of a WordPress site with (name, time of modification) of its posts."""
    body = json.dumps([{"link": site.url(f"/{name}.html"), "modified_gmt": changed} for name, changed in posts])
    address = posts_url(site.url("/"), rules=WordPress())
    site.put(address.removeprefix(site.address), body, content_type="application/json", **options)


def assert_only_304s(site: LocalSite, count: int) -> None:  # noqa: F811
    assert (site.answered(304), site.answered(200)) == (count, 0)


def test_an_unchanged_list_with_pages(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    put_pages(site, "a", "b")
    site.put("/list.html", '<ul><li class="d"><a href="a.html">a</a></li></ul><a class="next" href="list2.html">2</a>')
    site.put("/list2.html", '<ul><li class="d"><a href="b.html">b</a></li></ul>')
    rules = '[listing]\nrow = "li.d"\nnext_page = "a.next"\nmax_pages = 3\n'
    crawler.add("list", "listing", site.url("/list.html"), extra=rules)
    crawler.run("list")
    site.forget()
    crawl = crawler.run("list")
    assert_only_304s(site, 4)
    assert crawl.finished | {"lists": 2, "listed": 2, "unchanged": 2, "fetched": 0} == crawl.finished


def test_an_unchanged_sitemap_index(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    urls = put_pages(site, "a", "b")
    site.put("/index.xml", f"<sitemapindex {SPACE}><sitemap><loc>{site.url('/map.xml')}</loc></sitemap></sitemapindex>")
    site.put("/map.xml", f"<urlset {SPACE}>{''.join(f'<url><loc>{url}</loc></url>' for url in urls)}</urlset>")
    crawler.add("map", "sitemap", site.url("/index.xml"))
    crawler.run("map")
    site.forget()
    crawl = crawler.run("map")
    assert_only_304s(site, 4)
    assert crawl.finished | {"lists": 2, "unchanged": 2} == crawl.finished


def test_an_unchanged_feed_behind_a_redirect(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    put_feed(site, *put_pages(site, "a"), path="/new.xml")
    site.put("/feed.xml", "moved", status=301, headers={"Location": "/new.xml"})
    crawler.add("news", "feed", site.url("/feed.xml"))
    crawler.run("news")
    site.forget()
    crawl = crawler.run("news")
    assert site.requests["/new.xml", 304] == 1
    assert site.answered(200) == 0
    assert crawl.finished | {"lists": 1, "unchanged": 1} == crawl.finished


def test_an_unchanged_feed_with_a_date_in_place_of_a_mark(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    day = "Mon, 14 Sep 2026 08:00:00 GMT"
    put_feed(site, *put_pages(site, "a"), validators=False, headers={"Last-Modified": day})
    crawler.add("news", "feed", site.url("/feed.xml"))
    crawler.run("news")
    site.forget()
    crawler.run("news")
    assert dict(site.seen)["/feed.xml"]["if-modified-since"] == day


def test_a_feed_that_cannot_be_asked_conditionally(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    put_feed(site, *put_pages(site, "a"), validators=False)
    site.pages["/a.html"].validators = False
    crawler.add("news", "feed", site.url("/feed.xml"))
    crawler.run("news")
    site.forget()
    crawl = crawler.run("news")
    assert site.answered(200) == 2
    assert (crawl.count("fetched"), crawl.count("unchanged"), len(crawl.urls)) == (0, 1, 1)
    assert crawl.ledger.lists == {}
    put_feed(site, *put_pages(site, "a", "b"), validators=False)
    assert crawler.run("news").urls == [site.url("/a.html"), site.url("/b.html")]


def test_a_feed_that_has_changed_is_read_and_remembered_anew(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    put_feed(site, *put_pages(site, "a"))
    crawler.add("news", "feed", site.url("/feed.xml"))
    crawler.run("news")
    put_feed(site, *put_pages(site, "a", "b"))
    assert crawler.run("news").urls == [site.url("/a.html"), site.url("/b.html")]
    site.forget()
    crawl = crawler.run("news")
    assert_only_304s(site, 3)
    assert crawl.finished["listed"] == 2


def test_a_304_that_nobody_asked_for_is_a_list_that_could_not_be_read(
    site: LocalSite,  # noqa: F811
    crawler: Crawler,  # noqa: F811
) -> None:
    site.put("/feed.xml", b"", status=304)
    crawler.add("news", "feed", site.url("/feed.xml"))
    crawl = crawler.run("news")
    assert crawl.finished | {"outcome": "failed", "lists_failed": 1} == crawl.finished
    [issue] = crawl.ledger.issues
    assert issue.kind is IssueKind.BLOCKED
    assert "the answer is empty" in issue.message


def test_a_list_that_turned_bad_does_not_take_the_place_of_the_good_one(
    site: LocalSite,  # noqa: F811
    crawler: Crawler,  # noqa: F811
) -> None:
    put_feed(site, *put_pages(site, "a"))
    crawler.add("news", "feed", site.url("/feed.xml"))
    [kept] = crawler.run("news").ledger.lists.values()
    site.put("/feed.xml", PAGE.format("Our new site", ""))
    crawl = crawler.run("news")
    assert list(crawl.ledger.lists.values()) == [kept]
    put_feed(site, *put_pages(site, "a"))
    site.forget()
    crawler.run("news")
    assert_only_304s(site, 2)


def test_posts_with_the_same_time_of_modification_are_not_asked_for(
    site: LocalSite,  # noqa: F811
    crawler: Crawler,  # noqa: F811
) -> None:
    put_pages(site, "a", "b")
    put_posts(site, ("a", "2026-09-01T00:00:00"), ("b", "2026-09-02T00:00:00"))
    crawler.add("blog", "wordpress", site.url("/"))
    crawler.run("blog")
    site.forget()
    crawl = crawler.run("blog")
    assert_only_304s(site, 1)
    assert crawl.count("unchanged") == 2

    put_posts(site, ("a", "2026-09-03T00:00:00"), ("b", "2026-09-02T00:00:00"))
    site.put("/a.html", PAGE.format("a, corrected", ""))
    site.forget()
    crawl = crawler.run("blog")
    assert site.asked()[1:] == ["/a.html"]
    assert "if-none-match" not in dict(site.seen)["/a.html"]
    assert crawl.urls[2:] == [site.url("/a.html")]
    assert crawl.ledger.fetches[-1][0].revision == "2026-09-03T00:00:00"

    # A new time on the same text is taken note of, so that the next run has nothing to ask.
    put_posts(site, ("a", "2026-09-03T00:00:00"), ("b", "2026-09-04T00:00:00"))
    assert len(crawler.run("blog").urls) == 3
    site.forget()
    crawler.run("blog")
    assert_only_304s(site, 1)

    # A mark is believed for a week.
    crawler.options["clock_offset_seconds"] = timedelta(days=8).total_seconds()
    site.forget()
    crawler.run("blog")
    assert_only_304s(site, 3)


def test_twins_are_one_document(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    [page] = put_pages(site, "a")
    site.put("/b", PAGE.format("b", ""))
    site.put("/b/", PAGE.format("b", ""))
    twins = [
        f"{page}?utm_source=rss&utm_medium=feed",
        page.replace("127.0.0.1", "localhost"),
        f"{page}#comments",
        f"{page.removesuffix('.html')}.html;jsessionid=0123456789ABCDEF",
        page,
    ]
    put_feed(site, *twins, site.url("/b/"), site.url("/b"))
    hosts = '[canonical.hosts]\n"localhost" = "127.0.0.1"\n'
    crawler.allow.append("localhost")
    crawler.add("news", "feed", site.url("/feed.xml"), extra=hosts)
    crawl = crawler.run("news")
    assert sorted(crawl.urls) == [page, site.url("/b/")]
    for turn in (twins[1:], twins[::-1]):
        put_feed(site, *turn, site.url("/b"), site.url("/b/"))
        crawl = crawler.run("news")
        assert sorted(crawl.urls) == [page, site.url("/b/")]
        assert crawl.count("unchanged") == 2
    assert crawl.ledger.issues == []


def test_a_page_that_changes_in_its_furniture_only_is_unchanged(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    put_feed(site, site.url("/a.html"))
    site.put("/a.html", FURNITURE.format(token="x1", number=160))
    crawler.add("news", "feed", site.url("/feed.xml"))
    crawler.run("news")
    for token in ("x2", "x3"):
        site.put("/a.html", FURNITURE.format(token=token, number=160))
        crawl = crawler.run("news")
        assert (crawl.count("unchanged"), crawl.count("fetched"), len(crawl.urls)) == (1, 0, 1)
    # What it was last seen with is what it is asked with.
    site.forget()
    crawler.run("news")
    assert_only_304s(site, 2)
    site.put("/a.html", FURNITURE.format(token="x3", number=165))
    crawl = crawler.run("news")
    assert (crawl.count("fetched"), len(crawl.urls)) == (1, 2)


def test_a_challenge_in_place_of_a_known_page(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    put_feed(site, *put_pages(site, "a", "b"))
    crawler.add("news", "feed", site.url("/feed.xml"))
    crawler.run("news")
    site.put("/a.html", "<html><head><title>Just a moment...</title></head><body>Checking your browser</body></html>")
    crawl = crawler.run("news")
    assert len(crawl.urls) == 2
    assert crawl.finished | {"blocked": 1, "unchanged": 1, "failed": 0} == crawl.finished
    [issue] = crawl.ledger.issues
    assert (issue.kind, issue.url) == (IssueKind.BLOCKED, site.url("/a.html"))
    put_pages(site, "a")
    site.forget()
    crawl = crawler.run("news")
    assert_only_304s(site, 3)
    assert crawl.finished | {"blocked": 0, "unchanged": 2} == crawl.finished


@pytest.mark.parametrize("rules", ['ok = { "success" = true }\n', ""])
def test_a_service_that_fails_with_a_good_status(site: LocalSite, crawler: Crawler, rules: str) -> None:  # noqa: F811
    put_pages(site, "a")
    good = json.dumps({"success": True, "data": [{"u": "/a.html"}]})
    site.put("/api", good, content_type="application/json")
    extra = f'[json_api]\nitems = "data"\n{rules}[json_api.fields]\nurl = "u"\n'
    crawler.add("api", "json_api", site.url("/api"), extra=extra)
    crawler.run("api")
    site.put("/api", '{"success": false, "message": "out of order", "data": []}', content_type="application/json")
    crawl = crawler.run("api")
    assert crawl.finished | {"outcome": "failed", "lists": 0, "lists_failed": 1, "listed": 0} == crawl.finished
    [issue] = crawl.ledger.issues
    assert issue.kind in (IssueKind.BLOCKED, IssueKind.SOURCE_CHANGED)
    assert "out of order" in issue.message or not rules
    site.put("/api", good, content_type="application/json")
    site.forget()
    crawl = crawler.run("api")
    assert_only_304s(site, 2)


def test_pages_that_never_answer_leave_places_for_others(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    numbers = range(12)
    put_feed(site, *(site.url(f"/{number}.html") for number in numbers))
    for number in numbers:
        site.put(f"/{number}.html", PAGE.format(number, ""))
    crawler.add("news", "feed", site.url("/feed.xml"), extra="limits = { max_rechecks = 4 }\n")
    crawler.run("news")
    put_feed(site, site.url("/99.html"))
    site.put("/99.html", PAGE.format(99, ""))
    for number in range(4):
        site.put(f"/{number}.html", "no", status=403)
    site.seen.clear()
    for _ in range(6):
        crawler.run("news")
    asked = {path for path, _ in site.seen}
    assert any(f"/{number}.html" in asked for number in range(8, 12))


def put_signs(site: LocalSite, target: str, *names: str) -> list[str]:  # noqa: F811
    """Put addresses that redirect to another."""
    for name in names:
        site.put(f"/{name}.html", "moved", status=302, headers={"Location": target})
    return [site.url(f"/{name}.html") for name in names]


def test_two_addresses_of_one_page_are_one_document(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    put_feed(site, *put_signs(site, "/a.html", "short"), *put_pages(site, "a"))
    crawler.add("news", "feed", site.url("/feed.xml"))
    crawl = crawler.run("news")
    assert crawl.urls == [site.url("/a.html")]
    assert crawl.finished | {"duplicate": 1, "new": 1, "failed": 0} == crawl.finished
    put_feed(site, *put_signs(site, "/a.html", "short", "shorter"))
    crawl = crawler.run("news")
    assert crawl.urls == [site.url("/a.html")], "it is known from the run before"
    assert crawl.ledger.issues == []


def test_two_addresses_of_a_page_that_nothing_lists(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    put_pages(site, "a")
    put_feed(site, *put_signs(site, "/a.html", "one", "two"))
    crawler.add("news", "feed", site.url("/feed.xml"))
    for _ in range(2):
        crawl = crawler.run("news")
        assert crawl.urls == [site.url("/one.html")]
        assert crawl.count("duplicate") == 1
    site.put("/a.html", PAGE.format("a, amended", ""))
    assert crawler.run("news").urls == [site.url("/one.html")] * 2


def test_a_file_that_is_a_document_and_an_attachment(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    site.put("/rule.pdf", b"%PDF-1.4 rule", content_type="application/pdf")
    site.put("/a.html", PAGE.format("a", '<a href="rule.pdf">The rule</a>'))
    crawler.add("news", "feed", site.url("/feed.xml"))
    put_feed(site, site.url("/a.html"))
    crawler.run("news")
    put_feed(site, *put_signs(site, "/rule.pdf", "download"))
    assert site.url("/download.html") in crawler.run("news").urls


def test_documents_that_redirect_to_the_front_page_are_gone(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    site.put("/", PAGE.format("Welcome", ""))
    put_feed(site, *put_pages(site, "a", "b"), *put_signs(site, "/", "never"))
    crawler.add("news", "feed", site.url("/feed.xml"))
    crawl = crawler.run("news")
    assert len(crawl.urls) == 2
    [issue] = crawl.ledger.issues
    assert (issue.kind, issue.url) == (IssueKind.BLOCKED, site.url("/never.html"))
    put_feed(site, *put_signs(site, "/", "a", "b"))
    crawl = crawler.run("news")
    assert (len(crawl.urls), crawl.count("missing")) == (2, 2)
    crawler.options["clock_offset_seconds"] = 8 * 86_400
    crawl = crawler.run("news")
    assert sorted(each.url or "" for each in crawl.ledger.issues if each.kind is IssueKind.GONE) == [
        site.url("/a.html"),
        site.url("/b.html"),
    ]


def test_a_known_document_behind_a_login_stays_as_it_was(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    put_feed(site, *put_pages(site, "a"))
    crawler.add("news", "feed", site.url("/feed.xml"))
    crawler.run("news")
    put_signs(site, "/login", "a")
    site.put("/login", PAGE.format("Welcome back", ""))
    crawl = crawler.run("news")
    assert crawl.urls == [site.url("/a.html")]
    assert (crawl.finished["blocked"], crawl.count("missing")) == (1, 0)
    [issue] = crawl.ledger.issues
    assert "log in" in issue.message
