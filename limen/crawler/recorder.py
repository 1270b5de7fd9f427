"""Where the parts of a crawl put what they find: the ledger, and whoever listens to the progress."""

from __future__ import annotations

import asyncio
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any, TypeVar

from scrapy.settings import BaseSettings

from limen.crawler.ports import Clock, CrawlLedger, Fetched
from limen.domain.issue import Issue
from limen.domain.snapshot import Snapshot

Result = TypeVar("Result")


class Recorder:
    """The ledger of one source, called from the event loop: its blocking calls run in threads, one after the other."""

    def __init__(self, ledger: CrawlLedger, *, source_id: str, clock: Clock, progress: bool) -> None:
        self._ledger = ledger
        self._source_id = source_id
        self._progress = progress
        self._turn = asyncio.Lock()
        self._reported: set[tuple[str, str | None]] = set()
        self.clock = clock
        self.counts: Counter[str] = Counter()

    async def last(self, url: str) -> Fetched | None:
        """Return what is known of a URL's newest bytes."""
        return await self._call(lambda: self._ledger.last(self._source_id, url))

    async def known_pages(self, *, since: datetime) -> Sequence[str]:
        """Return the pages of this source that were seen since a time."""
        return await self._call(lambda: self._ledger.known_pages(self._source_id, since=since))

    async def save(self, snapshot: Snapshot, body: bytes) -> None:
        """Keep a fetch, or record that it brought the bytes that are kept already."""
        known = await self.last(snapshot.url)
        if known is not None and known.sha256 == snapshot.sha256 and known.attachments == snapshot.attachments:
            await self.confirm(snapshot.url, at=snapshot.fetched_at)
            return
        await self._call(lambda: self._ledger.save(snapshot, body))
        self.emit("fetched", url=snapshot.url, bytes=snapshot.size)

    async def confirm(self, url: str, *, at: datetime) -> None:
        """Record that a URL was seen unchanged."""
        await self._call(lambda: self._ledger.confirm(self._source_id, url, at=at))
        self.emit("unchanged", url=url)

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
        await self._call(self._ledger.close)

    def emit(self, event: str, **facts: Any) -> None:
        """Count an event, and tell it as a line of JSON on standard output if somebody listens."""
        self.counts[event] += 1
        if self._progress:
            line = json.dumps({"event": event, "source": self._source_id, **facts}, ensure_ascii=False)
            sys.stdout.write(line + "\n")
            sys.stdout.flush()

    async def _call(self, function: Callable[[], Result]) -> Result:
        async with self._turn:
            return await asyncio.to_thread(function)


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
