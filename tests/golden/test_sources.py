"""Each source's answers, in their real shapes, are read as a person reads them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from limen.crawler.catalogue import load_catalogue
from limen.crawler.pages.attachments import find_attachments
from limen.crawler.pages.canonical import canonical_url
from limen.crawler.pages.entry import Entry
from limen.crawler.pages.feed import read_feed
from limen.crawler.pages.listing import read_listing
from limen.crawler.pages.sitemap import read_sitemap
from limen.crawler.source_spec import SourceKind, SourceSpec

HERE = Path(__file__).parent
CASES = sorted(path.parent for path in HERE.glob("*/*/expected.json"))
CATALOGUE = load_catalogue(())


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_an_answer_is_read_as_expected(case: Path) -> None:
    expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    [source] = case.glob("input.*")
    spec = CATALOGUE[case.parent.name]
    assert read(spec, source.read_bytes(), url=expected["url"], what=expected["read"]) == expected["found"]


def test_every_way_of_discovery_has_a_case() -> None:
    assert {CATALOGUE[case.parent.name].kind for case in CASES} == set(SourceKind)


def read(spec: SourceSpec, body: bytes, *, url: str, what: str) -> dict[str, Any]:
    """Return what is read from an answer, in the form of `expected.json`."""
    if what == "attachments":
        found = find_attachments(body.decode(), url=url, rules=spec.detail)
        return {"attachments": [{"url": each.url, "label": each.label} for each in found]}
    match spec.kind:
        case SourceKind.FEED:
            return {"entries": entries(spec, read_feed(body, url=url, zone=spec.timezone))}
        case SourceKind.LISTING:
            assert spec.listing is not None
            return {"entries": entries(spec, read_listing(body.decode(), url=url, rules=spec.listing, zone=spec.timezone))}
        case SourceKind.SITEMAP:
            sitemap = read_sitemap(body, url=url, zone=spec.timezone, rules=spec.sitemap)
            return {"entries": entries(spec, sitemap.entries), "sitemaps": list(sitemap.sitemaps)}


def entries(spec: SourceSpec, found: tuple[Entry, ...]) -> list[dict[str, str | None]]:
    """Return listed documents with their canonical addresses and times in the source's zone."""
    return [
        {
            "url": canonical_url(each.url, spec.canonical),
            "title": each.hints.title,
            "published": each.hints.published and each.hints.published.isoformat(),
            "comment_deadline": each.hints.comment_deadline and each.hints.comment_deadline.isoformat(),
        }
        for each in found
    ]
