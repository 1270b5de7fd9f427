"""The demo's source files fit the catalogue and the pages of every day."""

from __future__ import annotations

from pathlib import Path

import pytest

from limen.app.demo.sources import SOURCE_IDS, write_sources
from limen.app.demo.world import DAYS, resource
from limen.crawler.catalogue import Catalogue, load_catalogue
from limen.crawler.pages.attachments import find_attachments
from limen.crawler.pages.entry import Entry
from limen.crawler.pages.feed import read_feed
from limen.crawler.pages.listing import read_listing
from limen.crawler.pages.sitemap import read_sitemap
from limen.crawler.source_spec import SourceKind, SourceSpec

BASE = "http://127.0.0.1:8000"


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    write_sources(tmp_path / "sources", base_url=BASE)
    return load_catalogue([tmp_path / "sources"], builtin=False)


def body(url: str, day: int) -> bytes:
    found = resource(url.removeprefix(BASE), day=day, base_url=BASE)
    assert found is not None, url
    return found.body


def entries(spec: SourceSpec, day: int) -> list[Entry]:
    found: list[Entry] = []
    for url in spec.entry:
        page = body(url, day)
        if spec.kind is SourceKind.FEED:
            found += read_feed(page, url=url, zone=spec.timezone)
        elif spec.kind is SourceKind.SITEMAP:
            found += read_sitemap(page, url=url, zone=spec.timezone, rules=spec.sitemap).entries
        else:
            assert spec.listing is not None
            found += read_listing(page.decode(), url=url, rules=spec.listing, zone=spec.timezone)
    return found


def test_there_is_one_source_of_each_kind_and_an_english_one(catalogue: Catalogue) -> None:
    assert tuple(catalogue) == SOURCE_IDS
    assert [spec.kind.value for spec in catalogue.values()] == ["sitemap", "feed", "listing", "listing"]
    assert [spec.language for spec in catalogue.values()] == ["en", "en", "zh", "en"]


@pytest.mark.parametrize(
    ("source", "counts"),
    [
        ("demo-ministry", [3, 3, 4]),
        ("demo-ministry-en", [2, 2, 2]),
        ("demo-miningwire", [2, 3, 4]),
        ("demo-cellreview", [1, 1, 2]),
    ],
)
def test_the_selectors_outlive_the_relaunch(catalogue: Catalogue, source: str, counts: list[int]) -> None:
    for day, count in zip(DAYS, counts, strict=True):
        found = entries(catalogue[source], day)
        assert len({entry.url for entry in found}) == len(found) == count
        assert all(entry.hints.title and entry.hints.published for entry in found)
        assert all(body(entry.url, day) for entry in found)
    first, second = (entries(catalogue[source], day) for day in (1, 2))
    assert {(entry.url, entry.hints.title) for entry in first} <= {(entry.url, entry.hints.title) for entry in second}


@pytest.mark.parametrize("day", DAYS)
def test_the_draft_has_one_attachment_of_its_own_each_time(catalogue: Catalogue, day: int) -> None:
    spec = catalogue["demo-ministry"]
    found = {
        entry.url: find_attachments(body(entry.url, day).decode(), url=entry.url, rules=spec.detail)
        for entry in entries(spec, day)
    }
    files = [attachment for attachments in found.values() for attachment in attachments]
    assert [file.url.rpartition(".")[2] for file in files] == (["docx"] if day < 3 else ["docx", "pdf"])
    assert all(body(file.url, day) and file.label.startswith("锂离子电池行业规范条件") for file in files)


def test_writing_again_replaces_the_address(tmp_path: Path) -> None:
    write_sources(tmp_path, base_url="http://127.0.0.1:1")
    write_sources(tmp_path, base_url="http://127.0.0.1:2")
    written = load_catalogue([tmp_path], builtin=False)
    assert "demo-ministry" in written
    for spec in written.values():
        assert spec.homepage.startswith("http://127.0.0.1:2/")
