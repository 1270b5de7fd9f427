"""Real Scrapy processes against a server on loopback: the three ways of discovery, and everything that can go wrong."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from limen.domain.issue import IssueKind

from .file_ledger import FileLedger
from .local_site import LocalSite, local_site

ROOT = Path(__file__).parents[3]

FEED = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>News</title><link>{site}/</link>
<item><title>First</title><link>{site}/first.html</link><pubDate>Wed, 08 May 2024 09:00:00 +0200</pubDate></item>
<item><title>Second</title><link>{site}/second.html?utm_source=rss</link></item>
</channel></rss>"""

PAGE = "<html><head><title>{0}</title></head><body><h1>{0}</h1><p>Text of {0}.</p>{1}</body></html>"


@pytest.fixture
def site() -> Iterator[LocalSite]:
    with local_site() as running:
        yield running


@dataclass
class Crawl:
    """What one crawl process told and kept."""

    events: list[dict[str, Any]]
    ledger: FileLedger
    log: str

    @property
    def urls(self) -> list[str]:
        return [snapshot.url for snapshot, _ in self.ledger.fetches]

    @property
    def finished(self) -> dict[str, Any]:
        """What was told at the end of the only source."""
        [event] = [event for event in self.events if event["event"] == "source_finished"]
        return event

    def count(self, event: str) -> int:
        return sum(entry["event"] == event for entry in self.events)


class Crawler:
    """Runs crawl processes over sources and a ledger in a temporary directory."""

    def __init__(self, directory: Path) -> None:
        self.sources = directory / "sources"
        self.sources.mkdir()
        self.ledger = directory / "ledger.pickle"
        self.settings: dict[str, Any] = {"DOWNLOAD_TIMEOUT": 5}
        self.allow = ["127.0.0.1"]
        self.options: dict[str, Any] = {}

    def add(self, name: str, kind: str, entry: str, *, extra: str = "", politeness: str = "delay = 0") -> None:
        (self.sources / f"{name}.toml").write_text(
            f'id = "{name}"\nname = "{name}"\npublisher = "Test"\njurisdiction = "XX"\nlanguage = "en"\nkind = "{kind}"\n'
            f'document_class = "news"\nhomepage = "http://127.0.0.1/x"\nentry = ["{entry}"]\ntimezone = "UTC"\n'
            f'schedule = {{ every = "1h" }}\npoliteness = {{ {politeness} }}\n{extra}\n',
            encoding="utf-8",
        )

    def job(self, names: list[str]) -> bytes:
        return json.dumps(
            {
                "source_ids": names,
                "catalogue_dirs": [str(self.sources)],
                "builtin": False,
                "ledger": "tests.integration.crawler.file_ledger:open_file_ledger",
                "ledger_args": {"path": str(self.ledger)},
                "contact": "mailto:test@example.org",
                "settings": self.settings,
                "allow_addresses": self.allow,
                **self.options,
            }
        ).encode()

    def start(self, *names: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-m", "limen.crawler.process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=ROOT,
        )
        assert process.stdin is not None
        process.stdin.write(self.job(list(names)))
        process.stdin.close()
        process.stdin = None
        return process

    def finish(self, process: subprocess.Popen[bytes]) -> Crawl:
        out, log = process.communicate(timeout=60)
        assert process.returncode == 0, log.decode()
        return Crawl([json.loads(line) for line in out.splitlines()], FileLedger(self.ledger), log.decode())

    def run(self, *names: str) -> Crawl:
        return self.finish(self.start(*names))


@pytest.fixture
def crawler(tmp_path: Path) -> Crawler:
    return Crawler(tmp_path)


def news_site(site: LocalSite) -> None:
    site.put("/feed.xml", FEED.replace("{site}", site.address), content_type="application/rss+xml")
    attachment = '<a href="files/rule.pdf">The rule</a> <a href="files/rule.zip">all</a>'
    site.put("/first.html", PAGE.format("First", attachment))
    site.put("/second.html", PAGE.format("Second", ""))
    site.put("/files/rule.pdf", b"%PDF-1.4 not really", content_type="application/pdf")


def test_a_feed_with_its_pages_and_attachments(site: LocalSite, crawler: Crawler) -> None:
    news_site(site)
    crawler.add("news", "feed", site.url("/feed.xml"))
    crawl = crawler.run("news")
    by_url = {snapshot.url: (snapshot, body) for snapshot, body in crawl.ledger.fetches}
    assert set(by_url) == {site.url(path) for path in ("/first.html", "/second.html", "/files/rule.pdf")}
    first, body = by_url[site.url("/first.html")]
    assert body == site.pages["/first.html"].body
    assert first.hints.title == "First"
    assert first.hints.published is not None
    assert first.hints.published.isoformat() == "2024-05-08T09:00:00+02:00"
    assert [(each.url, each.label) for each in first.attachments] == [(site.url("/files/rule.pdf"), "The rule")]
    assert by_url[site.url("/files/rule.pdf")][0].page_url == first.url
    assert crawl.events[0]["event"] == "source_started"
    assert crawl.events[-1] | {"outcome": "completed", "fetched": 3} == crawl.events[-1]
    agent = dict(site.seen)["/first.html"]["user-agent"]
    assert agent.startswith("Limen/")
    assert "test@example.org" in agent


def test_a_second_run_costs_only_304s(site: LocalSite, crawler: Crawler) -> None:
    news_site(site)
    crawler.add("news", "feed", site.url("/feed.xml"))
    crawler.run("news")
    site.requests.clear()
    crawl = crawler.run("news")
    assert crawl.count("fetched") == 0
    assert crawl.count("unchanged") == 3
    assert site.answered(304) == 4  # the feed, two pages, a file
    assert site.answered(200) == 0
    assert len(crawl.ledger.fetches) == 3


def test_a_changed_page_and_a_new_attachment_are_kept(site: LocalSite, crawler: Crawler) -> None:
    news_site(site)
    crawler.add("news", "feed", site.url("/feed.xml"))
    crawler.run("news")
    site.put("/files/rule.pdf", b"%PDF-1.4 revised", content_type="application/pdf")
    site.put("/second.html", PAGE.format("Second, corrected", ""))
    crawl = crawler.run("news")
    assert sorted(crawl.urls[3:]) == [site.url("/files/rule.pdf"), site.url("/second.html")]


def test_a_page_that_left_the_feed_is_still_looked_at(site: LocalSite, crawler: Crawler) -> None:
    news_site(site)
    crawler.add("news", "feed", site.url("/feed.xml"))
    crawler.run("news")
    site.put("/feed.xml", FEED.replace("{site}", site.address).replace("second.html", "third.html"))
    site.put("/third.html", PAGE.format("Third", ""))
    site.put("/second.html", PAGE.format("Second, corrected", ""))
    crawl = crawler.run("news")
    assert sorted(crawl.urls[3:]) == [site.url("/second.html"), site.url("/third.html")]


def test_a_list_with_pages(site: LocalSite, crawler: Crawler) -> None:
    row = '<li><a href="{0}">{1}</a><span class="date">{2}</span></li>'
    menu = '<ul><li><a href="/menu.html">Menu</a></li></ul>'
    rows = row.format("./a/1.html", "关于甲的公告", "2024年5月8日") + row.format(
        "../list/a/2.html", "一图读懂甲", "2024-05-09"
    )
    site.put("/list/index.html", f'{menu}<ul class="docs">{rows}</ul>')
    site.put(
        "/list/index_1.html", f'<ul class="docs">{row.format("/list/a/3.html", "关于乙的公告", "2024/05/07")}</ul>'
    )
    site.put("/list/a/1.html", PAGE.format("甲", ""))
    site.put("/list/a/3.html", PAGE.format("乙", ""))
    rules = '[listing]\nrow = "ul.docs li"\ndate = "span.date"\npage_pattern = "index_{n}.html"\nmax_pages = 2\n'
    crawler.add("list", "listing", site.url("/list/index.html"), extra=rules)
    crawl = crawler.run("list")
    assert sorted(crawl.urls) == [site.url("/list/a/1.html"), site.url("/list/a/3.html")]
    hints = {snapshot.url: snapshot.hints for snapshot, _ in crawl.ledger.fetches}
    published = hints[site.url("/list/a/1.html")].published
    assert published is not None
    assert published.isoformat() == "2024-05-08T00:00:00+00:00"


def test_a_sitemap_index(site: LocalSite, crawler: Crawler) -> None:
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    news = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    site.put(
        "/sitemap.xml", f"<sitemapindex {space}><sitemap><loc>{site.url('/news.xml')}</loc></sitemap></sitemapindex>"
    )
    site.put(
        "/news.xml",
        f"<urlset {space} {news}><url><loc>{site.url('/news/1.html')}</loc><news:news><news:publication_date>"
        "2024-05-09T06:00:00Z</news:publication_date><news:title>One</news:title></news:news></url>"
        f"<url><loc>{site.url('/about.html')}</loc></url></urlset>",
    )
    site.put("/news/1.html", PAGE.format("One", ""))
    crawler.add("map", "sitemap", site.url("/sitemap.xml"), extra='[sitemap]\ninclude = ["/news/"]\n')
    crawl = crawler.run("map")
    [(snapshot, _)] = crawl.ledger.fetches
    assert (snapshot.url, snapshot.hints.title) == (site.url("/news/1.html"), "One")


def issue_of(crawl: Crawl) -> tuple[IssueKind, str]:
    [issue] = crawl.ledger.issues
    return issue.kind, issue.message


def test_robots_that_cannot_be_had_close_the_site(site: LocalSite, crawler: Crawler) -> None:
    news_site(site)
    site.put("/robots.txt", "oops", status=503)
    crawler.add("news", "feed", site.url("/feed.xml"))
    crawl = crawler.run("news")
    kind, message = issue_of(crawl)
    assert kind is IssueKind.FETCH_FAILED
    assert "robots.txt answers 503" in message
    assert not crawl.ledger.fetches
    assert site.answered(200) == 0


def test_robots_are_obeyed(site: LocalSite, crawler: Crawler) -> None:
    news_site(site)
    site.put("/robots.txt", "User-agent: *\nDisallow: /first.html\n", content_type="text/plain")
    crawler.add("news", "feed", site.url("/feed.xml"))
    crawl = crawler.run("news")
    assert crawl.urls == [site.url("/second.html")]
    assert "robots.txt forbids it" in issue_of(crawl)[1]


def test_a_dead_host_and_a_healthy_one(site: LocalSite, crawler: Crawler) -> None:
    news_site(site)
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    crawler.settings["RETRY_TIMES"] = 0
    crawler.add("dead", "feed", f"http://127.0.0.1:{port}/feed.xml")
    crawler.add("news", "feed", site.url("/feed.xml"))
    crawl = crawler.run("dead", "news")
    kind, message = issue_of(crawl)
    assert kind is IssueKind.FETCH_FAILED
    assert f"127.0.0.1:{port}" in message
    assert len(crawl.ledger.fetches) == 3


def test_a_feed_that_became_html(site: LocalSite, crawler: Crawler) -> None:
    site.put("/feed.xml", PAGE.format("Our feed has moved", ""))
    crawler.add("news", "feed", site.url("/feed.xml"))
    kind, message = issue_of(crawler.run("news"))
    assert kind is IssueKind.SOURCE_CHANGED
    assert "expected a feed" in message


def test_a_list_with_another_layout(site: LocalSite, crawler: Crawler) -> None:
    site.put("/list.html", PAGE.format("New design", '<div class="card"><a href="/x">x</a></div>'))
    crawler.add("list", "listing", site.url("/list.html"), extra='[listing]\nrow = "ul.docs li"\n')
    kind, message = issue_of(crawler.run("list"))
    assert kind is IssueKind.SOURCE_CHANGED
    assert "'ul.docs li'" in message


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"status": 403}, "lets us not in"),
        ({"status": 404}, "is gone"),
        ({"status": 202}, "202"),
        ({"claimed_length": 9999}, "less arrived than was announced"),
        ({"headers": {"Content-Encoding": "gzip"}}, ""),
    ],
)
def test_pages_that_are_no_content(site: LocalSite, crawler: Crawler, options: dict[str, Any], expected: str) -> None:
    news_site(site)
    site.put("/second.html", PAGE.format("Second", ""), **options)
    crawler.settings["RETRY_TIMES"] = 0
    crawler.add("news", "feed", site.url("/feed.xml"))
    crawl = crawler.run("news")
    assert site.url("/second.html") not in crawl.urls or not expected
    if expected:
        assert expected in issue_of(crawl)[1]


def test_a_page_that_is_too_large(site: LocalSite, crawler: Crawler) -> None:
    news_site(site)
    site.put("/second.html", PAGE.format("Second", "x" * 200_000))
    crawler.settings["RETRY_TIMES"] = 0
    crawler.add("news", "feed", site.url("/feed.xml"), extra="limits = { max_bytes = 100_000 }\n")
    crawl = crawler.run("news")
    assert "max_bytes" in issue_of(crawl)[1]
    assert site.url("/second.html") not in crawl.urls


def test_retry_after_is_waited_for(site: LocalSite, crawler: Crawler) -> None:
    news_site(site)
    site.put("/second.html", PAGE.format("Second", ""), status=503, fails_first=1, headers={"Retry-After": "2"})
    crawler.add("news", "feed", site.url("/feed.xml"))
    began = time.monotonic()
    crawl = crawler.run("news")
    assert site.url("/second.html") in crawl.urls
    assert site.tries["/second.html"] == 2
    assert time.monotonic() - began > 2


def test_an_interrupted_crawl_keeps_what_it_has_and_the_next_brings_the_rest(site: LocalSite, crawler: Crawler) -> None:
    items = "".join(f"<item><title>{n}</title><link>{site.url(f'/{n}.html')}</link></item>" for n in range(12))
    site.put("/feed.xml", f'<rss version="2.0"><channel><title>t</title>{items}</channel></rss>')
    for number in range(12):
        site.put(f"/{number}.html", PAGE.format(number, ""), delay=0.25)
    crawler.add("news", "feed", site.url("/feed.xml"))
    process = crawler.start("news")
    assert process.stdout is not None
    first = [process.stdout.readline() for _ in range(4)]
    process.send_signal(signal.SIGINT)
    crawl = crawler.finish(process)
    assert json.loads(first[1])["event"] == "fetched"
    assert crawl.events[-1]["outcome"] == "interrupted"
    assert 0 < len(crawl.urls) < 12
    crawl = crawler.run("news")
    assert sorted(crawl.urls) == sorted(site.url(f"/{number}.html") for number in range(12))
