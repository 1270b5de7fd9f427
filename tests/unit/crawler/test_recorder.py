"""Records share transactions, and whoever waits for one hears how it went."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from limen.crawler.ports import Missing, Record
from limen.crawler.recorder import BATCH, Recorder, shifted
from limen.crawler.testing import InMemoryLedger
from limen.domain.fetched import Confirmed
from limen.domain.issue import Issue, IssueKind

NOW = datetime(2026, 9, 14, 12, 0, tzinfo=UTC)


class SlowLedger(InMemoryLedger):
    """Writes when it is let, and fails for a page called `bad`."""

    def __init__(self) -> None:
        super().__init__()
        self.free = threading.Event()
        self.batches: list[list[str]] = []

    def write(self, source_id: str, records: Sequence[Record]) -> None:
        assert self.free.wait(5)
        urls = [record.url for record in records if isinstance(record, Confirmed)]
        self.batches.append(urls)
        if "bad" in urls:
            raise OSError("disk full")
        super().write(source_id, records)


def recorder(ledger: InMemoryLedger, *, progress: bool = False) -> Recorder:
    return Recorder(ledger, source_id="news", clock=lambda: NOW, progress=progress)


def confirmed(url: str) -> Confirmed:
    return Confirmed(url=url, at=NOW)


def test_records_that_come_while_one_is_written_share_the_next_transaction() -> None:
    async def main() -> None:
        ledger = SlowLedger()
        tested = recorder(ledger)
        waiting = [asyncio.create_task(tested.keep(confirmed(str(number)))) for number in range(BATCH + 20)]
        await asyncio.sleep(0.05)
        assert not any(task.done() for task in waiting)
        assert tested.counts["unchanged"] == 0  # nothing is told that a kill could undo
        ledger.free.set()
        await asyncio.gather(*waiting)
        assert [len(batch) for batch in ledger.batches] == [BATCH, 20]
        assert ledger.confirmed == [str(number) for number in range(BATCH + 20)]
        assert tested.counts["unchanged"] == BATCH + 20

    asyncio.run(main())


def test_a_write_that_fails_is_everybodys_and_the_next_one_works() -> None:
    async def main() -> None:
        ledger = SlowLedger()
        tested = recorder(ledger)
        ledger.free.set()
        found = await asyncio.gather(
            *(tested.keep(confirmed(url)) for url in ("a", "bad", "b")), return_exceptions=True
        )
        assert [type(each) for each in found] == [OSError] * 3
        assert tested.counts == {}
        await tested.keep(confirmed("c"))
        await tested.keep(Missing(url="d", at=NOW))
        assert (ledger.confirmed, ledger.missing) == (["c"], ["d"])
        assert tested.counts == {"unchanged": 1, "missing": 1}

    asyncio.run(main())


def test_a_waiter_who_is_gone_does_not_keep_the_others_waiting() -> None:
    async def main() -> None:
        ledger = SlowLedger()
        tested = recorder(ledger)
        gone, stays = (asyncio.create_task(tested.keep(confirmed(url))) for url in "ab")
        await asyncio.sleep(0.05)
        gone.cancel()
        ledger.free.set()
        await stays
        assert ledger.confirmed == ["a", "b"]

    asyncio.run(main())


def test_the_ledger_is_closed_after_the_last_record() -> None:
    async def main() -> None:
        ledger = SlowLedger()
        tested = recorder(ledger)
        waiting = asyncio.create_task(tested.keep(confirmed("a")))
        await asyncio.sleep(0.05)
        closing = asyncio.create_task(tested.close())
        await asyncio.sleep(0.05)
        assert not ledger.closed
        ledger.free.set()
        await asyncio.gather(waiting, closing)
        assert ledger.closed
        assert ledger.confirmed == ["a"]

    asyncio.run(main())


def test_an_issue_is_reported_once_a_run_with_its_source_and_time(capsys: pytest.CaptureFixture[str]) -> None:
    async def main() -> None:
        ledger = InMemoryLedger()
        tested = recorder(ledger, progress=True)
        for message in ("asks for 7200 seconds", "asks for 7199 seconds"):
            await tested.report(Issue(kind=IssueKind.FETCH_FAILED, message=message, url="https://site.example/"))
        await tested.report(Issue(kind=IssueKind.BLOCKED, message="无法访问", url="https://site.example/"))
        assert [issue.kind for issue in ledger.issues] == [IssueKind.FETCH_FAILED, IssueKind.BLOCKED]
        assert {(issue.source_id, issue.seen_at) for issue in ledger.issues} == {("news", NOW)}
        assert tested.counts["issue"] == 2

    asyncio.run(main())
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["event"] for line in lines] == ["issue", "issue"]
    assert "无法访问" in lines[1]


def test_how_long_a_host_rests_is_seen_from_the_clock_of_the_crawl() -> None:
    async def main() -> None:
        ledger = InMemoryLedger()
        tested = recorder(ledger)
        assert await tested.resting_seconds("site.example") == 0
        await tested.rest("site.example", seconds=90)
        assert ledger.rests == {"site.example": NOW + timedelta(seconds=90)}
        later = Recorder(ledger, source_id="b", clock=shifted(lambda: NOW, seconds=60), progress=False)
        assert await later.resting_seconds("site.example") == 30

    asyncio.run(main())


def test_nothing_is_asked_of_the_ledger_about_nothing() -> None:
    class Unasked(InMemoryLedger):
        def known(self, source_id: str, identities: Sequence[str]) -> dict[str, object]:  # type: ignore[override]
            raise AssertionError

    assert asyncio.run(recorder(Unasked()).known([])) == {}


def test_what_the_ledger_or_the_listener_broke_is_no_answers_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(InMemoryLedger):
        def body(self, sha256: str) -> bytes | None:
            raise OSError("disk full")

    class Gone:
        def write(self, text: str) -> None:
            raise BrokenPipeError

    tested = recorder(Full())
    assert not tested.broken
    with pytest.raises(OSError, match="disk full"):
        asyncio.run(tested.body("0" * 64))
    assert tested.broken

    told = recorder(InMemoryLedger(), progress=True)
    monkeypatch.setattr("sys.stdout", Gone())
    with pytest.raises(BrokenPipeError):
        told.emit("fetched")
    assert told.broken
