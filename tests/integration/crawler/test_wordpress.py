"""WordPress sites that open their API, and sites that close it."""

from __future__ import annotations

import json

import pytest

from limen.crawler.pages.wordpress import posts_url
from limen.crawler.source_rules import WordPress
from limen.domain.issue import IssueKind

from .local_site import LocalSite
from .test_crawl import FEED, PAGE, Crawler, crawler, issue_of, site  # noqa: F401 - two are fixtures

RULES = WordPress(per_page=2)
EXTRA = "[wordpress]\nper_page = 2\nmax_pages = 3\n"


def path(site: LocalSite, *, page: int = 1, pretty: bool = True) -> str:  # noqa: F811
    return posts_url(site.address, rules=RULES, page=page, pretty=pretty).removeprefix(site.address)


def posts(site: LocalSite, *names: str) -> str:  # noqa: F811
    listed = [
        {
            "id": number,
            "link": site.url(f"/{name}.html"),
            "title": {"rendered": f"{name} &amp; co"},
            "date_gmt": "2026-09-14T08:00:00",
            "modified_gmt": "2026-09-15T08:00:00",
        }
        for number, name in enumerate(names)
    ]
    return json.dumps(listed)


def pages(site: LocalSite, *names: str) -> None:  # noqa: F811
    for name in names:
        site.put(f"/{name}.html", PAGE.format(name, ""))


def test_posts_of_all_pages(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    pages(site, "one", "two", "three")
    options = {"content_type": "application/json; charset=UTF-8", "headers": {"X-WP-TotalPages": "2"}}
    site.put(path(site), posts(site, "one", "two"), **options)
    site.put(path(site, page=2), posts(site, "three"), **options)
    crawler.add("ore", "wordpress", site.address, extra=EXTRA)
    crawl = crawler.run("ore")
    assert sorted(crawl.urls) == [site.url(f"/{name}.html") for name in ("one", "three", "two")]
    hints = {snapshot.url: snapshot.hints for snapshot, _ in crawl.ledger.fetches}[site.url("/one.html")]
    assert hints.title == "one & co"
    assert hints.published is not None
    assert hints.published.isoformat() == "2026-09-14T08:00:00+00:00"
    assert crawl.ledger.issues == []
    assert crawl.events[-1]["outcome"] == "completed"


def test_a_page_after_the_last_is_no_issue(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    pages(site, "one", "two")
    site.put(path(site), posts(site, "one", "two"))
    site.put(path(site, page=2), '{"code":"rest_post_invalid_page_number"}', status=400)
    crawler.add("ore", "wordpress", site.address, extra=EXTRA)
    crawl = crawler.run("ore")
    assert len(crawl.urls) == 2
    assert crawl.ledger.issues == []


@pytest.mark.parametrize(
    ("body", "status"), [("gone", 404), ('{"code":"rest_forbidden"}', 401), ("<html>home</html>", 200)]
)
def test_the_plain_form_where_the_usual_is_closed(
    site: LocalSite,  # noqa: F811
    crawler: Crawler,  # noqa: F811
    body: str,
    status: int,
) -> None:
    pages(site, "one")
    site.put(path(site), body, status=status)
    site.put(path(site, pretty=False), posts(site, "one"))
    crawler.add("ore", "wordpress", site.address, extra=EXTRA)
    crawl = crawler.run("ore")
    assert crawl.urls == [site.url("/one.html")]
    assert crawl.ledger.issues == []


def test_the_feed_where_the_api_is_closed(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    pages(site, "first", "second")
    site.put(path(site), "no", status=403)
    site.put(path(site, pretty=False), "<html>home</html>")
    site.put("/feed/", FEED.replace("{site}", site.address), content_type="application/rss+xml")
    crawler.add("ore", "wordpress", site.address, extra=EXTRA)
    crawl = crawler.run("ore")
    assert sorted(crawl.urls) == [site.url("/first.html"), site.url("/second.html")]
    assert crawl.ledger.issues == []
    assert crawl.events[-1]["outcome"] == "completed"


def test_rules_of_the_site_are_not_walked_around(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    pages(site, "first", "second")
    site.put("/robots.txt", "User-agent: *\nDisallow: /wp-json/\n", content_type="text/plain")
    site.put(path(site), posts(site, "one"))
    site.put(path(site, pretty=False), posts(site, "one"))
    site.put("/feed/", FEED.replace("{site}", site.address), content_type="application/rss+xml")
    crawler.add("ore", "wordpress", site.address, extra=EXTRA)
    crawl = crawler.run("ore")
    assert len(crawl.urls) == 2
    assert not [asked for asked, _ in site.seen if "wp/v2" in asked]
    assert crawl.ledger.issues == []


def test_one_issue_where_all_ways_are_closed(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    site.put("/feed/", "<html>home</html>")
    crawler.add("ore", "wordpress", site.address, extra=EXTRA)
    crawl = crawler.run("ore")
    kind, message = issue_of(crawl)
    assert kind is IssueKind.SOURCE_CHANGED
    assert "/feed/: expected a feed" in message
    assert crawl.events[-1]["outcome"] == "failed"
