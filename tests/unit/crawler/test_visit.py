"""How a document is asked for, and whether its answer is news."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from limen.crawler.ports import Record, Saved
from limen.crawler.visit import REVISION_TRUSTED, Visit, record_of
from limen.domain.fetched import Confirmed, Fetched
from limen.domain.snapshot import Attachment, Hints, Snapshot

NOW = datetime(2026, 9, 14, 12, 0, tzinfo=UTC)
URL = "https://site.example/a.html"
PAGE = """<!doctype html><html><head><title>Notice</title><script nonce="{0}">t = "{0}"</script></head>
<body><p>At least {1} Wh/kg shall be reached by every cell of a battery that is sold in the country after May.</p></body>"""
FILE = Attachment(url="https://site.example/a.pdf", label="The rule")
KNOWN = Fetched(
    url=URL,
    etag='"1"',
    last_modified="Mon, 14 Sep 2026 08:00:00 GMT",
    sha256=hashlib.sha256(PAGE.format("x", 160).encode()).hexdigest(),
    attachments=(),
    fetched_at=NOW - timedelta(days=3),
    confirmed_at=NOW - timedelta(hours=6),
    revision="r1",
)


def visit(known: Fetched | None = KNOWN, *, revision: str | None = None, hints: Hints | None = None) -> Visit:
    return Visit(identity="a", url=URL, hints=hints, known=known, revision=revision)


def record(
    body: str, *, known: Fetched | None = KNOWN, known_body: str | None = None, files: tuple[Attachment, ...] = ()
) -> Record:
    data = body.encode()
    snapshot = Snapshot(
        source_id="s",
        url=URL,
        final_url=URL,
        fetched_at=NOW,
        status=200,
        headers=(("content-type", "text/html"), ("etag", '"2"'), ("last-modified", "later")),
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        page_url=None,
        attachments=files,
        hints=Hints(),
        identity="a",
    )
    asked = visit(known, hints=Hints(title="Notice"), revision="r2")
    return record_of(snapshot, data, visit=asked, known_body=None if known_body is None else known_body.encode())


def test_only_what_changed_is_asked_for() -> None:
    assert visit().conditions() == {"If-None-Match": '"1"', "If-Modified-Since": "Mon, 14 Sep 2026 08:00:00 GMT"}
    assert visit(replace(KNOWN, etag=None)).conditions() == {"If-Modified-Since": KNOWN.last_modified}
    assert visit(replace(KNOWN, etag=None, last_modified=None)).conditions() == {}
    assert visit(None).conditions() == {}


@pytest.mark.parametrize(("revision", "conditional"), [("r1", True), (None, True), ("r2", False)])
def test_another_revision_is_asked_for_without_conditions(revision: str | None, conditional: bool) -> None:
    assert bool(visit(revision=revision).conditions()) is conditional
    assert visit(replace(KNOWN, revision=None), revision="r1").conditions()


@pytest.mark.parametrize(
    ("known", "revision", "expected"),
    [
        (KNOWN, "r1", True),
        (KNOWN, "r2", False),
        (KNOWN, None, False),
        (replace(KNOWN, revision=None), None, False),
        (None, "r1", False),
        (replace(KNOWN, confirmed_at=NOW - REVISION_TRUSTED), "r1", False),
    ],
)
def test_the_publishers_mark_is_believed_for_a_while(
    known: Fetched | None, revision: str | None, expected: bool
) -> None:
    assert visit(known, revision=revision).is_current(NOW) is expected


def test_the_same_bytes_are_seen_again_with_what_the_list_and_the_server_say_now() -> None:
    assert record(PAGE.format("x", 160)) == Confirmed(
        url=URL, at=NOW, hints=Hints(title="Notice"), revision="r2", etag='"2"', last_modified="later"
    )


@pytest.mark.parametrize(
    ("body", "known_body", "is_saved"),
    [
        (PAGE.format("y", 160), PAGE.format("x", 160), False),
        (PAGE.format("x", 165), PAGE.format("x", 160), True),
        (PAGE.format("y", 160), None, True),
        ("no page", "no page at all", True),
    ],
)
def test_a_page_is_news_if_a_reader_could_see_it(body: str, known_body: str | None, is_saved: bool) -> None:
    assert isinstance(record(body, known_body=known_body), Saved) is is_saved


def test_what_was_never_there_and_what_has_other_files_is_saved() -> None:
    body = PAGE.format("x", 160)
    found = record(body, known=None)
    assert isinstance(found, Saved)
    assert found.body == body.encode()
    assert isinstance(record(body, files=(FILE,)), Saved)
    assert isinstance(record(body, files=(FILE,), known=replace(KNOWN, attachments=(FILE,))), Confirmed)
