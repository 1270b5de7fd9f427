"""regulations.gov from list to record to stored text, against a server on loopback."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from limen.crawler.pages.regulations_gov import search_url
from limen.crawler.spiders.regulations_gov import WINDOW

from .local_site import LocalSite, local_site
from .test_crawl import Crawler
from .test_federal_register import path_of

EXTRA = """[credentials]
env = "LIMEN_TEST_REGULATIONS_KEY"
header = "X-Api-Key"
fallback = "a public key"
[canonical]
key = 'regulations\\.gov/document/([^/?#]+)'
[limits]
recheck_days = 0
"""


def item(number: str, **attributes: Any) -> dict[str, Any]:
    named = {"title": f"Dust {number}", "documentType": "Proposed Rule", "lastModifiedDate": "2026-01-02T03:04:05Z"}
    return {"id": number, "type": "documents", "attributes": named | attributes}


def put_list(site: LocalSite, *items: dict[str, Any]) -> None:
    since = (datetime.now(UTC) - WINDOW).replace(hour=0, minute=0, second=0, microsecond=0)
    path = path_of(search_url(site.url("/v4/documents"), {}, since=since, zone="UTC"))
    site.put(path, json.dumps({"data": items, "meta": {"lastPage": True}}), content_type="application/json")


def put_record(site: LocalSite, number: str, *forms: str) -> None:
    files = [{"fileUrl": site.url(f"/files/{number}/content.{form}"), "format": form} for form in forms]
    record = {"data": item(number, fileFormats=files, additionalRins=["1219-AB36"])}
    path = f"/v4/documents/{number}?include=attachments"
    site.put(path, json.dumps(record), content_type="application/json")
    for form in forms:
        site.put(f"/files/{number}/content.{form}", f"<html><body><p>Dust of {number}: 50 µg/m3</p></body></html>")


@pytest.mark.parametrize("key", [None, "my own key"])
def test_from_list_to_text(tmp_path: Path, key: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    if key is not None:
        monkeypatch.setenv("LIMEN_TEST_REGULATIONS_KEY", key)
    with local_site() as site:
        crawler = Crawler(tmp_path)
        crawler.add("regs", "regulations_gov", site.url("/v4/documents"), extra=EXTRA)
        put_list(site, item("MSHA-2023-0001-1310"), item("MSHA-2023-0001-0001"))
        put_record(site, "MSHA-2023-0001-1310", "pdf", "htm")
        put_record(site, "MSHA-2023-0001-0001")
        crawl = crawler.run("regs")
        [(snapshot, body)] = crawl.ledger.fetches
        assert (snapshot.identity, snapshot.url) == (
            "MSHA-2023-0001-1310",
            "https://www.regulations.gov/document/MSHA-2023-0001-1310",
        )
        assert snapshot.final_url == site.url("/files/MSHA-2023-0001-1310/content.htm")
        assert "50 µg/m3".encode() in body
        assert snapshot.hints.references == ("RIN 1219-AB36",)
        assert crawl.count("without_file") == 1
        sent = {path: headers.get("x-api-key") for path, headers in site.seen if path != "/robots.txt"}
        assert {value for path, value in sent.items() if path.startswith("/v4/")} == {key or "a public key"}
        assert {value for path, value in sent.items() if path.startswith("/files/")} == {None}


def test_what_did_not_change_costs_no_record(tmp_path: Path) -> None:
    with local_site() as site:
        crawler = Crawler(tmp_path)
        crawler.add("regs", "regulations_gov", site.url("/v4/documents"), extra=EXTRA)
        put_record(site, "A-1", "htm")
        put_list(site, item("A-1"))
        crawler.run("regs")
        asked = len(site.seen)
        crawler.run("regs")
        assert [path for path, _ in site.seen[asked:] if "A-1" in path] == []
        put_list(site, item("A-1", lastModifiedDate="2026-02-03T04:05:06Z"))
        crawl = crawler.run("regs")
        assert [path for path, _ in site.seen[asked:] if "A-1" in path] == [
            "/v4/documents/A-1?include=attachments",
            "/files/A-1/content.htm",
        ]
        assert len(crawl.ledger.fetches) == 1  # the file is the same
