"""CELLAR's answers and the acts that they name, over the wire."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from limen.crawler.pages.eurlex import acts_query, new_acts_query, query_url
from limen.domain.issue import IssueKind

from .local_site import LocalSite
from .test_crawl import PAGE, Crawler, crawler, site  # noqa: F401 - two are fixtures

EURLEX = "https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=CELEX:"
WATCH = "watch = [\"32099R0001\"]\n[canonical]\nkey = 'CELEX:([0-9A-Z()]+)'"


def put_answer(site: LocalSite, query: str, *rows: tuple[str, str, str]) -> None:  # noqa: F811
    names = ("celex", "date", "title")
    bindings = [{name: {"value": value} for name, value in zip(names, row, strict=True)} for row in rows]
    body = json.dumps({"results": {"bindings": bindings}})
    site.put(query_url("/sparql", query), body, content_type="application/sparql-results+json")


def test_a_watched_act_is_followed_over_its_consolidated_versions(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    act = ("32099R0001", "2099-07-12", "Regulation (EU) 2099/1")
    put_answer(site, acts_query(["32099R0001"]), act)
    site.put("/resource/celex/32099R0001", PAGE.format("As adopted", ""), content_type="application/xhtml+xml")
    crawler.add("eu", "eurlex", site.url("/sparql"), extra=WATCH)
    crawl = crawler.run("eu")
    [(first, _)] = crawl.ledger.fetches
    assert (first.url, first.identity) == (f"{EURLEX}32099R0001", "32099R0001")
    asked = dict(site.seen)["/resource/celex/32099R0001"]
    assert asked["accept"].startswith("text/html, text/html;type=simplified")
    assert asked["accept-language"] == "en"
    assert crawler.run("eu").count("fetched") == 0
    assert site.tries["/resource/celex/32099R0001"] == 1
    newer = ("02099R0001-21000101", "2100-01-01", "Consolidated text: Regulation (EU) 2099/1")
    put_answer(site, acts_query(["32099R0001"]), act, newer)
    site.put("/resource/celex/02099R0001-21000101", PAGE.format("Amended", ""), content_type="application/xhtml+xml")
    [_, (second, _)] = crawler.run("eu").ledger.fetches
    assert (second.url, second.identity, second.revision) == (first.url, first.identity, "02099R0001-21000101")
    assert second.hints.title == first.hints.title


def test_new_acts_of_a_kind(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    today = datetime.now(UTC).date()
    query = new_acts_query("3R", since=today - timedelta(days=60), until=today)
    put_answer(
        site,
        query,
        ("32099R0001", "2099-07-12", "Regulation on batteries"),
        ("32099R0002", "2099-07-11", "Regulation on cheese"),
    )
    site.put("/resource/celex/32099R0001", PAGE.format("Batteries", ""), content_type="application/xhtml+xml")
    extra = 'watch = ["3R"]\n[titles]\ninclude = ["batter"]'
    crawler.add("eu", "eurlex", site.url("/sparql"), extra=extra)
    crawl = crawler.run("eu")
    assert crawl.urls == [f"{EURLEX}32099R0001"]
    assert crawl.ledger.issues == []


def test_an_act_that_cellar_does_not_know_is_an_issue_beside_those_it_does(
    site: LocalSite,  # noqa: F811
    crawler: Crawler,  # noqa: F811
) -> None:
    put_answer(site, acts_query(["32099R0001", "32099R9999"]), ("32099R0001", "2099-07-12", "Regulation"))
    site.put("/resource/celex/32099R0001", PAGE.format("Batteries", ""), content_type="application/xhtml+xml")
    crawler.add("eu", "eurlex", site.url("/sparql"), extra='watch = ["32099R0001", "32099R9999"]')
    crawl = crawler.run("eu")
    assert crawl.urls == [f"{EURLEX}32099R0001"]
    [issue] = crawl.ledger.issues
    assert (issue.kind, "32099R9999" in issue.message) == (IssueKind.SOURCE_CHANGED, True)


def test_a_challenge_with_202_is_never_content(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    put_answer(site, acts_query(["32099R0001"]), ("32099R0001", "2099-07-12", "Regulation"))
    site.put("/resource/celex/32099R0001", "<html><script>check()</script></html>", status=202)
    crawler.add("eu", "eurlex", site.url("/sparql"), extra='watch = ["32099R0001"]')
    crawl = crawler.run("eu")
    assert (crawl.ledger.fetches, len(crawl.ledger.issues)) == ([], 1)


def test_an_error_of_the_service_is_said(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    site.put(query_url("/sparql", acts_query(["32099R0001"])), "Virtuoso 42000 Error", content_type="text/plain")
    crawler.add("eu", "eurlex", site.url("/sparql"), extra='watch = ["32099R0001"]')
    crawl = crawler.run("eu")
    [issue] = crawl.ledger.issues
    assert "the service says: Virtuoso 42000 Error" in issue.message
    assert crawl.events[-1]["outcome"] == "failed"


def test_a_wrong_watch_is_said(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    crawler.add("eu", "eurlex", site.url("/sparql"), extra='watch = ["Regulation 2099/1"]')
    crawl = crawler.run("eu")
    [issue] = crawl.ledger.issues
    assert "'Regulation 2099/1' in watch is no CELEX number; write that of an act" in issue.message
    assert crawl.events[-1]["outcome"] == "failed"
