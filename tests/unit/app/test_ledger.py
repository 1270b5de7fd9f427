"""What the crawl process keeps: rows and bytes together, lists without their past."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from limen.app.ledger import StoreLedger
from limen.crawler.ports import KeptList, Missing, Saved
from limen.domain.fetched import Confirmed
from limen.domain.issue import Issue, IssueKind
from limen.domain.snapshot import SECOND_VISIT, Hints, Snapshot
from limen.domain.source import DocumentClass, Source
from limen.store.blobs import BlobStore
from limen.store.errors import BlobNotWritten
from limen.store.repositories import issues, sources
from limen.store.session import Store

NOW = datetime(2026, 9, 14, 12, 0, tzinfo=UTC)
SOURCE = "news"
FEED = "https://site.example/feed.xml"
PAGE = "https://site.example/a.html"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'limen.db'}") as opened:
        opened.upgrade()
        with opened.transaction() as session:
            for name in (SOURCE, "other"):
                sources.save(session, a_source(name))
        yield opened


@pytest.fixture
def blobs(tmp_path: Path) -> BlobStore:
    directory = tmp_path / "blobs"
    directory.mkdir()
    return BlobStore(directory)


@pytest.fixture
def ledger(store: Store, blobs: BlobStore) -> StoreLedger:
    return StoreLedger(store=store, blobs=blobs, clock=lambda: NOW)


def a_source(name: str) -> Source:
    return Source(
        id=name,
        name=name,
        publisher="Test",
        jurisdiction="XX",
        language="en",
        document_class=DocumentClass.NEWS,
        timezone="UTC",
        homepage="https://site.example/",
    )


def saved(body: bytes, *, url: str = PAGE, source: str = SOURCE) -> Saved:
    snapshot = Snapshot(
        source_id=source,
        url=url,
        final_url=url,
        fetched_at=NOW,
        status=200,
        headers=(("etag", '"1"'),),
        sha256=digest(body),
        size=len(body),
        page_url=None,
        attachments=(),
        hints=Hints(),
        identity=url,
    )
    return Saved(snapshot=snapshot, body=body)


def digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def keep(ledger: StoreLedger, body: bytes, *, url: str = FEED, source: str = SOURCE) -> None:
    kept = KeptList(etag=digest(body)[:8], last_modified=None, headers=(("Content-Type", "text/xml"),), body=body)
    ledger.keep_list(source, url, kept, at=NOW)


def test_the_answer_of_before_is_forgotten(ledger: StoreLedger, blobs: BlobStore) -> None:
    keep(ledger, b"one")
    keep(ledger, b"two")
    assert not blobs.exists(digest(b"one"))
    found = ledger.kept_list(SOURCE, FEED)
    assert found is not None
    assert (found.body, found.etag, found.headers) == (b"two", digest(b"two")[:8], (("Content-Type", "text/xml"),))
    keep(ledger, b"two")
    assert blobs.exists(digest(b"two"))


def test_bytes_that_a_snapshot_of_any_source_holds_are_never_forgotten(ledger: StoreLedger, blobs: BlobStore) -> None:
    keep(ledger, b"one")
    ledger.write("other", [saved(b"one", source="other")])
    keep(ledger, b"two")
    assert ledger.body(digest(b"one")) == b"one"
    ledger.write(SOURCE, [saved(b"three")])
    keep(ledger, b"three")
    keep(ledger, b"four")
    assert blobs.exists(digest(b"three"))


def test_bytes_that_another_list_holds_are_never_forgotten(ledger: StoreLedger, blobs: BlobStore) -> None:
    keep(ledger, b"one")
    keep(ledger, b"one", url=FEED + "?page=2")
    keep(ledger, b"two")
    assert blobs.exists(digest(b"one"))
    keep(ledger, b"two", url=FEED + "?page=2")
    assert not blobs.exists(digest(b"one"))


@pytest.mark.parametrize("damage", [None, b"damaged"])
def test_a_list_without_its_bytes_proves_nothing(ledger: StoreLedger, blobs: BlobStore, damage: bytes | None) -> None:
    keep(ledger, b"one")
    blobs.remove(digest(b"one"))
    if damage is not None:
        blobs.path(digest(b"one")).write_bytes(damage)
    assert ledger.kept_list(SOURCE, FEED) is None


def test_a_damaged_list_that_is_fetched_once_more_is_whole_again(ledger: StoreLedger, blobs: BlobStore) -> None:
    keep(ledger, b"one")
    blobs.path(digest(b"one")).write_bytes(b"damaged")
    keep(ledger, b"one")
    found = ledger.kept_list(SOURCE, FEED)
    assert found is not None
    assert found.body == b"one"


@pytest.mark.parametrize("damage", [None, b"damaged"])
def test_of_a_page_without_its_bytes_only_its_place_is_known(
    ledger: StoreLedger, blobs: BlobStore, damage: bytes | None
) -> None:
    ledger.write(SOURCE, [saved(b"page")])
    known = ledger.known(SOURCE, [PAGE, "never seen"])
    assert list(known) == [PAGE]
    assert (known[PAGE].etag, known[PAGE].missing_since, known[PAGE].gone_at) == ('"1"', None, None)
    assert ledger.known("other", [PAGE]) == {}
    if damage is None:
        blobs.remove(digest(b"page"))
    else:
        blobs.path(digest(b"page")).write_bytes(damage)
        assert ledger.body(digest(b"page")) is None
    lost = ledger.known(SOURCE, [PAGE])[PAGE]
    assert lost == replace(known[PAGE], sha256=None, etag=None, last_modified=None, revision=None)


def test_what_is_known_of_a_page_that_vanishes_and_returns(ledger: StoreLedger) -> None:
    ledger.write(SOURCE, [saved(b"page")])
    later = NOW + SECOND_VISIT
    for at, gone_at in ((NOW, None), (later, later), (later + SECOND_VISIT, later)):
        ledger.write(SOURCE, [Missing(url=PAGE, at=at)])
        known = ledger.known(SOURCE, [PAGE])[PAGE]
        assert (known.missing_since, known.gone_at) == (NOW, gone_at)
    ledger.write(SOURCE, [Confirmed(url=PAGE, at=later, etag='"2"', revision="r2")])
    known = ledger.known(SOURCE, [PAGE])[PAGE]
    assert (known.missing_since, known.gone_at, known.etag, known.revision) == (None, None, '"2"', "r2")
    assert known.confirmed_at == later


def test_pages_that_are_gone_are_looked_at_last_and_not_for_ever(ledger: StoreLedger) -> None:
    urls = [f"https://site.example/{name}.html" for name in "abc"]
    ledger.write(SOURCE, [saved(url.encode(), url=url) for url in urls])
    for at in (NOW, NOW + timedelta(hours=1)):
        ledger.write(SOURCE, [Missing(url=urls[0], at=at)])
    ledger.write(SOURCE, [Missing(url=urls[1], at=NOW)])
    ledger.write(SOURCE, [Confirmed(url=urls[2], at=NOW + timedelta(hours=1))])

    def found(since: datetime) -> list[str]:
        later = NOW + timedelta(days=60)
        return [url for _, url in ledger.recheck(SOURCE, changed_since=since, unseen_since=later, limit=9)]

    assert found(NOW - timedelta(days=1)) == [urls[1], urls[2], urls[0]]
    # Long after the last change only what waits for its second visit is of interest.
    assert found(NOW + timedelta(days=30)) == [urls[1]]


def test_a_failed_write_is_told_and_raised_again_at_the_end(
    ledger: StoreLedger, store: Store, blobs: BlobStore, tmp_path: Path
) -> None:
    (tmp_path / "blobs" / "incoming").write_text("in the way", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(BlobNotWritten):
            ledger.write(SOURCE, [saved(b"page")])
    assert ledger.known(SOURCE, [PAGE]) == {}
    with store.reading() as session:
        (stored,) = issues.load(session)
    assert (stored.issue.kind, stored.issue.url, stored.count) == (IssueKind.FETCH_FAILED, PAGE, 1)
    (tmp_path / "blobs" / "incoming").unlink()
    ledger.write(SOURCE, [saved(b"page")])
    assert blobs.exists(digest(b"page"))
    with pytest.raises(BlobNotWritten):
        ledger.close()


def test_hosts_and_issues_are_kept(ledger: StoreLedger, store: Store) -> None:
    assert ledger.resting_until("site.example") is None
    ledger.rest("site.example", until=NOW)
    assert ledger.resting_until("site.example") == NOW
    ledger.report(Issue(kind=IssueKind.BLOCKED, message="wait", source_id=SOURCE))
    with store.reading() as session:
        assert [each.issue.seen_at or each.first_seen for each in issues.load(session)] == [NOW]
    ledger.close()
