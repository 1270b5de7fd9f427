"""Readings to changes, and changes to messages: each version is compared once, with the one it replaces."""

from __future__ import annotations

import logging
from dataclasses import replace

from sqlalchemy.orm import Session

from limen.alerts.payload import Coverage
from limen.app.assembly import extract
from limen.app.bootstrap import Application
from limen.app.lineage import place, refresh
from limen.app.report import PassSummary, Reporter
from limen.app.rereading import NotReadAnew, keep_text, take_over, todays_text
from limen.app.stages.alert import tell, tell_reviewed
from limen.app.stages.events import keep_events
from limen.app.stages.extract import extraction_job, keep_reading, save_reading, todays_reading
from limen.app.stages.troubles import save_trouble
from limen.app.workers import WorkFailed
from limen.domain.change import ChangeKind, Difference, Doubt
from limen.domain.diff import diff
from limen.domain.document import DocumentVersion, Reading
from limen.domain.issue import Issue, IssueKind
from limen.domain.joint import Version, read_together
from limen.domain.requirement import Requirement
from limen.domain.review import ReviewState
from limen.nlp.extraction import EXTRACTOR_VERSION
from limen.nlp.text.reader import READER_VERSION
from limen.store.records import StoredVersion
from limen.store.repositories import changes, documents, issues, readings, sources

BATCH = 50

_log = logging.getLogger(__name__)


def compare(application: Application, *, summary: PassSummary, reporter: Reporter) -> None:
    """Compare every version that was extracted with its predecessor, after what a review has set free is told.

    Ends early when the pass is to stop.
    """
    reporter.begin("compare")
    coverage = summary.coverage()
    tell_reviewed(application, coverage=coverage)
    put_off: set[int] = set()
    while not application.stop.is_set():
        with application.store.reading() as session:
            pending = documents.pending_comparison(session, limit=BATCH + len(put_off))
        versions = [version for version in pending if version.id not in put_off]
        if not versions:
            break
        for version in versions:
            try:
                found = _compare(application, version, coverage=coverage)
            except WorkFailed as error:
                _put_off(application, version, error, summary=summary)
                put_off.add(version.id)
                continue
            summary.tally(version.version.source_id).changes += found
            reporter.advance("compare", version.version.title)
            if application.stop.is_set():
                break
    reporter.end("compare")


def _compare(application: Application, version: StoredVersion, *, coverage: Coverage | None) -> int:
    """Compare one version, write its changes and their messages in one transaction, and return the number of changes."""
    if version.rereads is not None:
        _take_over(application, version)
        return 0
    new = _requirements(application, version)
    version = _placed(application, version, new)
    with application.store.reading() as session:
        old_version = documents.predecessor(session, version)
    if old_version is None:
        with application.store.transaction() as session:
            documents.mark_compared(session, version.id, at=application.clock())
        return 0
    before, after = _under_one_reader(application, old_version, version)
    difference = _believable(_difference(application, before, after), before.version, after.version)
    with application.store.transaction() as session:
        documents.mark_compared(session, version.id, at=application.clock())
        return _save(application, session, before, after, difference, coverage=coverage)


def _take_over(application: Application, version: StoredVersion) -> None:
    """Put a re-reading in the place of the version that it reads anew, unless that was done since it was loaded."""
    with application.store.transaction() as session:
        if documents.by_id(session, version.id).compared_at is None:
            take_over(application, session, version)


def _under_one_reader(
    application: Application, old: StoredVersion, new: StoredVersion
) -> tuple[StoredVersion, StoredVersion]:
    """Return two versions whose texts the same readers made: an upgrade of the readers must never look like a change.

    Where that cannot be had, they come as they are, and an issue says so.
    """
    if old.reader_version == new.reader_version and old.reader_version is not None:
        return old, new
    try:
        return _todays(application, old), _todays(application, new)
    except NotReadAnew as error:
        document = new.version
        message = f"{error}; it was compared with a text that other readers made: a change may be of theirs"
        issue = Issue(kind=IssueKind.UNREADABLE, message=message, source_id=document.source_id, url=document.url)
        with application.store.transaction() as session:
            issues.save(session, issue, at=application.clock())
        _log.warning("compared_across_readers", extra={"old": old.id, "new": new.id, "error": str(error)})
        return old, new


def _todays(application: Application, version: StoredVersion) -> StoredVersion:
    """Return what stands for a version under today's readers: itself, or its re-reading, which is made if there is none.

    Raises:
        NotReadAnew: its bytes are lost or cannot be read.
        WorkFailed: a worker failed on it.
    """
    with application.store.reading() as session:
        latest = documents.rereading(session, version) or version
    if latest.reader_version == READER_VERSION:
        return latest
    text = todays_text(application, latest)
    found = replace(latest, version=text)
    reading = None if text.text_sha256 == latest.version.text_sha256 else _read_again(application, found)
    with application.store.transaction() as session:
        kept = keep_text(session, latest, text)
        if reading is None:
            return kept
        keep_reading(application, session, kept, reading)
        take_over(application, session, kept)
        return documents.by_id(session, kept.id)


def _difference(application: Application, old: StoredVersion, new: StoredVersion) -> Difference:
    """Return what changed between two versions; where anything did, after both were read together."""
    found = _diff(application, old, new)
    if not found.changes and not found.doubts:
        return found
    sides = [_with_sightings(application, each) for each in (old, new)]
    for stored, before, reading in zip((old, new), sides, read_together(*sides), strict=True):
        if reading.requirements != before.reading.requirements:
            save_reading(application, stored, reading)
    return _diff(application, old, new)


def _with_sightings(application: Application, version: StoredVersion) -> Version:
    """Return a version with its requirements as they are kept, and with all numbers of its text, which are not kept.

    What was made out in it beside the version before must not be lost again: it would go without being told.
    """
    reading = _read_again(application, version)
    with application.store.reading() as session:
        kept = tuple(stored.requirement for stored in readings.requirements(session, version.id))
    return Version(text=version.version.text, reading=replace(reading, requirements=kept))


def _diff(application: Application, old: StoredVersion, new: StoredVersion) -> Difference:
    before, after = (_requirements(application, each) for each in (old, new))
    return diff(before, after, old_text=old.version.text, new_text=new.version.text)


def _believable(difference: Difference, old: DocumentVersion, new: DocumentVersion) -> Difference:
    """Return a difference without what may only seem so, because one side lacks the text of an attachment."""
    hidden = set()
    if not set(new.unread) <= set(old.unread):
        hidden.add(ChangeKind.REMOVED)
    if not set(old.unread) <= set(new.unread):
        hidden.add(ChangeKind.ADDED)
    return replace(difference, changes=tuple(change for change in difference.changes if change.kind not in hidden))


def _requirements(application: Application, version: StoredVersion) -> tuple[Requirement, ...]:
    """Return the requirements of a version as today's extractor reads them: an upgrade must never look like a change.

    Those that a person rejected are none; those that await their review are, so that they do not seem to come and go.
    """
    if version.extractor_version != EXTRACTOR_VERSION:
        save_reading(application, version, _read_again(application, version))
    with application.store.reading() as session:
        found = readings.requirements(session, version.id)
    return tuple(stored.requirement for stored in found if stored.review is not ReviewState.REJECTED)


def _read_again(application: Application, version: StoredVersion) -> Reading:
    """Return today's reading of a stored version, within the limits of a worker. Raises `WorkFailed`."""
    (outcome,) = application.workers.map(extract, [extraction_job(version)])
    return todays_reading(outcome)


def _put_off(application: Application, version: StoredVersion, error: WorkFailed, *, summary: PassSummary) -> None:
    """Record that a version could not be compared in this pass; the next one tries again."""
    document = version.version
    save_trouble(application, error, source_id=document.source_id, url=document.url, summary=summary)
    _log.warning("comparison_put_off", extra={"version": version.id, "error": str(error)})


def _placed(application: Application, version: StoredVersion, requirements: tuple[Requirement, ...]) -> StoredVersion:
    """Return the version as part of its instrument, which is made if the document begins a new one."""
    if not version.version.document_class.is_official:
        return version
    metrics = frozenset(filter(None, (requirement.metric_id for requirement in requirements)))
    with application.store.transaction() as session:
        # somebody may have moved the document since it was loaded
        version = documents.by_id(session, version.id)
        source = sources.get(session, version.version.source_id)
        assert source is not None
        if version.instrument_id is not None:
            refresh(session, version.instrument_id)
            return version
        place(session, version, source, metrics=metrics, at=application.clock())
        return documents.by_id(session, version.id)


def _save(
    application: Application,
    session: Session,
    old: StoredVersion,
    new: StoredVersion,
    difference: Difference,
    *,
    coverage: Coverage | None,
) -> int:
    """Keep a difference and write its messages; return the number of changes that are not held."""
    now = application.clock()
    saved = changes.save(
        session,
        old_version_id=old.id,
        new_version_id=new.id,
        difference=difference,
        detected_at=now,
        instrument_id=new.instrument_id,
    )
    keep_events(session, old.id, new.id, at=now)
    for doubt in difference.doubts:
        issues.save(session, _doubtful(doubt, new.version), at=now)
    tell(application, session, saved, new, coverage=coverage)
    return len(saved.free_ids)


def _doubtful(doubt: Doubt, version: DocumentVersion) -> Issue:
    requirement = doubt.requirement
    side = "the new text" if doubt.kind is ChangeKind.ADDED else "the old text"
    return Issue(
        kind=IssueKind.AMBIGUOUS,
        message=(
            f"{requirement.metric} {requirement.threshold} was read in {side} only, but the other states the number in a "
            f"like sentence; no alert was sent: compare “{requirement.evidence.quote}” by hand"
        ),
        source_id=version.source_id,
        url=version.url,
        offset=requirement.evidence.start,
    )
