"""The ledger in memory keeps the promises of its port."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from limen.crawler.ports import Confirmed, Missing, Saved
from limen.crawler.testing import InMemoryLedger
from limen.domain.snapshot import Snapshot

START = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def saved(name: str, *, at: datetime, page_url: str | None = None) -> Saved:
    url = f"https://site.example/{name}"
    snapshot = Snapshot(
        source_id="news",
        url=url,
        final_url=url,
        fetched_at=at,
        status=200,
        headers=(),
        sha256="0" * 64,
        size=1,
        page_url=page_url,
        attachments=(),
        identity=name,
    )
    return Saved(snapshot=snapshot, body=b"x")


def test_what_is_looked_at_again_and_in_which_order() -> None:
    ledger = InMemoryLedger()
    old, recent = START, START + 20 * DAY
    ledger.write("news", [saved(name, at=old) for name in ("old", "waits", "gone", "gone-long-ago")])
    ledger.write("news", [saved(name, at=recent + each * DAY) for each, name in enumerate(("b", "a", "seen"))])
    ledger.write("news", [saved("file", at=recent, page_url="https://site.example/a")])
    for name, first, second in (("gone-long-ago", old, old + 9 * DAY), ("gone", recent, recent + 9 * DAY)):
        url = f"https://site.example/{name}"
        ledger.write("news", [Missing(url=url, at=first), Missing(url=url, at=second)])
    ledger.write("news", [Missing(url="https://site.example/waits", at=recent)])
    ledger.write("news", [Confirmed(url="https://site.example/seen", at=recent + 10 * DAY)])
    since, now = START + 15 * DAY, recent + 10 * DAY
    found = ledger.recheck("news", changed_since=since, unseen_since=now, limit=9)
    assert [identity for identity, _ in found] == ["waits", "b", "a", "gone"]
    assert ledger.recheck("news", changed_since=since, unseen_since=now, limit=1) == [found[0]]
