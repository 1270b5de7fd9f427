"""Document versions to readings: each stored text is read once by each version of the extractor."""

from __future__ import annotations

import logging
from dataclasses import replace
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from limen.app.assembly import ExtractionJob, extract
from limen.app.bootstrap import Application
from limen.app.report import PassSummary, Reporter
from limen.app.stages.troubles import save_trouble
from limen.app.workers import Outcome
from limen.domain.document import Reading, Stage
from limen.domain.errors import LimenError
from limen.domain.issue import IssueKind
from limen.domain.snapshot import Hints
from limen.domain.source import DocumentClass
from limen.nlp.errors import UnsupportedLanguage
from limen.nlp.extraction import EXTRACTOR_VERSION
from limen.store.records import StoredVersion
from limen.store.repositories import documents, issues, readings, snapshots, sources

BATCH = 50
"""Texts held in memory at a time."""

_STAGE_OF_CLASS = {DocumentClass.DRAFT: Stage.DRAFT, DocumentClass.FINAL: Stage.FINAL}

_log = logging.getLogger(__name__)


def extract_pending(application: Application, *, summary: PassSummary, reporter: Reporter) -> None:
    """Read the requirements of every version that nobody has extracted. Ends early when the pass is to stop.

    A text on which the extractor fails is tried again in later passes, `documents.MOST_TRIES` times in all; after that its
    issue stands until its bytes or the extractor change.
    """
    reporter.begin("extract")
    failed: set[int] = set()
    while not application.stop.is_set():
        with application.store.reading() as session:
            pending = documents.pending_extraction(session, limit=BATCH + len(failed), given_up_by=EXTRACTOR_VERSION)
        versions = [version for version in pending if version.id not in failed]
        if not versions:
            break
        for version, outcome in zip(
            versions, application.workers.map(extract, map(extraction_job, versions)), strict=True
        ):
            if not _save(application, version, outcome.result, outcome.error, summary=summary):
                failed.add(version.id)
            reporter.advance("extract", version.version.title)
            if application.stop.is_set():
                break
    reporter.end("extract")


def extraction_job(stored: StoredVersion) -> ExtractionJob:
    """Return the work of reading a stored version."""
    version = stored.version
    return ExtractionJob(language=version.language, title=version.title, text=version.text)


def todays_reading(outcome: Outcome[ExtractionJob, Reading]) -> Reading:
    """Return what came out; an empty reading of a language that has no pipeline. Raises the `LimenError` that it failed with."""
    if outcome.result is not None:
        return outcome.result
    if isinstance(outcome.error, UnsupportedLanguage):
        return Reading(language=outcome.job.language)
    assert outcome.error is not None
    raise outcome.error


def save_reading(application: Application, stored: StoredVersion, reading: Reading) -> None:
    """Keep a reading of a version in a transaction of its own, see `keep_reading`."""
    with application.store.transaction() as session:
        keep_reading(application, session, stored, reading)


def keep_reading(application: Application, session: Session, stored: StoredVersion, reading: Reading) -> None:
    """Keep a reading of a version, with what its source and its list say where the text itself says nothing."""
    version = stored.version
    now = application.clock()
    if reading.stage is Stage.NONE:
        reading = replace(reading, stage=_STAGE_OF_CLASS.get(version.document_class, Stage.NONE))
    page = snapshots.latest(session, version.source_id, version.url)
    source = sources.get(session, version.source_id)
    if page is not None and source is not None:
        reading = _with_hints(reading, page.snapshot.hints, zone=ZoneInfo(source.timezone))
    readings.save(
        session,
        stored.id,
        reading,
        extractor_version=EXTRACTOR_VERSION,
        at=now,
        review_below=application.config.extraction.review_below,
    )
    for issue in reading.issues:
        issues.save(session, replace(issue, source_id=version.source_id, url=version.url), at=now)


def _with_hints(reading: Reading, hints: Hints, *, zone: ZoneInfo) -> Reading:
    """Return a reading with the official numbers of the list before those of the text, and its dates where the text has none."""
    deadline = reading.comment_deadline
    if deadline is None and hints.comment_deadline is not None:
        deadline = hints.comment_deadline.astimezone(zone).date()
    return replace(
        reading,
        comment_deadline=deadline,
        effective_on=reading.effective_on or hints.effective_on,
        references=_united(hints.references, reading.references),
    )


def _united(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    """Return official numbers in order, each once: blanks and case make no other number."""
    found: dict[str, str] = {}
    for number in (*first, *second):
        found.setdefault("".join(number.split()).casefold(), number)
    return tuple(found.values())


def _save(
    application: Application,
    stored: StoredVersion,
    reading: Reading | None,
    error: LimenError | None,
    *,
    summary: PassSummary,
) -> bool:
    """Keep what came out. Returns False for a version that has no reading yet."""
    tally = summary.tally(stored.version.source_id)
    if reading is not None:
        save_reading(application, stored, reading)
        tally.requirements += len(reading.requirements)
        tally.issues += len(reading.issues)
        return True
    kind = IssueKind.UNSUPPORTED_LANGUAGE if isinstance(error, UnsupportedLanguage) else IssueKind.UNREADABLE
    document = stored.version
    save_trouble(application, error, source_id=document.source_id, url=document.url, summary=summary, kind=kind)
    if kind is IssueKind.UNSUPPORTED_LANGUAGE:
        save_reading(application, stored, Reading(language=stored.version.language))
        return True
    # An empty reading would look like a rule without any requirement, and the next version would alert on all of them.
    with application.store.transaction() as session:
        tries = documents.mark_failed(session, stored.id, extractor_version=EXTRACTOR_VERSION)
    _log.warning("extraction_failed", extra={"version": stored.id, "tries": tries, "error": str(error)})
    return False
