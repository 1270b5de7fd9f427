"""What a spider does when its run is over, whatever went wrong before."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import signals
from scrapy.settings import Settings

from limen.crawler import settings as defaults
from limen.crawler.spiders.feed import FeedSpider
from limen.crawler.testing import InMemoryLedger
from limen.domain.issue import Issue

from .spider_stage import spec

OPENED: list[InMemoryLedger] = []


class Locked(InMemoryLedger):
    """A ledger that cannot keep issues."""

    def __init__(self) -> None:
        super().__init__()
        OPENED.append(self)

    def report(self, issue: Issue) -> None:
        raise sqlite3.OperationalError("database is locked")


def test_a_store_that_fails_at_the_end_is_closed_and_the_end_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    settings = Settings()
    settings.setmodule(defaults)
    settings.setdict({"LIMEN_LEDGER": f"{__name__}:Locked", "LIMEN_PROGRESS": True})
    handlers: dict[Any, Any] = {}
    listeners = SimpleNamespace(connect=lambda handler, signal: handlers.__setitem__(signal, handler))

    async def run() -> None:
        spider = FeedSpider()
        crawler: Any = SimpleNamespace(settings=settings, signals=listeners)
        spider.prepare(crawler, spec({"kind": "feed", "entry": ["https://site.example/feed"]}))
        spider.budget.leave("max_items", 7)
        with pytest.raises(sqlite3.OperationalError):
            await handlers[signals.spider_closed]("finished")

    asyncio.run(run())
    assert OPENED[-1].closed
    [told] = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (told["event"], told["outcome"], told["limits"]) == ("source_finished", "failed", ["max_items"])
