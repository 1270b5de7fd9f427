"""From an entry point over issues, hops and pages to a document, with what each of them says of it; gently where asked to."""

from __future__ import annotations

import json
import time

import pytest

from limen.crawler.spiders.feeder import STILL
from limen.domain.issue import IssueKind
from limen.domain.source import DocumentClass

from .local_site import LocalSite
from .test_crawl import PAGE, Crawler, crawler, site  # noqa: F401 - two are fixtures

pytestmark = pytest.mark.slow

GAZETTE = """[index]
row = "li.item"
title = "a"
[deadline]
rule = "relative_days"
where = "page"
pattern = "within ([0-9]+) days"
"""


def put_gazette(site: LocalSite, *numbers: int) -> None:  # noqa: F811
    """Put a feed of issues, each an index page with a regulation and a notice."""
    items = ""
    for number in numbers:
        items += f"<item><title>Issue {number}</title><link>{site.url(f'/issue{number}.html')}</link>"
        items += f"<pubDate>Mon, 0{number} Jun 2026 08:00:00 +0000</pubDate></item>"
        rows = "".join(f'<li class="item"><a href="{number}{kind}.html">{kind} {number}</a></li>' for kind in "ab")
        site.put(f"/issue{number}.html", f"<html><body><ul>{rows}</ul></body></html>")
        site.put(f"/{number}a.html", PAGE.format("Regulation", "<p>Comments may be sent within 30 days of this.</p>"))
        site.put(f"/{number}b.html", PAGE.format("Notice", ""))
    site.put("/feed.xml", f'<rss version="2.0"><channel><title>t</title>{items}</channel></rss>')


def test_a_feed_of_issues_and_the_documents_in_them(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    put_gazette(site, 1, 8)
    crawler.add("gazette", "feed", site.url("/feed.xml"), extra=GAZETTE)
    crawl = crawler.run("gazette")
    hints = {snapshot.url: snapshot.hints for snapshot, _ in crawl.ledger.fetches}
    assert sorted(hints) == [site.url(f"/{name}.html") for name in ("1a", "1b", "8a", "8b")]
    first = hints[site.url("/1a.html")]
    assert (first.title, first.published and first.published.isoformat()) == ("a 1", "2026-06-01T08:00:00+00:00")
    assert first.comment_deadline is not None
    assert first.comment_deadline.isoformat() == "2026-07-01T23:59:59+00:00"
    assert hints[site.url("/1b.html")].comment_deadline is None
    assert crawl.finished | {"lists": 3, "listed": 4, "new": 4} == crawl.finished

    site.forget()
    crawl = crawler.run("gazette")
    assert (site.answered(304), site.answered(200)) == (7, 0)
    assert crawl.finished | {"lists": 3, "listed": 4, "unchanged": 4} == crawl.finished

    put_gazette(site, 1, 8, 9)
    crawl = crawler.run("gazette")
    assert sorted(crawl.urls[4:]) == [site.url("/9a.html"), site.url("/9b.html")]


def test_an_issue_that_changed_its_layout_is_told_and_costs_only_itself(
    site: LocalSite,  # noqa: F811
    crawler: Crawler,  # noqa: F811
) -> None:
    put_gazette(site, 1, 8)
    site.put("/issue8.html", "<html><body><p>Our new gazette</p></body></html>")
    crawler.add("gazette", "feed", site.url("/feed.xml"), extra=GAZETTE)
    crawl = crawler.run("gazette")
    assert len(crawl.urls) == 2
    [issue] = crawl.ledger.issues
    assert (issue.kind, issue.url) == (IssueKind.SOURCE_CHANGED, site.url("/issue8.html"))
    assert crawl.finished | {"outcome": "completed", "lists": 2, "lists_failed": 1} == crawl.finished


HOPS = """[json_api]
items = "items"
[json_api.fields]
url = "SITE/show?id={id}"
title = "name"
revision = "changed"
[canonical]
key = "id=([0-9a-f]+)"
[[hops]]
url = "SITE/detail?key={key}"
value = "body.0.path"
[[hops]]
url = "SITE/files{value}"
"""


def put_laws(site: LocalSite, *laws: tuple[str, str]) -> None:  # noqa: F811
    """Put a service with (id, time of change) of its laws."""
    items = [{"id": law, "name": f"Law {law}", "changed": changed} for law, changed in laws]
    site.put("/api", json.dumps({"items": items}), content_type="application/json")
    for law, _ in laws:
        site.put(
            f"/detail?key={law}", json.dumps({"body": [{"path": f"/{law}.html"}]}), content_type="application/json"
        )
        site.put(f"/files%2F{law}.html", PAGE.format(law, ""))


def test_over_hops_to_the_document(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    put_laws(site, ("a1", "2026-01-01"), ("b2", "2026-01-01"))
    crawler.add("laws", "json_api", site.url("/api"), extra=HOPS.replace("SITE", site.address))
    crawl = crawler.run("laws")
    assert sorted(crawl.urls) == [site.url("/show?id=a1"), site.url("/show?id=b2")]
    [first, _] = sorted((snapshot for snapshot, _ in crawl.ledger.fetches), key=lambda each: each.url)
    assert (first.identity, first.hints.title, first.final_url) == ("a1", "Law a1", site.url("/files%2Fa1.html"))
    assert crawl.ledger.issues == []

    site.forget()
    crawl = crawler.run("laws")
    assert site.asked() == ["/api"]
    assert crawl.count("unchanged") == 2

    put_laws(site, ("a1", "2026-02-01"), ("b2", "2026-01-01"))
    site.put("/files%2Fa1.html", PAGE.format("a1, amended", ""))
    site.forget()
    crawl = crawler.run("laws")
    assert site.asked() == ["/api", "/detail?key=a1", "/files%2Fa1.html"]
    assert len(crawl.urls) == 3


@pytest.mark.parametrize(
    ("answer", "status", "kind"),
    [
        ('{"body": []}', 200, IssueKind.SOURCE_CHANGED),
        ("<html>x</html>", 200, IssueKind.SOURCE_CHANGED),
        ("", 500, None),
    ],
)
def test_a_hop_that_leads_nowhere(
    site: LocalSite,  # noqa: F811
    crawler: Crawler,  # noqa: F811
    answer: str,
    status: int,
    kind: IssueKind | None,
) -> None:
    put_laws(site, *((f"{number}", "2026-01-01") for number in range(12)))
    for number in range(11):
        site.put(f"/detail?key={number}", answer, status=status, content_type="application/json")
    crawler.settings["RETRY_TIMES"] = 0
    crawler.add("laws", "json_api", site.url("/api"), extra=HOPS.replace("SITE", site.address))
    crawl = crawler.run("laws")
    assert crawl.urls == [site.url("/show?id=11")]
    assert crawl.finished | {"failed": 11, "fetched": 1} == crawl.finished
    assert {issue.kind for issue in crawl.ledger.issues} == {kind or IssueKind.FETCH_FAILED}


def test_a_hop_that_gives_no_address_costs_only_its_document(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    put_laws(site, *((f"{number}", "2026-01-01") for number in range(12)))
    for number in range(12):
        path = "not published yet" if number < 11 else site.url("/files%2F11.html")
        site.put(f"/detail?key={number}", json.dumps({"body": [{"path": path}]}), content_type="application/json")
    extra = HOPS.replace("SITE/files{value}", "{value}").replace("SITE", site.address)
    crawler.add("laws", "json_api", site.url("/api"), extra=extra)
    began = time.monotonic()
    crawl = crawler.run("laws")
    assert time.monotonic() - began < STILL, "nothing was waited for that could not come"
    assert crawl.urls == [site.url("/show?id=11")]
    assert {issue.kind for issue in crawl.ledger.issues} == {IssueKind.SOURCE_CHANGED}


def test_a_deadline_that_only_the_page_tells(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    site.put("/list.html", '<ul><li class="d"><a href="a.html">关于公开征求意见的通知</a><i>2026-09-01</i></li></ul>')
    page = "<html><body><p class='time'>公示时间：2026年9月1日至2026年9月30日</p><p>{}</p></body></html>"
    site.put("/a.html", page.format("正文" * 40))
    rules = '[listing]\nrow = "li.d"\ndate = "i"\n[deadline]\nrule = "range_end"\nwhere = "page"\nselect = "p.time"\n'
    crawler.add("list", "listing", site.url("/list.html"), extra=rules)
    crawl = crawler.run("list")
    [(snapshot, _)] = crawl.ledger.fetches
    assert snapshot.hints.comment_deadline is not None
    assert snapshot.hints.comment_deadline.isoformat() == "2026-09-30T23:59:59+00:00"


def test_the_encoding_of_the_source_goes_for_its_pages_too(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    def put(path: str, html: str) -> None:
        site.put(path, html.encode("gb18030"), content_type="text/html")

    put("/issues.html", '<ul><li class="d"><a href="issue.html">公报</a></li></ul>')
    put("/issue.html", '<ul><li class="e"><a href="a.html">关于公开征求意见的通知</a></li></ul>')
    put("/a.html", "<html><body><p>意见截止到2026年9月30日。</p></body></html>")
    rules = 'encoding = "gb18030"\n[listing]\nrow = "li.d"\n[index]\nrow = "li.e"\n'
    rules += '[deadline]\nrule = "regex"\nwhere = "page"\npattern = "截止到(.+?)。"\n'
    crawler.add("list", "listing", site.url("/issues.html"), extra=rules)
    [(snapshot, _)] = crawler.run("list").ledger.fetches
    assert snapshot.hints.title == "关于公开征求意见的通知"
    assert snapshot.hints.comment_deadline is not None
    assert snapshot.hints.comment_deadline.isoformat() == "2026-09-30T23:59:59+00:00"


def test_documents_are_classed_by_their_titles(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    titles = {"qa": "《办法》答记者问", "final": "关于发布《办法》的公告", "draft": "关于《办法》（征求意见稿）的通知"}
    rows = "".join(f'<li class="d"><a href="{name}.html">{title}</a></li>' for name, title in titles.items())
    site.put("/list.html", f"<ul>{rows}</ul>")
    for name, title in titles.items():
        site.put(f"/{name}.html", PAGE.format(title, ""))
    rules = '[listing]\nrow = "li.d"\n[[classes]]\npattern = "征求意见稿"\ndocument_class = "draft"\n'
    crawler.add("list", "listing", site.url("/list.html"), extra=rules)
    crawl = crawler.run("list")
    classes = {snapshot.url: snapshot.hints.document_class for snapshot, _ in crawl.ledger.fetches}
    assert classes == {
        site.url("/qa.html"): DocumentClass.COMMENTARY,
        site.url("/final.html"): None,
        site.url("/draft.html"): DocumentClass.DRAFT,
    }


def test_a_probe_takes_five_documents_and_rechecks_nothing(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    def put_feed(*numbers: int) -> None:
        items = "".join(f"<item><title>{n}</title><link>{site.url(f'/{n}.html')}</link></item>" for n in numbers)
        site.put("/feed.xml", f'<rss version="2.0"><channel><title>t</title>{items}</channel></rss>')

    for number in range(9):
        site.put(f"/{number}.html", PAGE.format(number, ""))
    put_feed(*range(9))
    crawler.options["probing"] = ["news"]
    crawler.add("news", "feed", site.url("/feed.xml"))
    crawl = crawler.run("news")
    assert len(crawl.urls) == 5
    assert crawl.finished | {"listed": 9, "limits": ["max_items"]} == crawl.finished
    put_feed(0)
    site.forget()
    crawler.run("news")
    assert site.asked() == ["/feed.xml", "/0.html"]
    del crawler.options["probing"]
    site.forget()
    crawler.run("news")
    assert sorted(site.asked()) == ["/0.html", "/1.html", "/2.html", "/3.html", "/4.html", "/feed.xml"]
