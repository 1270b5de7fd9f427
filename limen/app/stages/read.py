"""Snapshots to document versions: a page and its attachments become one text; a new version exists only if it differs."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from limen.app.assembly import Assembled, AssemblyJob, assemble
from limen.app.bootstrap import Application
from limen.app.report import PassSummary, Reporter
from limen.app.rereading import NotReadAnew, keep_text, part, todays_text
from limen.app.stages.troubles import save_trouble
from limen.app.workers import WorkFailed
from limen.domain.document import DocumentVersion
from limen.domain.errors import LimenError
from limen.domain.issue import Issue, IssueKind, Severity
from limen.domain.snapshot import Hints
from limen.domain.source import DocumentClass, Source
from limen.nlp.text.reader import READER_VERSION
from limen.store.errors import StoreError
from limen.store.records import StoredSnapshot, StoredVersion
from limen.store.repositories import documents, issues, snapshots, sources, vanishing

BATCH = 50
"""Pages whose bytes are held in memory at a time."""

_MOST_IS_LOST = 0.4
"""A text shorter than this share of the one before may be half a page."""

_log = logging.getLogger(__name__)

_Key = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """A page with everything that was fetched for it: the page first, then its attachments in order."""

    source: Source
    url: str
    stored: tuple[StoredSnapshot, ...]
    missing: tuple[str, ...]
    """URLs of linked attachments that were never fetched."""

    @property
    def fetched_at(self) -> datetime:
        """When the newest of the bytes came in."""
        return max(each.snapshot.fetched_at for each in self.stored)

    @property
    def last_id(self) -> int:
        """Row id of the newest snapshot that was read; what comes in later has a higher one and is still to be read."""
        return max(each.id for each in self.stored)


def read(application: Application, *, summary: PassSummary, reporter: Reporter) -> None:
    """Make a version of every page whose bytes are new. Ends early, between two pages, when the pass is to stop."""
    reporter.begin("read")
    passed_over: set[_Key] = set()
    while not application.stop.is_set():
        pages = _next_pages(application, passed_over)
        if not pages:
            break
        jobs = []
        for page in tuple(pages):
            try:
                jobs.append(_job(application, page))
            except StoreError as error:
                # Not marked as read: it is a document again as soon as its bytes are back.
                _save_lost(application, page, error, summary=summary)
                passed_over.add((page.source.id, page.url))
                pages.remove(page)
        for page, outcome in zip(pages, application.workers.map(assemble, jobs), strict=True):
            _save(application, page, outcome.result, outcome.error, summary=summary)
            reporter.advance("read", page.url)
            if application.stop.is_set():
                break
    reporter.end("read")


def _next_pages(application: Application, passed_over: set[_Key]) -> list[_Page]:
    """Return the next pages to read; those that wait for an attachment are added to `passed_over`."""
    limit = BATCH + len(passed_over)
    with application.store.reading() as session:
        keys = snapshots.pending_pages(session, limit=limit)
        pages = []
        for key in keys:
            if key in passed_over:
                continue
            page = _load(session, *key)
            if page is None or _waits(application, page):
                passed_over.add(key)
            else:
                pages.append(page)
    if not pages and len(keys) == limit:
        return _next_pages(application, passed_over)
    return pages


def _load(session: Session, source_id: str, url: str) -> _Page | None:
    source = sources.get(session, source_id)
    stored = snapshots.page_with_attachments(session, source_id, url)
    if source is None or not stored:
        # The attachment came in before its page: the next crawl brings the page.
        return None
    fetched = {each.snapshot.url for each in stored[1:]}
    linked = stored[0].snapshot.attachments
    missing = tuple(attachment.url for attachment in linked if attachment.url not in fetched)
    return _Page(source=source, url=url, stored=stored, missing=missing)


def _waits(application: Application, page: _Page) -> bool:
    """Tell whether to give a missing attachment more time: without it every requirement in it would seem to be gone."""
    patience = timedelta(hours=application.config.read.attachment_patience_hours)
    return bool(page.missing) and application.clock() - page.stored[0].snapshot.fetched_at < patience


def _job(application: Application, page: _Page) -> AssemblyJob:
    labels = {attachment.url: attachment.label for attachment in page.stored[0].snapshot.attachments}
    return AssemblyJob(
        source_id=page.source.id,
        timezone=page.source.timezone,
        parts=tuple(part(application, each, label=labels.get(each.snapshot.url)) for each in page.stored),
    )


def _save(
    application: Application, page: _Page, read: Assembled | None, error: LimenError | None, *, summary: PassSummary
) -> None:
    tally = summary.tally(page.source.id)
    found = [_missing_issue(page, url) for url in page.missing]
    if error is not None:
        found.append(Issue(kind=IssueKind.UNREADABLE, message=str(error), source_id=page.source.id, url=page.url))
    if read is not None:
        found += read.issues
    former = None if read is None else _former(application, page, read)
    now = application.clock()
    with application.store.transaction() as session:
        snapshots.mark_read(session, page.source.id, page.url, up_to_id=page.last_id, at=now)
        if read is not None:
            added, doubt = _keep(session, page, read, former, at=now)
            tally.versions += added
            found += filter(None, [doubt])
        for issue in found:
            issues.save(session, issue, at=now)
    tally.issues += len(found)
    tally.read += 1
    tally.with_text += read is not None and bool(read.text.strip())
    _log.info("page_read", extra={"source": page.source.id, "url": page.url, "issues": len(found)})


def _former(application: Application, page: _Page, read: Assembled) -> DocumentVersion | None:
    """Return the newest version of a page with the text that today's readers make of its bytes: an upgrade is no news.

    None where there is nothing to be made anew, or where that cannot be done.
    """
    with application.store.reading() as session:
        newest = documents.newest(session, page.source.id, page.url)
    if newest is None or newest.reader_version == READER_VERSION:
        return None
    if newest.version.text == read.text:
        return newest.version
    try:
        return todays_text(application, newest)
    except (NotReadAnew, WorkFailed) as error:
        # Where this matters, whoever compares the two texts tells it.
        _log.warning("former_text_not_read_anew", extra={"version": newest.id, "error": str(error)})
        return None


def _keep(
    session: Session, page: _Page, read: Assembled, former: DocumentVersion | None, *, at: datetime
) -> tuple[bool, Issue | None]:
    """Make a version of a text, unless the newest has it, or put it by. Returns whether there is a new version, and the doubt.

    Bytes that were put by are read again only after a second visit: a doubtful text counts if it is the one that was put
    by, and takes its place and waits anew if it is another. `former` is the newest version with today's text.
    """
    newest = documents.newest(session, page.source.id, page.url)
    if newest is not None and former is not None:
        newest = keep_text(session, newest, former)
    version = _version(page, read, newest=newest)
    if newest is not None and newest.reader_version != READER_VERSION and newest.version.snapshots == version.snapshots:
        # The same bytes: what differs comes from other readers, and they lost something.
        return False, None
    doubt = None if newest is None else _doubt(session, page, version, newest)
    is_seen_again = doubt and vanishing.held_text(session, page.source.id, page.url) == version.text_sha256
    vanishing.release(session, page.source.id, page.url)
    if doubt is not None and not is_seen_again:
        own = (each for each in page.stored if each.snapshot.page_url in (None, page.url))
        fresh = [each.id for each in own if each.read_at is None]
        vanishing.hold(session, fresh or [page.stored[0].id], text_sha256=version.text_sha256, at=at)
        return False, _held_issue(page, doubt)
    return documents.add_version(session, version, reader_version=READER_VERSION) is not None, None


def _doubt(session: Session, page: _Page, version: DocumentVersion, newest: StoredVersion) -> str | None:
    """Return why a text may be a stale copy or half a page; None if it is what the page had before, or a text like any other."""
    before = newest.version
    if version.text_sha256 == before.text_sha256:
        return None
    if documents.has_text(session, newest.document_id, version):
        return "a text that an earlier version had has come back"
    if len(version.text) < _MOST_IS_LOST * len(before.text):
        return f"most of the text is gone ({len(version.text)} characters are left of {len(before.text)})"
    lost = vanishing.lost_attachments(session, before, present=[each.snapshot for each in page.stored])
    if lost:
        return f"{len(lost)} of its attachments {'is' if len(lost) == 1 else 'are'} not linked any more"
    return None


def _save_lost(application: Application, page: _Page, error: StoreError, *, summary: PassSummary) -> None:
    """Record that the bytes of a page or of an attachment are missing or damaged."""
    save_trouble(application, error, source_id=page.source.id, url=page.url, summary=summary)
    _log.warning("page_bytes_lost", extra={"source": page.source.id, "url": page.url, "error": str(error)})


def _version(page: _Page, read: Assembled, *, newest: StoredVersion | None) -> DocumentVersion:
    hints = page.stored[0].snapshot.hints
    published = hints.published or read.published
    if published is not None and published > page.fetched_at:
        # A page cannot be published after it was fetched; the date is of something else on it.
        published = None
    return DocumentVersion(
        source_id=page.source.id,
        url=page.url,
        document_class=_class(page, newest),
        title=read.title or hints.title or page.url,
        text=read.text,
        language=read.language,
        fetched_at=page.fetched_at,
        published=published,
        snapshots=tuple(each.snapshot.sha256 for each in page.stored),
        unread=(*page.missing, *read.unread),
        editorial=hints.editorial,
    )


def _class(page: _Page, newest: StoredVersion | None) -> DocumentClass:
    """Return the class that the list gave the document; of one that was not listed this time, the class it had."""
    hints = page.stored[0].snapshot.hints
    if newest is not None and hints == Hints():
        return newest.version.document_class
    return hints.document_class or page.source.document_class


def _held_issue(page: _Page, doubt: str) -> Issue:
    return Issue(
        kind=IssueKind.HELD,
        message=f"{doubt}; this counts as a version when the next visit finds it again",
        severity=Severity.INFO,
        source_id=page.source.id,
        url=page.url,
    )


def _missing_issue(page: _Page, url: str) -> Issue:
    return Issue(
        kind=IssueKind.FETCH_FAILED,
        message=f"attachment of {page.url} could not be fetched; the document was read without it",
        source_id=page.source.id,
        url=url,
    )
