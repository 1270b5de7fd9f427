"""A crawl that a limit ends says so, and the next one goes on where it stopped."""

from __future__ import annotations

import gzip
import itertools
import time
from collections.abc import Sequence

import pytest

from limen.domain.issue import IssueKind, Severity

from .local_site import LocalSite
from .test_crawl import PAGE, Crawl, Crawler, crawler, site  # noqa: F401 - two are fixtures

pytestmark = pytest.mark.slow

SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def put_pages(site: LocalSite, numbers: Sequence[int]) -> list[str]:  # noqa: F811
    for number in numbers:
        site.put(f"/{number}.html", PAGE.format(number, ""))
    return [site.url(f"/{number}.html") for number in numbers]


def put_map(site: LocalSite, urls: Sequence[str], path: str = "/map.xml") -> None:  # noqa: F811
    site.put(path, f"<urlset {SPACE}>{''.join(f'<url><loc>{url}</loc></url>' for url in urls)}</urlset>")


def put_index(site: LocalSite, path: str, *paths: str) -> None:  # noqa: F811
    listed = "".join(f"<sitemap><loc>{site.url(each)}</loc></sitemap>" for each in paths)
    site.put(path, f"<sitemapindex {SPACE}>{listed}</sitemapindex>")


def limit_said(crawl: Crawl) -> str:
    """Return the only issue of the last run, which must be of a limit."""
    assert crawl.count("issue") == 1
    issue = crawl.ledger.issues[-1]
    assert (issue.kind, issue.severity) == (IssueKind.LIMIT_REACHED, Severity.INFO)
    return issue.message


def test_the_next_runs_go_on_with_the_rest_of_the_list(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    urls = put_pages(site, range(7))
    put_map(site, urls)
    crawler.add("map", "sitemap", site.url("/map.xml"), extra="limits = { max_items = 3 }\n")
    for fetched, left in ((3, 4), (6, 1)):
        crawl = crawler.run("map")
        assert crawl.urls == urls[:fetched]
        assert f"max_items ({left} left for the next run)" in limit_said(crawl)
        assert crawl.finished["limits"] == ["max_items"]
        assert crawl.finished["outcome"] == "completed"
    crawl = crawler.run("map")
    assert crawl.urls == urls
    assert crawl.count("issue") == 0
    assert crawl.finished["limits"] == []


def test_known_pages_beyond_the_limit_have_their_turn(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    urls = put_pages(site, range(5))
    put_map(site, urls)
    extra = "limits = { max_items = 2, max_rechecks = 2 }\n"
    crawler.add("map", "sitemap", site.url("/map.xml"), extra=extra)
    for _ in range(3):
        crawler.run("map")
    site.put("/4.html", PAGE.format("4, corrected", ""))
    # one of the two places goes to the page unseen for the longest, so that five runs see every page
    for _ in range(5):
        crawl = crawler.run("map")
    assert crawl.urls == [*urls, urls[4]]


def test_dead_links_at_the_head_of_a_list_do_not_hide_the_rest(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    dead = [site.url(f"/dead/{number}.html") for number in range(6)]
    urls = put_pages(site, range(3))
    site.put("/robots.txt", "User-agent: *\nDisallow: /dead/0\n", content_type="text/plain")
    put_map(site, [*dead, *urls])
    crawler.add("map", "sitemap", site.url("/map.xml"), extra="limits = { max_items = 2 }\n")
    crawl = crawler.run("map")
    assert crawl.urls == urls[:2]
    assert crawl.finished["limits"] == ["max_items"]
    assert crawler.run("map").urls == urls


def test_a_list_without_end_of_dead_links_ends_all_the_same(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    put_map(site, [site.url(f"/dead/{number}.html") for number in range(100)])
    crawler.add("map", "sitemap", site.url("/map.xml"), extra="limits = { max_items = 2 }\n")
    crawl = crawler.run("map")
    assert crawl.finished["failed"] == site.answered(404) == 2 + 4 * 2
    assert crawl.finished["limits"] == ["max_items"]


def test_lists_that_the_limit_leaves_out(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    for number in range(5):
        put_map(site, put_pages(site, [number]), f"/map{number}.xml")
    put_index(site, "/index.xml", *(f"/map{number}.xml" for number in range(5)))
    crawler.add("map", "sitemap", site.url("/index.xml"), extra="limits = { max_lists = 2 }\n")
    crawl = crawler.run("map")
    assert sorted(crawl.urls) == [site.url("/0.html"), site.url("/1.html")]
    assert "max_lists (3 left for the next run)" in limit_said(crawl)


def test_lists_that_lie_too_deep(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    put_index(site, "/index.xml", "/one.xml")
    put_index(site, "/one.xml", "/two.xml", "/three.xml")
    put_map(site, put_pages(site, [2]), "/two.xml")
    crawler.add("map", "sitemap", site.url("/index.xml"), extra="limits = { max_depth = 1 }\n")
    crawl = crawler.run("map")
    assert crawl.urls == []
    assert "max_depth (2 left" in limit_said(crawl)


def test_further_lists_are_told_where_no_document_has_room(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    put_pages(site, range(4))
    row = '<ul><li class="d"><a href="{}.html">a</a></li><li class="d"><a href="{}.html">b</a></li></ul>'
    site.put("/list.html", row.format(0, 1) + '<a class="next" href="list2.html">2</a>')
    site.put("/list2.html", row.format(2, 3), delay=0.6)
    rules = '[listing]\nrow = "li.d"\nnext_page = "a.next"\nmax_pages = 9\n[limits]\nmax_items = 2\n'
    crawler.add("list", "listing", site.url("/list.html"), extra=rules)
    crawl = crawler.run("list")
    assert len(crawl.urls) == 2
    assert "max_items (2 left for the next run)" in limit_said(crawl)
    assert len(crawler.run("list").urls) == 4


def test_a_run_of_exactly_as_many_documents_as_allowed_is_not_cut_short(
    site: LocalSite,  # noqa: F811
    crawler: Crawler,  # noqa: F811
) -> None:
    put_map(site, put_pages(site, range(3)))
    crawler.add("map", "sitemap", site.url("/map.xml"), extra="limits = { max_items = 3 }\n")
    crawl = crawler.run("map")
    assert len(crawl.urls) == 3
    assert crawl.finished["limits"] == []


def test_the_time_of_a_run(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    urls = put_pages(site, range(60))
    put_map(site, urls)
    extra = "limits = { max_minutes = 0.03, max_items = 1000 }\n"
    crawler.add("map", "sitemap", site.url("/map.xml"), extra=extra, politeness="delay = 0.25")
    began = time.monotonic()
    crawl = crawler.run("map")
    assert time.monotonic() - began < 9
    assert 3 <= len(crawl.urls) < 20
    said = limit_said(crawl)
    left = int(said.partition("max_minutes (")[2].split()[0])
    assert left + len(crawl.urls) == 60
    assert crawl.finished["limits"] == ["max_minutes"]
    crawl = crawler.run("map")
    assert crawl.finished["new"] > 0 or len(crawl.urls) > 3


def test_the_time_of_a_run_over_lists_without_end(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    for number in range(200):
        following = f'<a class="next" href="/list{number + 1}.html">next month</a>'
        site.put(f"/list{number}.html", f'<ul><li class="d"><a href="/{number}.html">a</a></li></ul>{following}')
    put_pages(site, range(200))
    rules = '[listing]\nrow = "li.d"\nnext_page = "a.next"\nmax_pages = 1000\n[limits]\nmax_minutes = 0.03\n'
    crawler.add("list", "listing", site.url("/list0.html"), extra=rules, politeness="delay = 0.1")
    began = time.monotonic()
    crawl = crawler.run("list")
    assert time.monotonic() - began < 9
    assert crawl.finished["limits"] == ["max_minutes"]


def test_a_loop_of_redirects(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    site.put("/a.html", "moved", status=302, headers={"Location": "/b.html"})
    site.put("/b.html", "moved", status=302, headers={"Location": "/a.html"})
    put_map(site, [site.url("/a.html"), *put_pages(site, [1])])
    crawler.add("map", "sitemap", site.url("/map.xml"))
    crawl = crawler.run("map")
    assert crawl.urls == [site.url("/1.html")]
    assert site.answered(302) == 6
    [issue] = crawl.ledger.issues
    assert "redirections" in issue.message


def test_a_bomb_is_no_content_and_said(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    site.put("/1.html", gzip.compress(b" " * 30_000_000), headers={"Content-Encoding": "gzip"})
    put_map(site, [site.url("/1.html")])
    crawler.add("map", "sitemap", site.url("/map.xml"))
    crawl = crawler.run("map")
    assert crawl.urls == []
    [issue] = crawl.ledger.issues
    assert "max_ratio" in issue.message


def test_a_calendar_that_goes_on_for_ever(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    months = [f"{year}-{month:02}" for year in range(2026, 2046) for month in range(1, 13)]
    for month, following in itertools.pairwise(months):
        rows = f'<ul><li class="d"><a href="/calendar?month={month}&amp;day=1">first</a></li></ul>'
        site.put(f"/calendar?month={month}", f'{rows}<a class="next" href="/calendar?month={following}">next</a>')
        site.put(f"/calendar?month={month}&day=1", PAGE.format(month, ""))
    rules = '[listing]\nrow = "li.d"\nnext_page = "a.next"\nmax_pages = 1000\n[limits]\nmax_items = 500\n'
    crawler.add("list", "listing", site.url("/calendar?month=2026-01"), extra=rules)
    crawl = crawler.run("list")
    assert len(crawl.urls) < 50
    assert max(path for path, _ in site.seen if path.startswith("/calendar")) < "/calendar?month=2030"
    assert "calendars" in limit_said(crawl)


def test_traps_and_limits_are_told_together(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    traps = [site.url("/a/b/a/b/a/b/1.html"), site.url("/events?date=2063-04-05")]
    put_map(site, [*traps, *put_pages(site, range(3))])
    crawler.add("map", "sitemap", site.url("/map.xml"), extra="limits = { max_items = 1 }\n")
    crawl = crawler.run("map")
    assert len(crawl.urls) == 1
    said = limit_said(crawl)
    assert "2 addresses were left out" in said
    assert "max_items (2 left" in said
    assert crawl.finished["limits"] == ["max_items", "traps"]
    assert crawl.finished["listed"] == 3


def test_a_large_sitemap_and_a_small_limit(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    put_pages(site, range(10))
    put_map(site, [site.url(f"/{number}.html") for number in range(3000)])
    crawler.add("map", "sitemap", site.url("/map.xml"), extra="limits = { max_items = 10 }\n")
    crawl = crawler.run("map")
    assert len(crawl.urls) == 10
    assert "2990 left" in limit_said(crawl)
    assert crawl.finished["listed"] == 3000
