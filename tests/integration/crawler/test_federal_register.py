"""The Federal Register from search to stored text, against a server on loopback."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from limen.crawler.pages.federal_register import search_url
from limen.domain.issue import IssueKind

from .local_site import LocalSite, local_site
from .test_crawl import Crawler

EXTRA = """[canonical]
key = '/documents/\\d{4}/\\d{2}/\\d{2}/([^/?#]+)'
[limits]
recheck_days = 0
"""
TEXT = "<PRORULE><SUBJECT>Limits for smelters</SUBJECT><P>Lead shall not exceed 0.15 mg/m3.</P></PRORULE>"


def path_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def document(site: LocalSite, number: str, **fields: Any) -> dict[str, Any]:
    site.put(f"/xml/{number}.xml", TEXT, content_type="text/xml")
    return {
        "title": f"Limits {number}",
        "type": "Proposed Rule",
        "document_number": number,
        "html_url": site.url(f"/documents/2024/02/12/{number}/limits"),
        "full_text_xml_url": site.url(f"/xml/{number}.xml"),
        "publication_date": "2024-02-12",
        "comments_close_on": "2024-03-13",
        "regulation_id_numbers": ["2060-AU37"],
        **fields,
    }


def put_search(site: LocalSite, *documents: dict[str, Any], path: str, next_path: str | None = None) -> None:
    answer: dict[str, Any] = {"count": len(documents), "results": list(documents)}
    if next_path:
        answer["next_page_url"] = site.url(next_path)
    site.put(path, json.dumps(answer), content_type="application/json")


def test_two_pages_of_documents_that_are_fetched_once(tmp_path: Path) -> None:
    with local_site() as site:
        crawler = Crawler(tmp_path)
        entry = site.url("/api/v1/documents.json")
        crawler.add("fr", "federal_register", entry, extra=EXTRA)
        first = path_of(search_url(entry, {}))
        put_search(site, document(site, "2024-02700"), path=first, next_path="/api/v1/documents.json?page=2")
        renamed = document(site, "2024-02700", html_url=site.url("/documents/2024/02/12/2024-02700/renamed"))
        put_search(site, renamed, document(site, "2024-02701"), path="/api/v1/documents.json?page=2")
        crawl = crawler.run("fr")
        stored = [snapshot for snapshot, _ in crawl.ledger.fetches]
        assert [snapshot.identity for snapshot in stored] == ["2024-02700", "2024-02701"]
        assert [snapshot.url for snapshot in stored] == [
            site.url("/documents/2024/02/12/2024-02700/limits"),
            site.url("/documents/2024/02/12/2024-02701/limits"),
        ]
        assert stored[0].hints.references == ("RIN 2060-AU37", "FR Doc. 2024-02700")
        assert stored[0].hints.comment_deadline is not None
        asked = site.requests[("/xml/2024-02700.xml", 200)]
        again = crawler.run("fr")
        assert len(again.ledger.fetches) == 2
        assert site.requests[("/xml/2024-02700.xml", 200)] == asked == 1


def test_a_refused_condition_is_told_in_the_words_of_the_service(tmp_path: Path) -> None:
    with local_site() as site:
        crawler = Crawler(tmp_path)
        entry = site.url("/api/v1/documents.json")
        crawler.add("fr", "federal_register", entry, extra='[query]\n"conditions[topics]" = "Trade"\n')
        refusal = json.dumps({"errors": {"topics": "Trade is not a valid topic"}})
        path = path_of(search_url(entry, {"conditions[topics]": "Trade"}))
        site.put(path, refusal, content_type="application/json", status=400)
        [issue] = crawler.run("fr").ledger.issues
        assert issue.kind is IssueKind.SOURCE_CHANGED
        assert "topics: Trade is not a valid topic" in issue.message


@pytest.mark.parametrize("body", ["<html><body>Sorry</body></html>", '{"count": 3}'])
def test_an_answer_of_another_shape_is_an_issue(tmp_path: Path, body: str) -> None:
    with local_site() as site:
        crawler = Crawler(tmp_path)
        entry = site.url("/api/v1/documents.json")
        crawler.add("fr", "federal_register", entry)
        site.put(path_of(search_url(entry, {})), body, content_type="application/json")
        crawl = crawler.run("fr")
        assert len(crawl.ledger.issues) == 1
        assert crawl.ledger.fetches == []
