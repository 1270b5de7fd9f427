"""The eCFR from its titles to one stored text per watched piece, against a server on loopback."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from limen.crawler.pages.ecfr import parse_watched, text_url, versions_url
from limen.domain.issue import IssueKind

from .local_site import LocalSite, local_site
from .test_crawl import Crawler
from .test_federal_register import path_of

PIECE = parse_watched("title-40/part-273")
TITLES = "/api/versioner/v1/titles.json"
EXTRA = 'watch = ["title-40/part-273"]\n[limits]\nrecheck_days = 0\n'


def row(identifier: str, day: str, edition: str, *, substantive: bool = True) -> dict[str, Any]:
    return {
        "identifier": identifier,
        "date": day,
        "issue_date": edition,
        "name": f"§ {identifier} Batteries.",
        "substantive": substantive,
        "removed": False,
    }


def put_day(site: LocalSite, day: str, *rows: dict[str, Any], text: str) -> None:
    api = site.url(TITLES)
    titles = {"titles": [{"number": 40, "up_to_date_as_of": day}]}
    site.put(TITLES, json.dumps(titles), content_type="application/json")
    site.put(path_of(versions_url(api, PIECE)), json.dumps({"content_versions": rows}), content_type="application/json")
    xml = f'<DIV5 N="273" TYPE="PART"><HEAD>PART 273</HEAD><P>{text}</P></DIV5>'
    site.put(path_of(text_url(api, PIECE, on=date.fromisoformat(day))), xml, content_type="application/xml")


def test_a_new_edition_is_fetched_once_and_told_editorial_where_it_is(tmp_path: Path) -> None:
    old = row("273.9", "2023-06-01", "2023-06-01")
    corrected = row("273.9", "2023-06-01", "2023-07-01", substantive=False)
    with local_site() as site:
        crawler = Crawler(tmp_path)
        crawler.add("ecfr", "ecfr", site.url(TITLES), extra=EXTRA)
        put_day(site, "2023-06-30", old, text="A battery of 5 kg")
        crawler.run("ecfr")
        assert len(crawler.run("ecfr").ledger.fetches) == 1
        put_day(site, "2023-07-05", old, corrected, text="A battery, of 5 kg")
        first, second = [snapshot for snapshot, _ in crawler.run("ecfr").ledger.fetches]
        assert first.url == second.url == site.url("/current/title-40/part-273")
        assert [each.revision for each in (first, second)] == ["2023-06-01 1", "2023-07-01 2"]
        assert [each.hints.editorial for each in (first, second)] == [False, True]
        assert site.requests[("/api/versioner/v1/full/2023-06-30/title-40.xml?part=273", 200)] == 1
        agents = [headers for path, headers in site.seen if "/full/" in path]
        assert all("gzip" in headers["accept-encoding"] for headers in agents)


def test_a_piece_that_is_not_there_is_an_issue_and_the_others_are_read(tmp_path: Path) -> None:
    with local_site() as site:
        crawler = Crawler(tmp_path)
        extra = 'watch = ["title-40/part-999", "title-40/part-273"]\n'
        crawler.add("ecfr", "ecfr", site.url(TITLES), extra=extra)
        put_day(site, "2023-06-30", row("273.9", "2023-06-01", "2023-06-01"), text="A battery of 5 kg")
        nothing = path_of(versions_url(site.url(TITLES), parse_watched("title-40/part-999")))
        site.put(nothing, '{"content_versions": []}', content_type="application/json")
        crawl = crawler.run("ecfr")
        assert crawl.urls == [site.url("/current/title-40/part-273")]
        [issue] = crawl.ledger.issues
        assert issue.kind is IssueKind.SOURCE_CHANGED
        assert "no versions of 40 CFR 999" in issue.message
