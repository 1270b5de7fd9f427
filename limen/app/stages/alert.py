"""Changes to messages: those of a comparison at once, those that were held for a review once it is done."""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import uuid4

from sqlalchemy.orm import Session

from limen.alerts.payload import Coverage, deliveries_for
from limen.app.bootstrap import Application
from limen.domain.change import Alert
from limen.domain.delivery import Silence
from limen.domain.document_event import EventAlert
from limen.domain.source import DocumentClass
from limen.store.records import SavedComparison, StoredVersion
from limen.store.repositories import changes, deliveries, documents, reviews

_log = logging.getLogger(__name__)


def tell(
    application: Application,
    session: Session,
    saved: SavedComparison,
    new: StoredVersion,
    *,
    coverage: Coverage | None,
) -> None:
    """Write the messages about the changes that a version brought: none for those that are held, and none at all for
    news about rules, for corrections that the publisher calls editorial, and for what is too old."""
    if saved.held_ids:
        _log.info("changes_held_for_review", extra={"comparison": saved.id, "held": len(saved.held_ids)})
    if not saved.free_ids:
        return
    alert = changes.alert(session, saved.id, change_ids=saved.free_ids)
    silence = why_silent(alert, new, max_age=timedelta(days=application.config.alerts.max_age_days))
    if silence is not None:
        _log.info("change_not_sent", extra={"comparison": saved.id, "version": new.id, "because": silence.value})
        return
    messages = deliveries_for(
        alert,
        application.subscriptions,
        now=application.clock(),
        new_id=lambda: uuid4().hex,
        coverage=coverage,
    )
    deliveries.add(session, messages, change_ids=saved.free_ids)


def why_silent(alert: Alert | EventAlert, new: StoredVersion, *, max_age: timedelta) -> Silence | None:
    """Return why nobody is told of what a version brought, whatever they subscribed to; None if they are."""
    if new.version.editorial:
        return Silence.EDITORIAL
    if new.version.document_class is DocumentClass.COMMENTARY:
        return Silence.COMMENTARY
    # a join can make the comparison of a first version, or of its re-reading, possible long after that was fetched
    is_same_document = alert.old is not None and alert.old.url == alert.new.url
    known_at = new.version.fetched_at if is_same_document and new.rereads is None else alert.detected_at
    return Silence.TOO_OLD if known_at - new.valid_from > max_age else None


def tell_reviewed(application: Application, *, coverage: Coverage | None) -> int:
    """Write the messages about the changes that were held and no longer need to be, and return how many they are."""
    with application.store.transaction() as session:
        reviews.lower_floor(session, application.config.extraction.review_below)
        released = reviews.take_released(session)
        for version_id, saved in released:
            tell(application, session, saved, documents.by_id(session, version_id), coverage=coverage)
    return sum(len(saved.change_ids) for _, saved in released)
