"""Where the parts of a crawl put what they find: the ledger, and whoever listens to the progress."""

from __future__ import annotations

import asyncio
import hashlib
import json
import sys
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any, TypeVar

from scrapy.settings import BaseSettings

from limen.crawler.ports import Clock, CrawlLedger, KeptList, Missing, Record, Saved
from limen.domain.fetched import Confirmed, Fetched
from limen.domain.issue import Issue

BATCH = 128
"""Records that are written in one transaction."""
BATCH_BYTES = 8_000_000
LINGER = 0.05
"""Seconds that a small batch waits for others to share its transaction."""

Result = TypeVar("Result")


class Recorder:
    """The ledger of one source, called from the event loop: its blocking calls run in threads.

    Records that come while a transaction is written share the next one: a flush to the disk costs as much for one page as
    for a hundred. `keep` returns when the record is on the disk, so nothing is told that a kill could undo.
    """

    def __init__(self, ledger: CrawlLedger, *, source_id: str, clock: Clock, progress: bool) -> None:
        self._ledger = ledger
        self._source_id = source_id
        self._progress = progress
        self._turn = asyncio.Lock()
        self._waiting: deque[tuple[Record, asyncio.Future[None]]] = deque()
        self._writer: asyncio.Task[None] | None = None
        self._reported: set[tuple[str, str | None]] = set()
        self.clock = clock
        self._began = clock()
        self.broken = False
        """Whether the ledger has failed, which tells of that itself, or nobody listens any more: no answer is to blame."""
        self.counts: Counter[str] = Counter()

    async def known(self, identities: Sequence[str]) -> Mapping[str, Fetched]:
        """Return what is known of documents and attachments, by their identities."""
        if not identities:
            return {}
        return await self._ask(lambda: self._ledger.known(self._source_id, identities))

    async def recheck(self, *, changed_since: datetime, limit: int) -> Sequence[tuple[str, str]]:
        """Return (identity, URL) of pages that may have changed or wait for a second visit, those seen longest ago first.

        Those that this run has seen are left out.
        """
        return await self._ask(
            lambda: self._ledger.recheck(
                self._source_id, changed_since=changed_since, unseen_since=self._began, limit=limit
            )
        )

    async def body(self, sha256: str) -> bytes | None:
        """Return kept bytes; None if they are not there."""
        return await self._ask(lambda: self._ledger.body(sha256))

    async def kept_list(self, url: str) -> KeptList | None:
        """Return the newest answer of a list."""
        return await self._ask(lambda: self._ledger.kept_list(self._source_id, url))

    async def keep_list(self, url: str, kept: KeptList) -> None:
        """Keep the answer of a list for the next run."""
        await self._call(lambda: self._ledger.keep_list(self._source_id, url, kept, at=self.clock()))

    async def resting_seconds(self, host: str) -> float:
        """Return for how many seconds a host still wants to be left alone."""
        until = await self._ask(lambda: self._ledger.resting_until(host))
        return 0.0 if until is None else (until - self.clock()).total_seconds()

    async def rest(self, host: str, *, seconds: float) -> None:
        """Record that a host wants to be left alone, also by later runs."""
        await self._call(lambda: self._ledger.rest(host, until=self.clock() + timedelta(seconds=seconds)))

    async def keep(self, record: Record) -> None:
        """Write a record and tell of it. Raises what the ledger raises."""
        written = asyncio.get_running_loop().create_future()
        self._waiting.append((record, written))
        if self._writer is None:
            self._writer = asyncio.create_task(self._write())
        await written
        match record:
            case Saved(snapshot=snapshot):
                self.emit("fetched", url=snapshot.url, bytes=snapshot.size)
            case Confirmed(url=url):
                self.emit("unchanged", url=url)
            case Missing(url=url):
                self.emit("missing", url=url)

    async def report(self, issue: Issue) -> None:
        """Keep an issue, once per kind and URL in a run."""
        key = (issue.kind.value, issue.url)
        if key in self._reported:
            return
        self._reported.add(key)
        seen = replace(issue, source_id=self._source_id, seen_at=self.clock())
        await self._call(lambda: self._ledger.report(seen))
        self.emit("issue", url=issue.url, kind=issue.kind.value, message=issue.message)

    async def close(self) -> None:
        """Release the ledger."""
        while self._writer is not None:
            await asyncio.wait([self._writer])
        await self._call(self._ledger.close)

    def emit(self, event: str, **facts: Any) -> None:
        """Count an event, and tell it as a line of JSON on standard output if somebody listens."""
        self.counts[event] += 1
        if self._progress:
            line = json.dumps({"event": event, "source": self._source_id, **facts}, ensure_ascii=False)
            try:
                sys.stdout.write(line + "\n")
                sys.stdout.flush()
            except OSError:
                self.broken = True
                raise

    async def _write(self) -> None:
        """Write what waits, a batch at a time, until nothing does."""
        try:
            while self._waiting:
                if len(self._waiting) < BATCH // 2:
                    await asyncio.sleep(LINGER)
                batch = self._batch()
                records = [record for record, _ in batch]
                try:
                    await self._call(lambda records=records: self._ledger.write(self._source_id, records))  # type: ignore[misc]
                except Exception as error:  # noqa: BLE001 - handed on to everybody who waits for the batch
                    for _, written in batch:
                        if not written.done():
                            written.set_exception(error)
                    continue
                for _, written in batch:
                    if not written.done():
                        written.set_result(None)
        finally:
            self._writer = None

    def _batch(self) -> list[tuple[Record, asyncio.Future[None]]]:
        batch: list[tuple[Record, asyncio.Future[None]]] = []
        size = 0
        while self._waiting and len(batch) < BATCH and size < BATCH_BYTES:
            record, written = self._waiting.popleft()
            size += len(record.body) if isinstance(record, Saved) else 0
            batch.append((record, written))
        return batch

    async def _call(self, function: Callable[[], Result]) -> Result:
        async with self._turn:
            return await self._ask(function)

    async def _ask(self, function: Callable[[], Result]) -> Result:
        try:
            return await asyncio.to_thread(function)
        except Exception:
            self.broken = True
            raise


def open_ledger(settings: BaseSettings) -> CrawlLedger:
    """Return the ledger that the settings name (`LIMEN_LEDGER = "module:callable"`, `LIMEN_LEDGER_ARGS`)."""
    module, _, name = settings["LIMEN_LEDGER"].partition(":")
    ledger: CrawlLedger = getattr(import_module(module), name)(**settings.getdict("LIMEN_LEDGER_ARGS"))
    return ledger


def shifted(clock: Clock, *, seconds: float) -> Clock:
    """Return a clock that runs `seconds` away from another."""
    return lambda: clock() + timedelta(seconds=seconds)


def digest(body: bytes) -> str:
    """Return the SHA-256 of bytes, in hexadecimal."""
    return hashlib.sha256(body).hexdigest()
