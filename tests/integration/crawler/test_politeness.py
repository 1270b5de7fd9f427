"""One visitor per host, whatever the sources: delays, Crawl-delay, Retry-After over processes, and an end that comes at once."""

from __future__ import annotations

import itertools
import signal
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from limen.domain.issue import IssueKind

from .local_site import LocalSite, local_site
from .test_crawl import PAGE, Crawl, Crawler, crawler, site  # noqa: F401 - two are fixtures

pytestmark = pytest.mark.slow

ITEM = "<item><title>About {0}</title><link>{0}</link></item>"
JITTER = 0.1
"""Seconds by which a loaded machine may shorten the distance of two requests on their way through two connections."""


@pytest.fixture
def other() -> Iterator[LocalSite]:
    with local_site() as running:
        yield running


@pytest.fixture
def common() -> Iterator[LocalSite]:
    with local_site() as running:
        yield running


def put_feed(site: LocalSite, *addresses: str) -> None:  # noqa: F811
    items = "".join(ITEM.format(each) for each in addresses)
    site.put("/feed.xml", f'<rss version="2.0"><channel><title>t</title>{items}</channel></rss>')


def put_pages(site: LocalSite, *names: str, links: str = "", delay: float = 0.0) -> list[str]:  # noqa: F811
    for name in names:
        site.put(f"/{name}.html", PAGE.format(name, links), delay=delay)
    return [site.url(f"/{name}.html") for name in names]


def closest(site: LocalSite) -> float:  # noqa: F811
    """Return the shortest time between two requests to a site."""
    times = sorted(when for _, when in site.times)
    return min(after - before for before, after in itertools.pairwise(times))


def crawl_two(
    crawler: Crawler,  # noqa: F811
    hosts: tuple[LocalSite, LocalSite],
    common: LocalSite,
    *politeness: str,
) -> None:
    """Crawl two sources on hosts of their own, each by its politeness: half of their documents and the files lie on `common`."""
    for number, each in enumerate(hosts):
        common.put(f"/{number}.pdf", b"%PDF-1.4 " + bytes([65 + number]), content_type="application/pdf")
        files = f'<a href="{common.url(f"/{number}.pdf")}">The rule</a>'
        put_feed(each, *put_pages(common, f"{number}a", f"{number}b"), *put_pages(each, "own", links=files))
        crawler.add(f"source-{number}", "feed", each.url("/feed.xml"), politeness=politeness[number])
    assert len(crawler.run("source-0", "source-1").urls) == 8


def test_sources_of_two_hosts_are_one_visitor_to_a_third(
    site: LocalSite,  # noqa: F811
    other: LocalSite,
    common: LocalSite,
    crawler: Crawler,  # noqa: F811
) -> None:
    crawl_two(crawler, (site, other), common, *["delay = 0.3, concurrency = 4"] * 2)
    assert len(common.times) == 8  # six answers, and the rules once for each source
    assert closest(common) > 0.3 - JITTER


def test_the_gentler_of_two_sources_rules_the_host_they_share(
    site: LocalSite,  # noqa: F811
    other: LocalSite,
    common: LocalSite,
    crawler: Crawler,  # noqa: F811
) -> None:
    crawl_two(crawler, (site, other), common, "delay = 0.4", "delay = 0, concurrency = 4")
    gentle = [when for path, when in common.times if path.startswith("/0")]
    assert len(gentle) == 3
    for mine in gentle:
        others = [abs(when - mine) for _, when in common.times if when != mine]
        assert min(others) > 0.4 - JITTER


def test_the_crawl_delay_of_a_host_that_two_sources_share(
    site: LocalSite,  # noqa: F811
    other: LocalSite,
    common: LocalSite,
    crawler: Crawler,  # noqa: F811
) -> None:
    common.put("/robots.txt", "User-agent: *\nCrawl-delay: 0.4\n", content_type="text/plain")
    crawl_two(crawler, (site, other), common, *["delay = 0, concurrency = 4"] * 2)
    pages = sorted(when for path, when in common.times if path != "/robots.txt")
    assert min(after - before for before, after in itertools.pairwise(pages)) > 0.4 - JITTER


@pytest.mark.parametrize(("concurrency", "at_once"), [(1, 1), (3, 3)])
def test_no_more_requests_at_once_than_the_source_allows(
    site: LocalSite,  # noqa: F811
    crawler: Crawler,  # noqa: F811
    concurrency: int,
    at_once: int,
) -> None:
    put_feed(site, *put_pages(site, *"abcdef", delay=0.2))
    crawler.add("news", "feed", site.url("/feed.xml"), politeness=f"delay = 0, concurrency = {concurrency}")
    crawler.run("news")
    began = [when for path, when in site.times if path.endswith(".html")]
    most = max(sum(0 <= when - first < 0.19 for when in began) for first in began)
    assert most == at_once


@pytest.mark.parametrize("status", [429, 503])
def test_a_host_that_asks_for_peace_without_a_time_is_asked_ever_more_slowly(
    site: LocalSite,  # noqa: F811
    crawler: Crawler,  # noqa: F811
    status: int,
) -> None:
    put_feed(site, *put_pages(site, "a", "b"))
    site.put("/a.html", PAGE.format("a", ""), status=status, fails_first=2)
    crawler.settings["RETRY_BACKOFF"] = 0.4
    crawler.add("news", "feed", site.url("/feed.xml"))
    crawl = crawler.run("news")
    assert sorted(crawl.urls) == [site.url("/a.html"), site.url("/b.html")]
    assert crawl.ledger.issues == []
    first, second, third = (when for path, when in site.times if path == "/a.html")
    assert second - first > 0.4 - JITTER
    assert third - second > 0.8 - JITTER
    [other] = [when for path, when in site.times if path == "/b.html"]
    assert not first + JITTER < other < first + 0.4 - JITTER, "the whole host was promised peace"


def test_a_host_that_wants_hours_is_asked_nothing_by_later_processes_either(
    site: LocalSite,  # noqa: F811
    crawler: Crawler,  # noqa: F811
) -> None:
    put_feed(site, *put_pages(site, "a", "b"))
    site.put("/a.html", PAGE.format("a", ""), status=429, fails_first=1, headers={"Retry-After": "7200"})
    crawler.add("news", "feed", site.url("/feed.xml"))
    crawl = crawler.run("news")
    assert site.tries["/a.html"] == 1
    [until] = crawl.ledger.rests.values()
    assert 7100 < (until - datetime.now(UTC)).total_seconds() < 7200

    site.forget()
    crawl = crawler.run("news")
    assert site.seen == []
    assert crawl.finished["outcome"] == "failed"
    assert [issue.kind for issue in crawl.ledger.issues] == [IssueKind.FETCH_FAILED] * 2
    assert "seconds of peace" in crawl.ledger.issues[1].message
    assert "robots.txt" not in crawl.ledger.issues[1].message

    crawler.options["clock_offset_seconds"] = 7201
    crawl = crawler.run("news")
    assert crawl.finished["outcome"] == "completed"
    assert sorted(crawl.urls) == [site.url("/a.html"), site.url("/b.html")]


def test_a_short_wish_for_peace_outlives_the_process_it_was_told_to(
    site: LocalSite,  # noqa: F811
    crawler: Crawler,  # noqa: F811
) -> None:
    site.put("/feed.xml", "busy", status=503, headers={"Retry-After": "3"})
    crawler.settings["RETRY_TIMES"] = 0
    crawler.add("news", "feed", site.url("/feed.xml"))
    crawler.run("news")
    [refused] = [when for path, when in site.times if path == "/feed.xml"]
    put_feed(site, *put_pages(site, "a"))
    crawler.run("news")
    assert site.times[-1][0] == "/a.html"
    assert site.times[2][1] - refused > 3 - JITTER


def interrupted(crawler: Crawler, process: subprocess.Popen[bytes]) -> Crawl:  # noqa: F811
    process.send_signal(signal.SIGINT)
    began = time.monotonic()
    crawl = crawler.finish(process)
    assert time.monotonic() - began < 4
    assert crawl.finished["outcome"] == "interrupted"
    assert crawl.ledger.issues == []
    return crawl


def wait_until(condition: object, *, seconds: float = 20) -> None:
    limit = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < limit
        time.sleep(0.02)


def test_ctrl_c_while_a_crawl_waits_for_a_long_delay(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    put_feed(site, *put_pages(site, "a", "b", "c"))
    site.put("/robots.txt", "User-agent: *\nCrawl-delay: 60\n", content_type="text/plain")
    crawler.add("news", "feed", site.url("/feed.xml"))
    process = crawler.start("news")
    wait_until(lambda: "/robots.txt" in dict(site.seen))
    time.sleep(0.5)
    crawl = interrupted(crawler, process)
    assert crawl.urls == []
    assert site.asked() == []


@pytest.mark.parametrize(("place", "status"), [("/robots.txt", 429), ("/a.html", 503)])
def test_ctrl_c_while_a_host_is_left_in_peace(
    site: LocalSite,  # noqa: F811
    common: LocalSite,
    crawler: Crawler,  # noqa: F811
    place: str,
    status: int,
) -> None:
    put_feed(site, *put_pages(common, "a"))
    common.put(place, "busy", status=status, headers={"Retry-After": "60"}, fails_first=1)
    crawler.add("news", "feed", site.url("/feed.xml"))
    process = crawler.start("news")
    wait_until(lambda: common.requests[place, status])
    time.sleep(0.5)
    assert interrupted(crawler, process).urls == []
