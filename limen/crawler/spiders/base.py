"""What all spiders share: documents with their attachments, limits, and failures that become issues."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

import scrapy
from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response, TextResponse
from twisted.python.failure import Failure

from limen.crawler.catalogue import load_catalogue
from limen.crawler.errors import CrawlerError, PageError
from limen.crawler.failures import foreign_type, issue_for, soft_error
from limen.crawler.middlewares.closed_host import CrawlStopped
from limen.crawler.middlewares.conditional_get import DOCUMENT
from limen.crawler.pages.attachments import EXTENSIONS, find_attachments
from limen.crawler.pages.canonical import canonical_url
from limen.crawler.pages.entry import Entry
from limen.crawler.recorder import Recorder, digest, open_ledger, shifted
from limen.crawler.sink import Fetch
from limen.crawler.source_spec import SourceKind, SourceSpec
from limen.domain.issue import Issue, IssueKind
from limen.domain.snapshot import Attachment, Hints, Snapshot

logger = logging.getLogger(__name__)


class DocumentSpider(scrapy.Spider, ABC):
    """Finds documents its own way (`discover`), then fetches each with its attachments.

    Run by `limen run`, or by hand: `scrapy crawl feed -a source=ID`.
    """

    kind: ClassVar[SourceKind]
    spec: SourceSpec
    recorder: Recorder

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
                "DOWNLOAD_DELAY": spec.politeness.delay,
                "CONCURRENT_REQUESTS_PER_DOMAIN": spec.politeness.concurrency,
                # What Scrapy has taken up it finishes when it is asked to stop, delays included: take up little.
                "CONCURRENT_REQUESTS": spec.politeness.concurrency + 1,
                "DOWNLOAD_MAXSIZE": spec.limits.max_bytes,
            },
            priority="spider",
        )
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.prepare(crawler, spec)
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
        self._left = settings.getint("LIMEN_MAX_ITEMS") or spec.limits.max_items
        crawler.signals.connect(self._opened, signal=signals.spider_opened)
        crawler.signals.connect(self._idle, signal=signals.spider_idle)
        crawler.signals.connect(self._closed, signal=signals.spider_closed)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._left = 0
        self._taken: set[str] = set()
        self._rechecks: list[str] = []
        self._lists_read = 0

    async def start(self) -> AsyncIterator[Any]:
        """Yield the requests for the entry points."""
        if self.spec.limits.recheck_days and not self.settings.getint("LIMEN_MAX_ITEMS"):
            self._rechecks = await self._known_pages()
        for entry in self.spec.entry:
            yield self.list_request(entry, callback=self.discover)

    @property
    def may_take_more(self) -> bool:
        """Whether the run's limit of items leaves room for another list."""
        return self._left > 0

    @abstractmethod
    def discover(self, response: Response) -> AsyncIterator[Any]:
        """Yield requests for documents and further lists from an entry point's answer."""

    def list_request(self, url: str, *, callback: Callable[..., Any], **meta: Any) -> Request:
        """Return the request for a list, feed or sitemap; its failure is an issue of the whole source."""
        return Request(
            url, callback=self._guarded(callback), errback=self.failed, priority=10, dont_filter=True, meta=meta
        )

    def page_requests(self, entries: Iterable[Entry]) -> Iterable[Request]:
        """Yield the requests for listed documents, new to this run, wanted by their titles, within the limit."""
        for entry in entries:
            title = entry.hints.title or ""
            wanted = self.spec.titles.include
            if any(word in title for word in self.spec.titles.exclude) or (
                wanted and not any(word.casefold() in title.casefold() for word in wanted)
            ):
                continue
            url = canonical_url(entry.url, self.spec.canonical)
            if url in self._taken or urlsplit(url).scheme not in ("http", "https"):
                continue
            if self._left <= 0:
                logger.info("item_limit_reached", extra={"source": self.spec.id})
                return
            self._left -= 1
            self._taken.add(url)
            yield self._page_request(url, hints=entry.hints)

    async def _known_pages(self) -> list[str]:
        """Return the pages that changed not too long ago, in an order that is another in each run."""
        now = self.recorder.clock()
        since = now - timedelta(days=self.spec.limits.recheck_days)
        known = await self.recorder.known_pages(since=since)
        found = []
        for url in sorted(known, key=lambda url: digest(f"{now.isoformat()} {url}".encode())):
            last = await self.recorder.last(url)
            if last is not None and last.fetched_at >= since:
                found.append(url)
        return found

    def _idle(self) -> None:
        """When everything listed is done, look at known pages that left the list.

        Not earlier: a page that is listed after all must be fetched with what the list says of it. Not at all if no list
        could be read: a site that is down would fail once for each page.
        """
        left = [url for url in self._rechecks if url not in self._taken][: self.spec.limits.max_rechecks]
        self._rechecks = []
        if not left or not self._lists_read:
            return
        for url in left:
            self.crawler.engine.crawl(self._page_request(url, hints=Hints()))
        raise DontCloseSpider

    async def parse_page(self, response: Response, url: str, hints: Hints) -> AsyncIterator[Any]:
        """Yield the page as it was fetched, and requests for its attachments."""
        if response.status == 304:
            await self.recorder.confirm(url, at=self.recorder.clock())
            known = await self.recorder.last(url)
            attachments = known.attachments if known is not None else ()
        else:
            if (fault := soft_error(response) or foreign_type(response)) is not None:
                await self._report(fault, url=url)
                return
            attachments = ()
            if isinstance(response, TextResponse):
                attachments = find_attachments(response.text, url=response.url, rules=self.spec.detail)
            yield self._fetch(response, url=url, hints=hints, attachments=attachments)
        for attachment in attachments:
            yield Request(
                attachment.url,
                callback=self.parse_attachment,
                errback=self.failed,
                cb_kwargs={"url": attachment.url, "page_url": url},
                meta={DOCUMENT: attachment.url},
            )

    async def parse_attachment(self, response: Response, url: str, page_url: str) -> AsyncIterator[Any]:
        """Yield the attachment as it was fetched."""
        if response.status == 304:
            await self.recorder.confirm(url, at=self.recorder.clock())
            return
        fault = soft_error(response)
        if fault is None and urlsplit(url).path.lower().endswith(EXTENSIONS) and _is_html(response):
            fault = "expected a file, but the answer is an HTML page; open the link by hand"
        if fault is not None:
            await self._report(fault, url=url)
            return
        yield self._fetch(response, url=url, hints=Hints(), page_url=page_url)

    async def failed(self, failure: Failure) -> None:
        """Record why a request brought nothing."""
        if not isinstance(failure.value, CrawlStopped):
            await self.recorder.report(issue_for(failure))

    async def _report(self, fault: str, *, url: str) -> None:
        await self.recorder.report(Issue(kind=IssueKind.FETCH_FAILED, message=f"{url}: {fault}", url=url))

    def _page_request(self, url: str, *, hints: Hints) -> Request:
        return Request(
            url,
            callback=self.parse_page,
            errback=self.failed,
            cb_kwargs={"url": url, "hints": hints},
            meta={DOCUMENT: url},
        )

    def _guarded(self, callback: Callable[..., Any]) -> Callable[..., Any]:
        async def guarded(response: Response, **kwargs: Any) -> AsyncIterator[Any]:
            if (fault := soft_error(response)) is not None:
                await self._report(fault, url=response.url)
                return
            try:
                async for result in callback(response, **kwargs):
                    yield result
            except PageError as error:
                issue = Issue(kind=IssueKind.SOURCE_CHANGED, message=str(error), url=response.url)
                await self.recorder.report(issue)
            else:
                self._lists_read += 1

        return guarded

    def _fetch(
        self,
        response: Response,
        *,
        url: str,
        hints: Hints,
        attachments: tuple[Attachment, ...] = (),
        page_url: str | None = None,
    ) -> Fetch:
        headers = (
            (name.decode("latin-1").lower(), value.decode("latin-1"))
            for name, values in response.headers.items()
            for value in values
        )
        snapshot = Snapshot(
            source_id=self.spec.id,
            url=url,
            final_url=response.url,
            fetched_at=self.recorder.clock(),
            status=response.status,
            headers=tuple(headers),
            sha256=digest(response.body),
            size=len(response.body),
            page_url=page_url,
            attachments=attachments,
            hints=hints,
        )
        return Fetch(snapshot=snapshot, body=response.body)

    def _opened(self) -> None:
        self.recorder.emit("source_started")

    async def _closed(self, reason: str) -> None:
        await self.recorder.close()
        if reason == "finished":
            outcome = "completed" if self._lists_read else "failed"
        else:
            outcome = "interrupted" if reason == "shutdown" else "failed"
        self.recorder.emit("source_finished", outcome=outcome, **dict(self.recorder.counts))


def _is_html(response: Response) -> bool:
    return b"<html" in response.body[:2048].lower()
