"""From the frontier to requests: as many as can soon be sent, those that are worth it, within the limits of the run."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import timedelta

from scrapy import Request
from scrapy.crawler import Crawler

from limen.crawler.frontier import Reason, Waiting
from limen.crawler.pages.entry import Entry
from limen.crawler.recorder import digest
from limen.crawler.spiders.documents import Documents
from limen.crawler.spiders.lists import Lists
from limen.crawler.spiders.source_run import SourceRun
from limen.crawler.visit import Visit
from limen.domain.issue import Issue, IssueKind
from limen.domain.snapshot import Hints

CHUNK = 64
"""Entries whose memory is looked up at a time."""
STILL = 30.0
"""Seconds without any answer after which a run looks whether there is still something to wait for."""
UNWRITTEN = 256
"""Pages that may wait for the disk."""


class Feeder:
    """Yields the requests for documents, as places become free, until no list can bring another."""

    def __init__(
        self,
        run: SourceRun,
        *,
        crawler: Crawler,
        documents: Documents,
        lists: Lists,
        index_request: Callable[[Entry], Request],
    ) -> None:
        """`index_request` asks for a page that lists documents."""
        self._spec = run.spec
        self._recorder = run.recorder
        self._frontier = run.frontier
        self._budget = run.budget
        self._moved = run.moved
        self._crawler = crawler
        self._documents = documents
        self._lists = lists
        self._index_request = index_request

    async def requests(self) -> AsyncIterator[Request]:
        """Yield requests for documents, never more than can soon be sent."""
        rechecked = False
        while not self._budget.expired(time.monotonic()):
            if not self._has_room():
                await self._movement()
            elif waiting := self._frontier.take(CHUNK):
                async for request in self._worth_it(waiting):
                    await self._wait_while(lambda: not self._has_room())
                    yield request
            elif self._lists.open:
                await self._movement()
            elif not rechecked:
                rechecked = True
                await self._add_rechecks()
            else:
                return
        self._budget.leave("max_minutes", len(self._frontier))

    async def _wait_while(self, condition: Callable[[], bool]) -> None:
        while condition():
            await self._movement()

    async def _movement(self) -> None:
        """Return when an answer has come, or when it is found that none can come any more."""
        self._moved.clear()
        try:
            await asyncio.wait_for(self._moved.wait(), timeout=STILL)
        except TimeoutError:
            if self._nothing_is_on_its_way():
                message = f"{self._spec.id}: requests were dropped by a part of Scrapy; see [crawl.settings] and the crawl log"
                await self._lists.lost(Issue(kind=IssueKind.FETCH_FAILED, message=message, url=self._spec.homepage))
                self._lists.open = self._documents.asked = 0

    def _nothing_is_on_its_way(self) -> bool:
        engine = self._crawler.engine
        if engine is None or engine.scheduler is None or engine.scraper.slot is None:
            return True
        waiting = engine.downloader.active or not engine.scraper.slot.is_idle()
        return not waiting and not engine.scheduler.has_pending_requests()

    def _has_room(self) -> bool:
        """Tell whether another request may be made: hardly more than can be sent, and not more than the disk keeps up with."""
        asked = self._documents.asked < 4 * (self._spec.politeness.concurrency + 1)
        return asked and self._documents.unwritten < UNWRITTEN

    async def _worth_it(self, waiting: Iterable[Waiting]) -> AsyncIterator[Request]:
        """Yield the requests for what waits, but for what the publisher says is unchanged and what no limit leaves room for."""
        listed = list(waiting)
        known = await self._recorder.known([each.identity for each in listed])
        now = self._recorder.clock()
        for each in listed:
            if self._budget.expired(time.monotonic()):
                self._budget.leave("max_minutes")
                continue
            entry, remembered = each.entry, known.get(each.identity)
            if each.reason is Reason.INDEX:
                if self._budget.take_list():
                    yield self._index_request(entry)
                continue
            visit = Visit(
                identity=each.identity,
                url=remembered.url if remembered is not None else entry.document_url or entry.url,
                hints=entry.hints if each.reason is Reason.LISTED else None,
                known=remembered,
                revision=entry.revision,
            )
            if remembered is None:
                # those on their way may turn out not to be there, and give their places back
                await self._wait_while(lambda: self._budget.new <= 0 < min(self._budget.refunds, self._documents.asked))
                if not self._budget.take_new():
                    continue
            elif visit.is_current(now):
                self._recorder.emit("unchanged", url=visit.url)
                continue
            elif each.reason is Reason.LISTED and not self._budget.take_known():
                self._frontier.release(each.identity)
                continue
            yield self._documents.request(visit, url=entry.url, headers=dict(entry.headers))

    async def _add_rechecks(self) -> None:
        """Look at known pages that are not listed any more, those seen longest ago first.

        Not at all if no list could be read: a site that is down would fail once for each page.
        """
        if not self._budget.rechecks or not self._recorder.counts["lists"] or not self._spec.can_recheck:
            return
        since = self._recorder.clock() - timedelta(days=self._spec.limits.recheck_days)
        places = self._budget.rechecks
        candidates = await self._recorder.recheck(changed_since=since, limit=3 * places)
        # Half of the places go to others than those that have waited longest: pages that never answer would keep them all.
        first, others = candidates[: places - places // 2], list(candidates[places - places // 2 :])
        now = self._recorder.clock().isoformat()
        others.sort(key=lambda known: digest(f"{now} {known[0]}".encode()))
        found = [*first, *others[: places // 2]]
        entries = ((identity, Entry(url=url, hints=Hints())) for identity, url in found)
        self._frontier.add(entries, reason=Reason.KNOWN)
