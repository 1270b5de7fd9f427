"""What all spiders share: lists are read, what they name goes through the frontier, and every document is visited once."""

from __future__ import annotations

import asyncio
import logging
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlencode

import scrapy
from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from limen.crawler.browser import browser_settings, checked_address
from limen.crawler.budget import Budget
from limen.crawler.catalogue import load_catalogue
from limen.crawler.credentials import api_headers
from limen.crawler.errors import CrawlerError
from limen.crawler.failures import limit_issue
from limen.crawler.frontier import Frontier, Reason
from limen.crawler.middlewares.kept_lists import LIST
from limen.crawler.middlewares.robots import describe
from limen.crawler.pages.entry import Entry
from limen.crawler.pages.listed import is_wanted, settled
from limen.crawler.pages.listing import read_listing
from limen.crawler.pages.traps import is_trap
from limen.crawler.recorder import Recorder, open_ledger, shifted
from limen.crawler.resolver import policy_of
from limen.crawler.source_spec import SourceKind, SourceSpec
from limen.crawler.spiders.documents import Documents
from limen.crawler.spiders.feeder import Feeder
from limen.crawler.spiders.lists import Found, Lists
from limen.crawler.spiders.page_text import page_text
from limen.crawler.spiders.source_run import SourceRun
from limen.domain.issue import Issue, IssueKind
from limen.domain.snapshot import Attachment, Hints

logger = logging.getLogger(__name__)

TOLD = ("lists", "lists_failed", "listed", "new", "fetched", "unchanged", "failed", "blocked", "gone")
"""What a run is judged by, told at its end also where it is nothing."""


class DocumentSpider(scrapy.Spider, ABC):
    """Finds documents its own way (`discover`); fetching, storing and limits are the same for all.

    Run by `limen run`, or by hand: `scrapy crawl feed -a source=ID`.
    """

    kind: ClassVar[SourceKind]
    spec: SourceSpec
    recorder: Recorder
    budget: Budget
    documents: Documents
    lists: Lists
    fault: CrawlerError | None = None
    """Why the source cannot be crawled on this machine."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> DocumentSpider:
        """Build the spider for the source named by the argument `source`. Raises `CrawlerError`."""
        settings = crawler.settings
        directories = [Path(directory) for directory in settings.getlist("LIMEN_CATALOGUE_DIRS")]
        catalogue = load_catalogue(directories, builtin=settings.getbool("LIMEN_BUILTIN_SOURCES"))
        name = str(kwargs.get("source", ""))
        if name not in catalogue or catalogue[name].kind is not cls.kind:
            known = ", ".join(key for key, spec in catalogue.items() if spec.kind is cls.kind)
            raise CrawlerError(f"no source {name!r} of kind {cls.kind.value}; say -a source=ID with one of: {known}")
        spec = catalogue[name]
        settings.setdict(
            {
                # What Scrapy has taken up it finishes when it is asked to stop, delays included: take up little.
                "CONCURRENT_REQUESTS": spec.politeness.concurrency + 1,
                "CONCURRENT_REQUESTS_PER_DOMAIN": spec.politeness.concurrency + 1,
                "DOWNLOAD_MAXSIZE": spec.limits.max_bytes,
                "LIMEN_MAX_RATIO": spec.limits.max_ratio,
            },
            priority="spider",
        )
        fault = None
        try:
            _set_up_browser(crawler, spec)
        except CrawlerError as error:
            fault = error
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.prepare(crawler, spec)
        spider.fault = fault
        return spider

    def prepare(self, crawler: Crawler, spec: SourceSpec) -> None:
        """Take up a source: open its ledger, and tell when it begins and ends."""
        settings = crawler.settings
        self.spec = spec
        self.recorder = Recorder(
            open_ledger(settings),
            source_id=spec.id,
            clock=shifted(lambda: datetime.now(UTC), seconds=settings.getfloat("LIMEN_CLOCK_OFFSET")),
            progress=settings.getbool("LIMEN_PROGRESS"),
        )
        self._max_items = settings.getint("LIMEN_MAX_ITEMS") or None
        self._probing = spec.id in settings.getlist("LIMEN_PROBING")
        self.budget = Budget.of(spec.limits, now=time.monotonic(), max_items=self._max_items, probing=self._probing)
        run = SourceRun(
            spec=spec, recorder=self.recorder, frontier=self._frontier, budget=self.budget, moved=self._moved
        )
        self.documents = Documents(run, hooks=self, keep_all_lists=settings.getbool("LIMEN_KEEP_ALL_LISTS"))
        self.lists = Lists(run, documents=self.documents)
        self._feeder = Feeder(
            run, crawler=crawler, documents=self.documents, lists=self.lists, index_request=self._index_request
        )
        crawler.signals.connect(self._opened, signal=signals.spider_opened)
        crawler.signals.connect(self._broke, signal=signals.spider_error)
        crawler.signals.connect(self._closed, signal=signals.spider_closed)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._frontier = Frontier()
        self._unread: dict[str, str] = {}
        self._moved = asyncio.Event()

    async def start(self) -> AsyncIterator[Any]:
        """Yield the requests for the entry points, then those for documents, as places become free."""
        try:
            if self.fault is not None:
                raise self.fault
            for request in self.first_requests():
                yield request
        except CrawlerError as error:
            message = f"{self.spec.id}: {error}" if self.spec.id not in str(error) else str(error)
            await self.lists.lost(Issue(kind=IssueKind.SOURCE_CHANGED, message=message, url=self.spec.homepage))
        async for request in self._feeder.requests():
            yield request

    def first_requests(self) -> Iterable[Request]:
        """Yield the requests for the entry points."""
        for entry in self.spec.entry:
            yield self.list_request(self.with_query(entry), callback=self.discover, headers=self.api_headers())

    @abstractmethod
    def discover(self, response: Response) -> Found:
        """Hand over the documents of an entry point's answer (`take`), and yield requests for further lists."""

    def page_hints(self, response: Response, hints: Hints) -> Hints:
        """Return what is known of a document, now that its answer is there; by default what its list said."""
        del response
        return hints

    def page_attachments(self, response: Response) -> tuple[Attachment, ...] | None:
        """Return the files that belong to a document; None, the default, where they are the links of its page."""
        del response
        return None

    @property
    def may_take_more(self) -> bool:
        """Whether the run's limits leave room for another list. To be asked last, if there is one: a no is told at the end."""
        return self.budget.may_take_more(time.monotonic())

    def api_headers(self) -> dict[str, str]:
        """Return the header with the key that the service asks for. Raises `CrawlerError` if it is not set."""
        return api_headers(self.spec)

    def with_query(self, url: str) -> str:
        """Return an address with the source's query parameters added."""
        pairs = [
            (name, each)
            for name, value in self.spec.query.items()
            for each in ([value] if isinstance(value, str) else value)
        ]
        return f"{url}{'&' if '?' in url else '?'}{urlencode(pairs)}" if pairs else url

    def list_request(
        self,
        url: str,
        *,
        callback: Callable[[Response], Found],
        errback: Callable[[Failure], AsyncIterator[Request]] | None = None,
        headers: Mapping[str, str] | None = None,
        method: str = "GET",
        body: str | None = None,
        **meta: Any,
    ) -> Request:
        """Return the request for a list, feed, sitemap or service answer.

        Its failure is an issue of the whole source, unless `errback` deals with it (it may yield further requests).
        """
        return self.lists.request(
            url, callback=callback, errback=errback, headers=headers or {}, method=method, body=body or "", meta=meta
        )

    def take(self, entries: Iterable[Entry]) -> int:
        """Put listed documents into the frontier and return how many of them are new to the run.

        Left out are those that the source's titles do not want. Addresses and classes are settled here. Where the source
        has an `[index]`, what is listed are the pages that list the documents.
        """
        return self._take(entries, reason=Reason.LISTED if self.spec.index is None else Reason.INDEX)

    def _take(self, entries: Iterable[Entry], *, reason: Reason) -> int:
        listed = 0

        def chosen() -> Iterator[tuple[str, Entry]]:
            nonlocal listed
            for entry in entries:
                if not is_wanted(entry, self.spec):
                    continue
                identity, entry = settled(entry, self.spec)
                if not self._leads_nowhere(entry.url):
                    listed += 1
                    yield identity, entry

        added = self._frontier.add(chosen(), reason=reason)
        if reason is Reason.LISTED:
            self.recorder.counts["listed"] += listed
        self._moved.set()
        return added

    def _leads_nowhere(self, url: str) -> bool:
        """Tell whether an address is one of endlessly many that a site can make (a calendar, a loop of directories)."""
        why = is_trap(url, today=self.recorder.clock().date())
        if why is not None:
            logger.info("trap_left_out", extra={"source": self.spec.id, "url": url, "why": why})
            self.budget.leave("traps")
        return why is not None

    def _index_request(self, entry: Entry) -> Request:
        return self.list_request(entry.url, callback=self._read_index, limen_published=entry.hints.published)

    def _read_index(self, response: Response) -> Iterable[Request]:
        """Take the documents that an index page lists; they were published with it, unless it says otherwise."""
        assert self.spec.index is not None
        published = response.meta["limen_published"]
        entries = read_listing(
            page_text(response, self.spec),
            url=response.url,
            rules=self.spec.index,
            zone=self.spec.timezone,
            deadline=self.spec.deadline,
        )
        self._take(
            (
                replace(entry, hints=replace(entry.hints, published=entry.hints.published or published))
                for entry in entries
            ),
            reason=Reason.LISTED,
        )
        return ()

    def not_there(self) -> None:
        """Let another document have the place of one that was never there."""
        self.budget.give_back()

    def wake(self) -> None:
        """Let the next document be asked for; called when one is done."""
        self._moved.set()

    def _opened(self) -> None:
        self.recorder.emit("source_started")

    def _broke(self, failure: Failure, response: Response) -> None:
        """Note an answer at which the code broke, ours or a library's: the log has the traceback."""
        error = failure.value
        self.recorder.counts["lists_failed" if LIST in response.meta else "failed"] += 1
        self._unread.setdefault(response.url, f"{type(error).__name__}: {describe(error)}" if error else "no reason")

    async def _closed(self, reason: str) -> None:
        try:
            await self._report_what_was_left()
        finally:
            self._frontier.close()
            await self.recorder.close()
            self._tell_the_end(reason)

    async def _report_what_was_left(self) -> None:
        """Report the limits that cut the run short, but for those that were asked for, and the answers that broke it."""
        meant = dict(self.budget.reached)
        if self._probing or self._max_items is not None:
            meant.pop("max_items", None)
        if meant:
            await self.recorder.report(limit_issue(self.spec, meant))
        if not self.recorder.broken:
            for url, why in self._unread.items():
                message = f"{url}: reading the answer broke off ({why}); keep the page and report it to Limen's makers"
                await self.recorder.report(Issue(kind=IssueKind.UNREADABLE, message=message, url=url))

    def _tell_the_end(self, reason: str) -> None:
        counts = self.recorder.counts
        if reason == "finished":
            outcome = "completed" if counts["lists"] else "failed"
        else:
            outcome = "interrupted" if reason == "shutdown" else "failed"
        told = dict.fromkeys(TOLD, 0) | dict(counts)
        self.recorder.emit("source_finished", outcome=outcome, limits=sorted(self.budget.reached), **told)


def _set_up_browser(crawler: Crawler, spec: SourceSpec) -> None:
    """Give the requests of a source that needs it to a browser. Raises `CrawlerError` if there is none to be had."""
    if spec.browser is None:
        return
    policy = policy_of(crawler.settings)
    changes = browser_settings(spec, lambda host: checked_address(host, policy))
    handlers = {**crawler.settings.getdict("DOWNLOAD_HANDLERS"), **changes.pop("DOWNLOAD_HANDLERS")}
    # over what the process sets for all sources: only http and https change hands
    crawler.settings.setdict({**changes, "DOWNLOAD_HANDLERS": handlers}, priority="cmdline")
