"""Every document's way from request to record: the page, then the files it links to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response, TextResponse
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from limen.crawler.browser import browser_meta, renders
from limen.crawler.errors import PageError
from limen.crawler.failures import blocked_issue, issue_for, verdict_on
from limen.crawler.middlewares.errors import CrawlStopped, RobotsDenied
from limen.crawler.middlewares.kept_lists import kept_list
from limen.crawler.pages.attachments import EXTENSIONS, find_attachments, names_files
from limen.crawler.pages.block import BlockKind, Verdict, Wanted
from limen.crawler.pages.canonical import canonical_url, identity_of
from limen.crawler.pages.hops import hop_url, hop_value
from limen.crawler.pages.json_page import page_html
from limen.crawler.pages.landing import astray
from limen.crawler.pages.page_deadline import page_deadline
from limen.crawler.ports import Missing
from limen.crawler.recorder import digest
from limen.crawler.source_rules import Canonical
from limen.crawler.source_spec import SourceKind
from limen.crawler.spiders.page_text import page_text
from limen.crawler.spiders.source_run import SourceRun
from limen.crawler.visit import Visit, record_of
from limen.domain.issue import Issue, IssueKind, Severity
from limen.domain.snapshot import SECOND_VISIT, Attachment, Hints, Snapshot

GONE = (404, 410)


class Hooks(Protocol):
    """What a spider may know better than the others."""

    def page_hints(self, response: Response, hints: Hints) -> Hints:
        """Return what is known of a document, now that its answer is there."""

    def page_attachments(self, response: Response) -> tuple[Attachment, ...] | None:
        """Return the files that belong to a document; None where they are the links of its page."""

    def not_there(self) -> None:
        """Hear that a listed document has never been there."""

    def wake(self) -> None:
        """Hear that a document is done."""


class Documents:
    """Asks for documents and attachments and records what came.

    `asked` is how many pages are on their way from the host, `unwritten` how many have come and are not on the disk yet.
    """

    def __init__(self, run: SourceRun, *, hooks: Hooks, keep_all_lists: bool = False) -> None:
        """`keep_all_lists` keeps the answers of lists even if the next run could not ask whether they have changed."""
        self._spec = run.spec
        self._recorder = run.recorder
        self._frontier = run.frontier
        self._hooks = hooks
        self._keep_all_lists = keep_all_lists
        self._plain = Canonical(hosts=self._spec.canonical.hosts)
        self.asked = 0
        self.unwritten = 0

    def request(self, visit: Visit, *, url: str, headers: Mapping[str, str]) -> Request:
        """Return the request for a document, over the source's hops if it has any."""
        self.asked += 1
        if not self._spec.hops:
            return self._page_request(visit, url=url, headers=headers)
        return self._hop_request(visit, number=0, value="")

    async def keep_list(self, response: Response) -> None:
        """Keep the answer of a list, so that the next run asks only whether it has changed."""
        kept = kept_list(response, even_if_unconditional=self._keep_all_lists)
        if kept is not None:
            # Under the address that the next run asks for, wherever that leads.
            await self._recorder.keep_list(_asked(response), kept)

    def fault_of_list(self, response: Response) -> Issue | None:
        """Return why a list's answer is none (a challenge, an error page); None if it may be read."""
        wanted: Wanted = "list" if _is_html(response) else "json"
        if self._spec.kind is SourceKind.FEED:
            wanted = "feed"
        verdict = verdict_on(response, wanted=wanted, rules=self._spec.blocks)
        told_better = {BlockKind.WRONG_TYPE, BlockKind.TINY}  # by the reader of the list
        if self._spec.kind is not SourceKind.JSON_API:
            told_better.add(BlockKind.API_ERROR)
        if verdict is None or verdict.kind in told_better:
            return None
        return blocked_issue(verdict, url=response.url, wanted=wanted)

    async def parse_page(self, response: Response, visit: Visit) -> list[Request]:
        """Record a page, and return requests for its attachments.

        Where a redirect led to the front page or a list, the document is gone; where it led to another document, it is
        that one and is not kept twice.
        """
        self._answered()
        self.unwritten += 1
        try:
            attachments: tuple[Attachment, ...] = ()
            if await self._led_elsewhere(response, visit):
                return []
            if response.status == 304 and visit.known is not None:
                await self._recorder.keep(visit.confirmed(self._recorder.clock()))
                attachments = visit.known.attachments
            elif (verdict := verdict_on(response, wanted="page", rules=self._spec.blocks)) is not None:
                await self._lost(verdict, url=response.url, visit=visit, wanted="page")
            else:
                attachments = await self._record_page(response, visit)
            return await self._attachment_requests(attachments, visit)
        except PageError as error:
            self._recorder.counts["failed"] += 1
            await self._report(IssueKind.SOURCE_CHANGED, str(error), url=visit.url)
            return []
        finally:
            self.unwritten -= 1
            self._hooks.wake()

    async def parse_attachment(self, response: Response, visit: Visit) -> None:
        """Record an attachment."""
        if response.status == 304:
            await self._recorder.keep(visit.confirmed(self._recorder.clock()))
            return
        wanted: Wanted = "file" if urlsplit(visit.url).path.lower().endswith(EXTENSIONS) else "page"
        if (verdict := verdict_on(response, wanted=wanted, rules=self._spec.blocks)) is not None:
            await self._lost(verdict, url=response.url, visit=visit, wanted=wanted)
            return
        await self._keep(response, visit, hints=Hints(), attachments=())

    async def parse_hop(self, response: Response, visit: Visit, number: int) -> list[Request]:
        """Return the request that the answer of a hop leads to."""
        try:
            value = hop_value(response.body, hop=self._spec.hops[number], url=response.url)
            return [self._hop_request(visit, number=number + 1, value=value)]
        except PageError as error:
            self._answered()
            self._recorder.counts["failed"] += 1
            await self._report(IssueKind.SOURCE_CHANGED, str(error), url=response.url)
            return []

    async def page_failed(self, failure: Failure) -> None:
        """Record why a page brought nothing; one that was there before may be gone."""
        self._answered()
        await self._failed(failure)

    async def attachment_failed(self, failure: Failure) -> None:
        """Record why an attachment brought nothing."""
        await self._failed(failure)

    def _page_request(self, visit: Visit, *, url: str, headers: Mapping[str, str]) -> Request:
        rendered = renders(self._spec, lists=False)
        # What a browser has made of a page is not what the server's validators speak of.
        conditions = {} if rendered else visit.conditions()
        return Request(
            url,
            callback=self.parse_page,
            errback=self.page_failed,
            headers={**headers, **conditions},
            cb_kwargs={"visit": visit},
            dont_filter=True,
            meta=browser_meta(self._spec) if rendered else _may_be_unchanged(conditions),
        )

    def _hop_request(self, visit: Visit, *, number: int, value: str) -> Request:
        hop = self._spec.hops[number]
        url = hop_url(hop.url, key=visit.identity, value=value)
        if hop.value is None:
            return self._page_request(visit, url=url, headers={})
        return Request(
            url,
            callback=self.parse_hop,
            errback=self.page_failed,
            cb_kwargs={"visit": visit, "number": number},
            dont_filter=True,
        )

    async def _led_elsewhere(self, response: Response, visit: Visit) -> bool:
        """Record that a redirect has led from a document to something else; False where it has not."""
        asked = _asked(response)
        if asked == response.url or identity_of(asked, self._plain) == identity_of(response.url, self._plain):
            return False
        lists = (self._spec.homepage, *self._spec.entry)
        verdict = astray(asked, response.url, lists=lists, rules=self._plain)
        if verdict is not None:
            await self._lost(verdict, url=asked, visit=visit, wanted="page")
            return True
        if not await self._is_duplicate(asked, response.url, visit):
            return False
        self._recorder.emit("duplicate", url=visit.url, of=response.url)
        self._left_out(visit)
        return True

    async def _is_duplicate(self, asked: str, landed: str, visit: Visit) -> bool:
        """Tell whether a new document's address leads to a page that is known, or in this run, as another document.

        Only the document's own address tells: services and hops may give many texts by one. A file may be known as an
        attachment of another document, and is then not that document.
        """
        rules = self._spec.canonical
        place = identity_of(landed, rules)
        if place == visit.identity or identity_of(asked, rules) != visit.identity:
            return False
        first = self._frontier.claim(f"landed {place}")
        if visit.known is not None or urlsplit(landed).path.lower().endswith(EXTENSIONS):
            return False
        return not first or place in self._frontier or place in await self._recorder.known([place])

    async def _record_page(self, response: Response, visit: Visit) -> tuple[Attachment, ...]:
        hints = visit.hints or Hints()
        rule = self._spec.deadline
        from_page = rule is not None and rule.where == "page"
        has_files = self._spec.detail.attachments and names_files(response.body)
        markup = self._markup(response) if from_page or has_files else None
        if markup is not None and rule is not None and from_page:
            stated = page_deadline(markup, rule=rule, zone=self._spec.timezone, published=hints.published)
            hints = replace(hints, comment_deadline=stated or hints.comment_deadline)
        hints = self._hooks.page_hints(response, hints)
        attachments = self._hooks.page_attachments(response)
        if attachments is None:
            rules = self._spec.detail
            attachments = find_attachments(markup, url=response.url, rules=rules) if markup and has_files else ()
        await self._keep(response, visit, hints=hints, attachments=await self._as_kept(attachments))
        return attachments

    def _markup(self, response: Response) -> str | None:
        """Return the HTML of a page, also where a service gives it in JSON; None for what is no text."""
        if not isinstance(response, TextResponse):
            return None
        if self._spec.detail.content is not None:
            return page_html(response.body, path=self._spec.detail.content, url=response.url)
        return page_text(response, self._spec)

    async def _keep(
        self, response: Response, visit: Visit, *, hints: Hints, attachments: tuple[Attachment, ...]
    ) -> None:
        snapshot = Snapshot(
            source_id=self._spec.id,
            url=visit.url,
            final_url=response.url,
            fetched_at=self._recorder.clock(),
            status=response.status,
            headers=_headers(response),
            sha256=digest(response.body),
            size=len(response.body),
            page_url=visit.page_url,
            attachments=attachments,
            hints=hints,
            identity=visit.identity,
            revision=visit.revision,
        )
        known_body = None
        known_digest = None if visit.known is None else visit.known.sha256
        if known_digest not in (None, snapshot.sha256) and isinstance(response, TextResponse):
            known_body = await self._recorder.body(known_digest)
        if visit.hints is not None:
            visit = replace(visit, hints=hints)
        await self._recorder.keep(record_of(snapshot, response.body, visit=visit, known_body=known_body))
        if visit.known is None and visit.page_url is None:
            self._recorder.counts["new"] += 1

    async def _as_kept(self, attachments: tuple[Attachment, ...]) -> tuple[Attachment, ...]:
        """Return attachments by the addresses that their files are kept under, where a reader looks for them, each file once."""
        by_identity: dict[str, Attachment] = {}
        for each in attachments:
            by_identity.setdefault(identity_of(each.url, self._plain), each)
        known = await self._recorder.known(list(by_identity))
        return tuple(
            replace(each, url=known[identity].url if identity in known else canonical_url(each.url, self._plain))
            for identity, each in by_identity.items()
        )

    async def _attachment_requests(self, attachments: tuple[Attachment, ...], visit: Visit) -> list[Request]:
        """Return requests for the attachments that the run has not asked for yet."""
        if not attachments:
            return []
        wanted = {identity_of(each.url, self._plain): each for each in attachments}
        new = {identity: each for identity, each in wanted.items() if self._frontier.claim(f"file {identity}")}
        known = await self._recorder.known(list(new))
        visits = [
            Visit(
                identity=identity,
                url=known[identity].url if identity in known else canonical_url(each.url, self._plain),
                hints=None,
                known=known.get(identity),
                page_url=visit.url,
            )
            for identity, each in new.items()
        ]
        return [
            Request(
                each.url,
                callback=self.parse_attachment,
                errback=self.attachment_failed,
                headers=dict(each.conditions()),
                cb_kwargs={"visit": each},
                dont_filter=True,
                meta=_may_be_unchanged(each.conditions()),
            )
            for each in visits
        ]

    async def _lost(self, verdict: Verdict, *, url: str, visit: Visit, wanted: Wanted) -> None:
        """Record an answer that is no content. A page that says it is gone is as good as a 404."""
        if verdict.kind is BlockKind.SOFT_404 and _was_there(visit):
            await self._missing(visit)
            return
        if verdict.kind is BlockKind.SOFT_404:
            self._left_out(visit)
        issue = blocked_issue(verdict, url=url, wanted=wanted)
        self._recorder.counts["blocked" if issue.kind is IssueKind.BLOCKED else "failed"] += 1
        await self._recorder.report(issue)

    async def _failed(self, failure: Failure) -> None:
        if isinstance(failure.value, CrawlStopped):
            return
        error, visit = failure.value, failure.request.cb_kwargs.get("visit")  # type: ignore[attr-defined]
        if isinstance(error, HttpError) and error.response.status in GONE and _was_there(visit):
            await self._missing(visit)
            return
        if isinstance(error, RobotsDenied) or (isinstance(error, HttpError) and error.response.status in GONE):
            self._left_out(visit)
        issue = issue_for(failure)
        self._recorder.counts["blocked" if issue.kind is IssueKind.BLOCKED else "failed"] += 1
        await self._recorder.report(issue)

    def _left_out(self, visit: Visit | None) -> None:
        if visit is not None and visit.known is None and visit.page_url is None:
            self._hooks.not_there()

    async def _missing(self, visit: Visit) -> None:
        assert visit.known is not None
        now = self._recorder.clock()
        await self._recorder.keep(Missing(url=visit.url, at=now))
        since = visit.known.missing_since
        if since is None or now - since < SECOND_VISIT or visit.known.gone_at is not None:
            return  # a later visit tells whether it is gone or was only away; it is told once
        self._recorder.counts["gone"] += 1
        await self._report(
            IssueKind.GONE,
            f"{visit.url}: gone since {_minute(since)}, seen on two visits; what was read of it stays",
            url=visit.url,
            severity=Severity.INFO,
        )

    async def _report(self, kind: IssueKind, message: str, *, url: str, severity: Severity = Severity.WARNING) -> None:
        await self._recorder.report(Issue(kind=kind, message=message, url=url, severity=severity))

    def _answered(self) -> None:
        self.asked -= 1
        self._hooks.wake()


def _may_be_unchanged(conditions: Mapping[str, str]) -> dict[str, Any]:
    return {"handle_httpstatus_list": [304]} if conditions else {}


def _was_there(visit: Visit | None) -> bool:
    return visit is not None and visit.known is not None and visit.page_url is None


def _headers(response: Response) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name.decode("latin-1").lower(), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    )


def _asked(response: Response) -> str:
    """Return the address that was asked for first, before any redirect."""
    asked: str = response.meta.get("redirect_urls", [response.request.url if response.request else response.url])[0]
    return asked


def _is_html(response: Response) -> bool:
    return b"<html" in response.body[:2048].lower()


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
