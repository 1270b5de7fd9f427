"""Stored bytes to the readings of today: what an upgrade of readers or extractor makes of what is kept.

It alerts nobody and keeps no change; what it changes is a report.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise

from limen.app.assembly import ExtractionJob, assemble, extract
from limen.app.bootstrap import Application
from limen.app.report import Reporter
from limen.app.rereading import NotReadAnew, anew, assembly_job, keep_text, take_over
from limen.app.stages.extract import extraction_job, keep_reading, todays_reading
from limen.app.stages.press import set_beside
from limen.app.workers import Outcome
from limen.domain.change import Change, ChangeKind, Difference
from limen.domain.diff import diff
from limen.domain.document import DocumentVersion, Reading
from limen.domain.errors import LimenError
from limen.domain.issue import Issue, IssueKind
from limen.domain.joint import Version, read_together
from limen.domain.requirement import Requirement
from limen.nlp.extraction import EXTRACTOR_VERSION
from limen.nlp.text.reader import READER_VERSION
from limen.store import queries
from limen.store.errors import NotStored
from limen.store.records import StoredVersion
from limen.store.repositories import documents, issues, readings

BATCH = 20
"""Documents whose texts are held in memory at a time."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reprocessed:
    """What an upgrade changes in one document, by its newest version.

    `is_other_text` says that the readers make another text of the same bytes. `trouble` is why it was not read anew; None if
    it was. `older` counts the earlier versions whose readings are renewed. `renamed` counts the requirements that have another
    metric, subject or condition, `surer` and `less_sure` those whose confidence rose or fell.
    """

    document_id: int
    source_id: str
    url: str
    title: str
    number: int
    is_other_text: bool = False
    trouble: str | None = None
    older: int = 0
    added: tuple[Requirement, ...] = ()
    removed: tuple[Requirement, ...] = ()
    changed: tuple[Change, ...] = ()
    renamed: int = 0
    surer: int = 0
    less_sure: int = 0


@dataclass(frozen=True, slots=True)
class _Document:
    """The versions of a document, oldest first, and the newest one with today's text, or why there is none."""

    versions: tuple[StoredVersion, ...]
    newest: DocumentVersion
    trouble: str | None = None

    @property
    def is_other_text(self) -> bool:
        return self.newest.text_sha256 != self.versions[-1].version.text_sha256

    @property
    def texts(self) -> tuple[StoredVersion, ...]:
        """What is to be extracted: nothing if today's extractor read everything, else each version, then the other text."""
        last = self.versions[-1]
        if self.is_other_text:
            return (*self.versions, replace(last, version=self.newest))
        is_current = all(each.extractor_version == EXTRACTOR_VERSION for each in self.versions)
        return () if is_current else self.versions


def reprocess(
    application: Application,
    *,
    reporter: Reporter,
    source_id: str | None = None,
    document_id: int | None = None,
    dry_run: bool = False,
) -> tuple[Reprocessed, ...]:
    """Read anew what other readers or another extractor read, and return what that changes, in the order of the documents.

    Ends early, between two documents, when it is to stop; a later call goes on with the rest. `dry_run` writes nothing.

    Raises:
        NotStored: there is no such document.
    """
    with application.store.reading() as session:
        if document_id is not None and not queries.versions(session, document_id):
            raise NotStored("document", document_id)
        ids = documents.outdated(
            session,
            reader_version=READER_VERSION,
            extractor_version=EXTRACTOR_VERSION,
            source_id=source_id,
            document_id=document_id,
        )
    if not dry_run:
        # what the news has to say by the readings of yesterday is told before they are replaced
        set_beside(application, reporter=reporter)
    reporter.begin("reprocess", total=len(ids))
    done: list[Reprocessed] = []
    waiting = iter(ids)
    while not application.stop.is_set() and (batch := tuple(islice(waiting, BATCH))):
        for document, outcomes in _extracted(application, _read(application, batch)):
            done.append(_renew(application, document, outcomes, dry_run=dry_run))
            reporter.advance("reprocess", document.newest.title)
            if application.stop.is_set():
                break
    reporter.end("reprocess")
    if not dry_run:
        set_beside(application, reporter=reporter)
    return tuple(done)


def _read(application: Application, ids: Sequence[int]) -> list[_Document]:
    """Return documents with today's text of their newest versions."""
    found: list[_Document] = []
    jobs, places = [], []
    for document_id in ids:
        with application.store.reading() as session:
            versions = documents.compared(session, document_id)
        document = _Document(versions, versions[-1].version)
        if versions[-1].reader_version != READER_VERSION:
            try:
                jobs.append(assembly_job(application, versions[-1]))
                places.append(len(found))
            except NotReadAnew as error:
                document = replace(document, trouble=str(error))
        found.append(document)
    for place, outcome in zip(places, application.workers.map(assemble, jobs), strict=True):
        try:
            found[place] = replace(found[place], newest=anew(found[place].versions[-1], outcome))
        except LimenError as error:
            found[place] = replace(found[place], trouble=str(error))
    return found


def _extracted(
    application: Application, found: Sequence[_Document]
) -> Iterator[tuple[_Document, list[Outcome[ExtractionJob, Reading]]]]:
    """Yield each document with what came of the extraction of its texts."""
    jobs = (extraction_job(text) for document in found for text in document.texts)
    outcomes = application.workers.map(extract, jobs)
    for document in found:
        yield document, list(islice(outcomes, len(document.texts)))


def _renew(
    application: Application,
    document: _Document,
    outcomes: Sequence[Outcome[ExtractionJob, Reading]],
    *,
    dry_run: bool,
) -> Reprocessed:
    """Keep what was read anew of a document, all in one transaction, and return what that changes."""
    last = document.versions[-1]
    told = Reprocessed(
        document_id=last.document_id,
        source_id=last.version.source_id,
        url=last.version.url,
        title=document.newest.title,
        number=last.number,
        trouble=document.trouble,
    )
    try:
        fresh = _together(document.texts, [todays_reading(outcome) for outcome in outcomes])
    except LimenError as error:
        document = replace(document, newest=last.version, trouble=str(error))
        told = replace(told, trouble=str(error))
        fresh = []
    if fresh:
        with application.store.reading() as session:
            before = tuple(each.requirement for each in readings.requirements(session, last.id))
        after = fresh[-1].requirements
        found = diff(before, after, old_text=last.version.text, new_text=document.newest.text)
        older = sum(each.extractor_version != EXTRACTOR_VERSION for each in document.versions[:-1])
        told = replace(_told(told, found), is_other_text=document.is_other_text, older=older)
    if not dry_run:
        _save(application, document, fresh)
    _log.info("document_reprocessed", extra={"document": told.document_id, "trouble": told.trouble})
    return told


def _together(texts: Sequence[StoredVersion], alone: Sequence[Reading]) -> list[Reading]:
    """Return the readings of versions in a row, each completed by its neighbours, as it is when the two are compared."""
    found = list(alone)
    for old, new in pairwise(range(len(found))):
        found[old], found[new] = read_together(
            *(Version(text=texts[each].version.text, reading=found[each]) for each in (old, new))
        )
    return found


def _told(told: Reprocessed, found: Difference) -> Reprocessed:
    """Return a report with the differences of two readings in it."""
    one_sided = [(change.kind, change.subject_requirement) for change in found.changes]
    one_sided += [(doubt.kind, doubt.requirement) for doubt in found.doubts]
    changed = tuple(each for each in found.changes if each.old is not None and each.new is not None)
    pairs = [
        *((each.old, each.new) for each in changed if each.old is not None and each.new is not None),
        *((each.old, each.new) for each in found.notes),
        *found.kept,
    ]
    return replace(
        told,
        added=tuple(each for kind, each in one_sided if kind is ChangeKind.ADDED),
        removed=tuple(each for kind, each in one_sided if kind is ChangeKind.REMOVED),
        changed=changed,
        renamed=sum(_names(old) != _names(new) for old, new in pairs),
        surer=sum(new.confidence > old.confidence for old, new in pairs),
        less_sure=sum(new.confidence < old.confidence for old, new in pairs),
    )


def _names(requirement: Requirement) -> tuple[str | None, ...]:
    return requirement.metric, requirement.metric_id, requirement.subject, requirement.condition


def _save(application: Application, document: _Document, fresh: Sequence[Reading]) -> None:
    last = document.versions[-1]
    with application.store.transaction() as session:
        for version, reading in zip(document.versions, fresh, strict=False):
            if version.extractor_version != EXTRACTOR_VERSION:
                keep_reading(application, session, version, reading)
        if document.trouble is not None:
            issue = Issue(
                kind=IssueKind.UNREADABLE,
                message=document.trouble,
                source_id=last.version.source_id,
                url=last.version.url,
            )
            issues.save(session, issue, at=application.clock())
            return
        kept = keep_text(session, last, document.newest)
        if kept.rereads == last.id:
            keep_reading(application, session, kept, fresh[-1])
            take_over(application, session, kept)
