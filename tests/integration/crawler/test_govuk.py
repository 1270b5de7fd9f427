"""GOV.UK from search to content, from the opening to the outcome, against a server on loopback."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from limen.crawler.pages.govuk import search_url
from limen.domain.source import DocumentClass

from .local_site import LocalSite, local_site
from .test_crawl import Crawler
from .test_federal_register import path_of

LINK = "/government/consultations/battery-rules"


def put_state(site: LocalSite, state: str, *, changed: str, updated: str, body: str, **details: Any) -> None:
    result = {"title": "Battery rules", "link": LINK, "public_timestamp": changed, "content_store_document_type": state}
    path = path_of(search_url(site.url("/api/search.json"), {}))
    site.put(path, json.dumps({"results": [result], "total": 1}), content_type="application/json")
    content = {
        "title": "Battery rules",
        "document_type": state,
        "updated_at": updated,
        "public_updated_at": changed,
        "details": {
            "body": f"<p>{body}</p>",
            "opening_date": "2026-05-07T09:30:00+01:00",
            "closing_date": "2026-07-30T23:45:00+01:00",
            **details,
        },
    }
    site.put(f"/api/content{LINK}", json.dumps(content), content_type="application/json")


def test_one_document_from_opening_to_outcome(tmp_path: Path) -> None:
    with local_site() as site:
        crawler = Crawler(tmp_path)
        crawler.add("govuk", "govuk", site.url("/api/search.json"), extra="[limits]\nrecheck_days = 0\n")
        text = "Cells must hold at least 165 Wh/kg."
        put_state(site, "open_consultation", changed="2026-05-07T09:30:00Z", updated="2026-05-07T10:00:00Z", body=text)
        [(opened, _)] = crawler.run("govuk").ledger.fetches
        assert (opened.url, opened.final_url) == (site.url(LINK), site.url(f"/api/content{LINK}"))
        assert (opened.hints.status, opened.hints.document_class) == ("open", DocumentClass.DRAFT)
        assert opened.hints.comment_deadline is not None
        assert opened.hints.comment_deadline.isoformat() == "2026-07-30T22:45:00+00:00"
        # republished for technical reasons: nothing is fetched
        put_state(site, "open_consultation", changed="2026-05-07T09:30:00Z", updated="2026-06-01T10:00:00Z", body=text)
        crawler.run("govuk")
        assert site.requests[(f"/api/content{LINK}", 200)] == 1
        decided = {"final_outcome_detail": "<p>160 Wh/kg was decided.</p>"}
        put_state(
            site,
            "consultation_outcome",
            changed="2026-10-01T09:30:00Z",
            updated="2026-10-01T10:00:00Z",
            body=text,
            **decided,
        )
        outcome, _ = crawler.run("govuk").ledger.fetches[-1]
        assert (outcome.url, outcome.identity) == (opened.url, opened.identity)
        assert (outcome.hints.status, outcome.hints.document_class) == ("outcome", DocumentClass.NOTICE)
