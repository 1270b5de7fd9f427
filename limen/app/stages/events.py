"""What documents do as a whole, apart from their requirements: seen when versions are compared, told once to who asked for it."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy.orm import Session

from limen.alerts.document_event import deliveries_for
from limen.alerts.payload import Coverage
from limen.app.bootstrap import Application
from limen.app.report import PassSummary, Reporter
from limen.app.stages.alert import why_silent
from limen.domain.delivery import Silence
from limen.domain.document import DocumentVersion, Stage
from limen.domain.document_event import DocumentEvent, DocumentFacts, EventKind, KeptEvent, document_events
from limen.domain.title import rule_title
from limen.store.records import StoredVersion
from limen.store.repositories import deliveries, documents
from limen.store.repositories import document_events as kept_events

_log = logging.getLogger(__name__)


def keep_events(session: Session, old_version_id: int, new_version_id: int, *, at: datetime) -> int:
    """Keep what happened between two versions that are compared, and return how many events were new.

    News and commentary only speak of a rule: they have no events of this kind.
    """
    old, new = (documents.by_id(session, each) for each in (old_version_id, new_version_id))
    if not new.version.document_class.is_official:
        return 0
    before = _facts(old)
    if new.stage is not Stage.NONE:
        before = replace(before, stage=_last_stage(session, old))
    happened = document_events(before, _facts(new))
    saved = kept_events.save(
        session,
        new.id,
        (event for event in happened if _is_believable(event, old.version, new.version)),
        old_version_id=old.id,
        instrument_id=new.instrument_id,
        at=at,
    )
    return len(saved)


def tell_events(application: Application, *, summary: PassSummary, reporter: Reporter) -> None:
    """Find what was withdrawn, and write the messages about every event of which that was not decided yet.

    Whoever wrote an event, and whatever pass was killed after it, each is looked at once.
    """
    reporter.begin("events")
    _find_withdrawals(application)
    coverage = summary.coverage()
    with application.store.reading() as session:
        waiting = kept_events.untold(session)
    for event_ids in waiting:
        if application.stop.is_set():
            break
        _tell(application, event_ids, coverage=coverage)
        reporter.advance("events", str(len(event_ids)))
    reporter.end("events")


def is_loud(kept: KeptEvent) -> bool:
    """Tell whether an event is told although its version is silent: that a text is old, or its last correction editorial,
    makes its withdrawal no less of a news."""
    return kept.event.kind is EventKind.WITHDRAWN


def _facts(stored: StoredVersion) -> DocumentFacts:
    document = stored.version
    return DocumentFacts(
        url=document.url,
        title=rule_title(document.title, document.text, document.language),
        language=document.language,
        stage=stored.stage,
        comment_deadline=stored.comment_deadline,
        effective_on=stored.effective_on,
        stands_from=stored.valid_from.date(),
    )


def _last_stage(session: Session, stored: StoredVersion) -> Stage:
    """Return the stage that a version states, or the last one before it that states any: not every notice of a rule does."""
    earlier: StoredVersion | None = stored
    while earlier is not None and earlier.stage is Stage.NONE:
        earlier = documents.predecessor(session, earlier)
    return Stage.NONE if earlier is None else earlier.stage


def _is_believable(event: DocumentEvent, old: DocumentVersion, new: DocumentVersion) -> bool:
    """Tell whether an event is one also if a side lacks the text of an attachment, which may state what seems not to be there."""
    if event.before is None and not set(old.unread) <= set(new.unread):
        return False
    return event.after is not None or set(new.unread) <= set(old.unread)


def _find_withdrawals(application: Application) -> None:
    """Keep which documents were withdrawn. Nobody is told of one that was so when it was first seen, or is gone for long."""
    with application.store.reading() as session:
        found = kept_events.withdrawals(session)
    if not found:
        return
    now = application.clock()
    oldest = now - _max_age(application)
    with application.store.transaction() as session:
        for withdrawal in found:
            facts = _facts(withdrawal.version)
            (event,) = document_events(facts, replace(facts, withdrawn=True))
            silence = None if withdrawal.was_standing else Silence.NEVER_STOOD
            if withdrawal.gone_at is not None and withdrawal.gone_at < oldest:
                silence = Silence.TOO_OLD
            kept_events.withdraw(session, withdrawal, event, at=now, silence=silence)


def _tell(application: Application, event_ids: tuple[int, ...], *, coverage: Coverage | None) -> None:
    """Write the messages about the events of one version, and that it is done, in one transaction."""
    now = application.clock()
    with application.store.transaction() as session:
        kept_events.mark_told(session, event_ids, at=now)
        alert = kept_events.alert(session, event_ids)
        version = documents.by_id(session, alert.new.version_id)
        silence = why_silent(alert, version, max_age=_max_age(application))
        if silence is not None:
            _log.info("events_not_sent", extra={"version": version.id, "because": silence.value})
            alert = replace(alert, events=tuple(filter(is_loud, alert.events)))
        for subscription in application.subscriptions:
            messages, told = deliveries_for(alert, subscription, now=now, new_id=lambda: uuid4().hex, coverage=coverage)
            deliveries.add(session, messages, event_ids=told)


def _max_age(application: Application) -> timedelta:
    return timedelta(days=application.config.alerts.max_age_days)
