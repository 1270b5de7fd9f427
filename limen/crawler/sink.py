"""The end of a crawl: snapshots go to the ledger."""

from __future__ import annotations

from dataclasses import dataclass

from scrapy.crawler import Crawler

from limen.crawler.recorder import Recorder
from limen.domain.snapshot import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """The item that the spiders yield: a snapshot and its bytes."""

    snapshot: Snapshot
    body: bytes


class SinkPipeline:
    """Hands each `Fetch` to the recorder of its spider."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> SinkPipeline:
        """Build the pipeline as Scrapy asks for it."""
        return cls(crawler)

    async def process_item(self, item: Fetch) -> Fetch:
        """Keep the fetch."""
        recorder: Recorder = self._crawler.spider.recorder  # type: ignore[union-attr]
        await recorder.save(item.snapshot, item.body)
        return item
