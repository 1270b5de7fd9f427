"""The lists of a source: feeds, list pages, sitemaps, answers of services. What goes wrong with one is told of the source."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from typing import Any

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from limen.crawler.browser import browser_meta, renders
from limen.crawler.errors import PageError
from limen.crawler.failures import issue_for
from limen.crawler.middlewares.errors import CrawlStopped
from limen.crawler.middlewares.kept_lists import LIST
from limen.crawler.recorder import digest
from limen.crawler.spiders.documents import Documents
from limen.crawler.spiders.source_run import SourceRun
from limen.domain.issue import Issue, IssueKind

Found = AsyncIterator[Request] | Iterable[Request]


class Lists:
    """Asks for lists, each once in a run and within its limits, and keeps their answers. `open` is how many are on their way."""

    def __init__(self, run: SourceRun, *, documents: Documents) -> None:
        self._spec = run.spec
        self._recorder = run.recorder
        self._budget = run.budget
        self._moved = run.moved
        self._documents = documents
        self._seen: set[str] = set()
        self.open = 0

    def request(
        self,
        url: str,
        *,
        callback: Callable[[Response], Found],
        errback: Callable[[Failure], AsyncIterator[Request]] | None,
        headers: Mapping[str, str],
        method: str,
        body: str,
        meta: Mapping[str, Any],
    ) -> Request:
        """Return the request for a list; it must be sent, since it is counted as open.

        What a callback yields is sent, unless the run has read it or may read no more.
        """
        self.open += 1
        rendered = browser_meta(self._spec) if renders(self._spec, lists=True) else {}
        return Request(
            url,
            method=method,
            body=body,
            headers=dict(headers),
            callback=self._guarded(callback),
            errback=self._failed(errback),
            priority=10,
            dont_filter=True,
            meta={**meta, LIST: True, **rendered},
        )

    async def lost(self, issue: Issue) -> None:
        """Record that a list could not be read."""
        self._recorder.counts["lists_failed"] += 1
        if issue.kind is IssueKind.BLOCKED:
            self._recorder.counts["blocked"] += 1
        await self._recorder.report(issue)

    def _guarded(self, callback: Callable[[Response], Found]) -> Callable[[Response], AsyncIterator[Request]]:
        async def guarded(response: Response) -> AsyncIterator[Request]:
            try:
                if (fault := self._documents.fault_of_list(response)) is not None:
                    await self.lost(fault)
                    return
                async for result in _each(callback(response)):
                    if self._may_follow(result):
                        yield result
            except PageError as error:
                await self.lost(Issue(kind=IssueKind.SOURCE_CHANGED, message=str(error), url=response.url))
            else:
                self._recorder.counts["lists"] += 1
                await self._documents.keep_list(response)
            finally:
                self._done()

        return guarded

    def _failed(
        self, errback: Callable[[Failure], AsyncIterator[Request]] | None
    ) -> Callable[[Failure], AsyncIterator[Request]]:
        async def failed(failure: Failure) -> AsyncIterator[Request]:
            try:
                if errback is not None:
                    async for result in errback(failure):
                        if self._may_follow(result):
                            yield result
                elif not isinstance(failure.value, CrawlStopped):
                    await self.lost(issue_for(failure))
            finally:
                self._done()

        return failed

    def _may_follow(self, result: Request) -> bool:
        """Tell whether a further list is read: within the limits, and none twice, whatever pages link to each other."""
        if LIST not in result.meta:
            return True
        mark = digest(f"{result.method} {result.url} {result.body!r}".encode())
        if mark in self._seen or not self._budget.take_list():
            self.open -= 1
            return False
        self._seen.add(mark)
        return True

    def _done(self) -> None:
        self.open -= 1
        self._moved.set()


async def _each(found: Found) -> AsyncIterator[Request]:
    """Yield what a callback gives, whether it had to wait for something or not."""
    if isinstance(found, AsyncIterator):
        async for each in found:
            yield each
    else:
        for each in found:
            yield each
