"""Sites that break the rules, by accident or not: nothing of theirs may cost more than the page it stands on."""

from __future__ import annotations

import itertools
import json
import time
from pathlib import Path

from limen.domain.issue import IssueKind

from .local_site import LocalSite, local_site
from .test_crawl import FEED, PAGE, Crawler, crawler, news_site, site  # noqa: F401 - two are fixtures


def _feed(*addresses: str) -> str:
    items = "".join(f"<item><title>About {n}</title><link>{each}</link></item>" for n, each in enumerate(addresses))
    return f'<rss version="2.0"><channel><title>t</title>{items}</channel></rss>'


def test_a_changed_page_keeps_what_the_feed_says_of_it(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    news_site(site)
    crawler.add("news", "feed", site.url("/feed.xml"))
    crawler.run("news")
    site.put("/first.html", PAGE.format("First, corrected", ""))
    crawl = crawler.run("news")
    [corrected] = [snapshot for snapshot, _ in crawl.ledger.fetches[3:]]
    assert corrected.url == site.url("/first.html")
    assert corrected.hints.title == "First"
    assert corrected.hints.published is not None


def test_a_site_without_rules_is_one_issue_however_many_pages_are_known(
    site: LocalSite,  # noqa: F811
    crawler: Crawler,  # noqa: F811
) -> None:
    news_site(site)
    crawler.settings["RETRY_TIMES"] = 0
    crawler.add("news", "feed", site.url("/feed.xml"))
    crawler.run("news")
    site.put("/robots.txt", "oops", status=500)
    crawl = crawler.run("news")
    [issue] = crawl.ledger.issues
    assert issue.url == site.url("/robots.txt")
    assert crawl.events[-1]["outcome"] == "failed"


def test_a_source_whose_list_cannot_be_had_has_failed(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    site.put("/feed.xml", "", status=404)
    site.put("/challenge.xml", "<html>please wait</html>", status=202)
    crawler.add("gone", "feed", site.url("/feed.xml"))
    crawler.add("blocked", "feed", site.url("/challenge.xml"))
    crawl = crawler.run("gone", "blocked")
    outcomes = {each["source"]: each["outcome"] for each in crawl.events if each["event"] == "source_finished"}
    assert outcomes == {"gone": "failed", "blocked": "failed"}
    assert {issue.kind for issue in crawl.ledger.issues} == {IssueKind.FETCH_FAILED, IssueKind.BLOCKED}


def test_broken_links_and_foreign_files_cost_only_themselves(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    links = (
        "http://[broken/",
        "http://127.0.0.1:99999/x",
        site.url("/a.html"),
        site.url("/b.jpg"),
        site.url("/c.html"),
    )
    site.put("/feed.xml", _feed(*links))
    site.put("/a.html", PAGE.format("A", '<a href="http://[broken/x.pdf">x</a><a href="ok.pdf">The rule</a>'))
    site.put("/b.jpg", b"\xff\xd8\xff", content_type="image/jpeg")
    site.put("/c.html", PAGE.format("C", ""))
    site.put("/ok.pdf", b"%PDF-1.4", content_type="application/pdf")
    crawler.add("news", "feed", site.url("/feed.xml"))
    crawl = crawler.run("news")
    assert set(crawl.urls) == {site.url(path) for path in ("/a.html", "/c.html", "/ok.pdf")}
    [issue] = crawl.ledger.issues
    assert issue.url == site.url("/b.jpg")
    assert "image/jpeg" in issue.message


def test_a_feed_that_names_a_file_of_ours_is_no_feed(
    site: LocalSite,  # noqa: F811
    crawler: Crawler,  # noqa: F811
    tmp_path: Path,
) -> None:
    secret = tmp_path / "secret.xml"
    secret.write_text(_feed(site.url("/secret.html")), encoding="utf-8")
    site.put("/feed.xml", str(secret))
    site.put("/secret.html", PAGE.format("Secret", ""))
    crawler.add("news", "feed", site.url("/feed.xml"))
    crawl = crawler.run("news")
    assert crawl.urls == []
    assert [issue.kind for issue in crawl.ledger.issues] == [IssueKind.SOURCE_CHANGED]


def test_a_host_that_wants_hours_of_peace_gets_it(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    pages = [f"/{number}.html" for number in range(5)]
    site.put("/feed.xml", _feed(*(site.url(path) for path in pages)))
    for path in pages:
        site.put(path, "busy", status=429, headers={"Retry-After": "7200"})
    crawler.add("news", "feed", site.url("/feed.xml"))
    crawl = crawler.run("news")
    assert site.answered(429) <= 2  # the second may be on its way already
    [issue] = crawl.ledger.issues
    assert "7200" in issue.message


def test_a_crawl_delay_is_never_undercut(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    site.put("/robots.txt", "User-agent: *\nCrawl-delay: 1\n", content_type="text/plain")
    pages = [f"/{number}.html" for number in range(4)]
    site.put("/feed.xml", _feed(*(site.url(path) for path in pages)))
    for path in pages:
        site.put(path, PAGE.format(path, ""))
    crawler.add("news", "feed", site.url("/feed.xml"))
    times: list[float] = []
    began = time.monotonic()
    with crawler.start("news") as process:
        assert process.stdout is not None
        for line in process.stdout:
            if b'"event": "fetched"' in line:
                times.append(time.monotonic() - began)
    assert len(times) == 4
    assert min(after - before for before, after in itertools.pairwise(times)) > 0.8


def test_challenges_and_soft_errors_are_told_and_never_stored(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    challenge = (
        "<html><head><title>Just a moment...</title></head><body>Checking your browser before access</body></html>"
    )
    site.put("/feed.xml", _feed(*(site.url(f"/{n}.html") for n in range(4))))
    site.put("/0.html", challenge)
    site.put("/1.html", challenge, status=403, headers={"cf-mitigated": "challenge"})
    site.put("/2.html", PAGE.format("Page not found", ""))
    site.put("/3.html", PAGE.format("A notice about captchas", ""))
    crawler.add("news", "feed", site.url("/feed.xml"))
    crawl = crawler.run("news")
    assert crawl.urls == [site.url("/3.html")]
    assert {issue.kind for issue in crawl.ledger.issues} == {IssueKind.BLOCKED}
    assert {issue.url for issue in crawl.ledger.issues} == {site.url(f"/{n}.html") for n in range(3)}


def test_answers_at_which_the_code_breaks_are_told(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    pages = ["/a.html", "/broken.html", "/b.html"]
    for path in pages:
        site.put(path, PAGE.format(path, ""))
    site.put("/feed.xml", _feed(*map(site.url, pages)))
    site.put("/broken.xml", _feed(site.url("/a.html")))
    crawler.settings["SPIDER_MODULES"] = ["tests.integration.crawler.broken_spiders"]
    crawler.add("news", "feed", site.url("/feed.xml"))
    crawler.add("broken", "feed", site.url("/broken.xml"))
    crawl = crawler.run("news", "broken")
    assert sorted(crawl.urls) == [site.url("/a.html"), site.url("/b.html")]
    assert {issue.source_id: (issue.kind, issue.url) for issue in crawl.ledger.issues} == {
        "news": (IssueKind.UNREADABLE, site.url("/broken.html")),
        "broken": (IssueKind.UNREADABLE, site.url("/broken.xml")),
    }
    ends = {event["source"]: event for event in crawl.events if event["event"] == "source_finished"}
    assert ends["news"] | {"outcome": "completed", "failed": 1, "fetched": 2} == ends["news"]
    assert ends["broken"] | {"outcome": "failed", "lists": 0, "lists_failed": 1} == ends["broken"]


def test_a_source_that_cannot_begin_keeps_no_other_from_its_turn(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    news_site(site)
    crawler.settings["SPIDER_MODULES"] = ["tests.integration.crawler.broken_spiders"]
    crawler.add("unprepared", "feed", site.url("/feed.xml"))
    crawler.add("news", "feed", site.url("/feed.xml"))
    process = crawler.start("unprepared", "news")
    out, log = process.communicate(timeout=60)
    assert process.returncode == 1
    assert b"no space left on device" in log
    ends = [event for line in out.splitlines() if (event := json.loads(line))["event"] == "source_finished"]
    assert [(event["source"], event["outcome"]) for event in ends] == [("news", "completed")]


def test_a_key_goes_to_its_service_only(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    extra = '[credentials]\nenv = "LIMEN_TEST_NO_SUCH_KEY"\nheader = "X-Api-Key"\nfallback = "a public key"\n'
    with local_site() as elsewhere:
        elsewhere.put("/feed.xml", _feed(site.url("/a.html")))
        site.put("/feed.xml", "moved", status=302, headers={"Location": elsewhere.url("/feed.xml")})
        site.put("/a.html", PAGE.format("a", ""))
        crawler.add("news", "feed", site.url("/feed.xml"), extra=extra)
        assert crawler.run("news").urls == [site.url("/a.html")]
        assert [seen["x-api-key"] for path, seen in site.seen if path == "/feed.xml"] == ["a public key"]
        assert [path for path, seen in elsewhere.seen if "x-api-key" in seen] == []


def test_a_page_that_reloads_itself_is_read_as_it_is(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    reload = '<meta http-equiv="refresh" content="30; url={0}">'
    site.put("/a.html", PAGE.format("a", "").replace("<title>", reload.format("/a.html") + "<title>"))
    site.put("/sign.html", f"<html><head>{reload.format('/b.html')}</head></html>")
    site.put("/b.html", PAGE.format("b", ""))
    site.put("/feed.xml", _feed(site.url("/a.html"), site.url("/sign.html")))
    crawler.add("news", "feed", site.url("/feed.xml"))
    crawl = crawler.run("news")
    assert {snapshot.url: snapshot.final_url for snapshot, _ in crawl.ledger.fetches} == {
        site.url("/a.html"): site.url("/a.html"),
        site.url("/sign.html"): site.url("/b.html"),
    }
    assert site.tries["/a.html"] == 1
