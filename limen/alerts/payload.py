"""From an alert to the messages it makes: pure, so that it can run inside the transaction that writes the change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from limen.alerts.event import (
    CHANGED,
    TEST,
    VERSION,
    ChangedEvent,
    ChangeEvent,
    CoverageEvent,
    DataEvent,
    DocumentEvent,
    SideEvent,
    SourceEvent,
    dump,
)
from limen.alerts.subscriptions import Subscription, select
from limen.alerts.wording import headline, sentence
from limen.domain.change import Alert, Change, DocumentSide
from limen.domain.delivery import ChannelKind, Delivery
from limen.domain.redline import redline_between
from limen.domain.requirement import Requirement
from limen.domain.source import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How much of the catalogue was read in the pass that found the change: silence of a source is no news of it."""

    sources_read: int
    sources_due: int
    unread: tuple[str, ...] = ()
    """Ids of the sources that were due and could not be read."""


def event(
    alert: Alert,
    changes: Sequence[Change],
    *,
    subscription_name: str,
    coverage: Coverage | None = None,
    test: bool = False,
) -> ChangedEvent:
    """Return the event that tells of `changes`, a non-empty part of the alert's.

    The times are UTC. `test` gives it a type of its own, so that no receiver takes a test for a change.
    """
    if not changes:
        raise ValueError("an event needs at least one change")
    written = [_change(change, alert) for change in changes]
    data: DataEvent = {
        "headline": headline(written, instrument=alert.instrument),
        "comparison_id": alert.comparison_id,
        "subscription": subscription_name,
        "source": source_event(alert.source),
        "instrument": {"title": alert.instrument},
        "old": document_event(alert.old),
        "new": document_event(alert.new),
        "changes": written,
        "other_changes": len(alert.changes) - len(changes),
        "coverage": coverage_event(coverage),
    }
    return {
        "type": TEST if test else CHANGED,
        "version": VERSION,
        "timestamp": instant(alert.detected_at),
        "data": data,
    }


def deliveries_for(
    alert: Alert,
    subscriptions: Iterable[Subscription],
    *,
    now: datetime,
    new_id: Callable[[], str],
    coverage: Coverage | None = None,
) -> tuple[Delivery, ...]:
    """Return one pending delivery per subscription and recipient with at least one matching change, due at `now`.

    `new_id` gives the unique part of each id (`uuid4().hex`); it must hold letters and digits only.
    """
    deliveries: list[Delivery] = []
    for subscription in subscriptions:
        changes = select(subscription, alert)
        if not changes:
            continue
        payload = dump(event(alert, changes, subscription_name=subscription.name, coverage=coverage))
        told = recipients(subscription.emails, subscription.webhooks)
        deliveries += addressed(payload, told, subscription=subscription.name, now=now, new_id=new_id)
    return tuple(deliveries)


def addressed(
    payload: str,
    told: Iterable[tuple[ChannelKind, str]],
    *,
    subscription: str,
    now: datetime,
    new_id: Callable[[], str],
) -> tuple[Delivery, ...]:
    """Return a pending delivery of a dumped event to each recipient, due at `now`. `new_id` as in `deliveries_for`."""
    return tuple(
        Delivery(
            id=f"msg_{new_id()}",
            subscription=subscription,
            channel=channel,
            recipient=recipient,
            payload=payload,
            created_at=now,
            next_attempt_at=now,
        )
        for channel, recipient in told
    )


def recipients(emails: Sequence[str], webhooks: Sequence[str]) -> list[tuple[ChannelKind, str]]:
    """Return who is told, each once: the case of a mail address makes no second person."""
    addresses = {address.casefold(): address for address in reversed(emails)}
    return [(ChannelKind.EMAIL, address) for address in reversed(addresses.values())] + [
        (ChannelKind.WEBHOOK, webhook) for webhook in dict.fromkeys(webhooks)
    ]


def source_event(source: Source) -> SourceEvent:
    """Return a source as events tell of it."""
    return {
        "id": source.id,
        "name": source.name,
        "publisher": source.publisher,
        "jurisdiction": source.jurisdiction,
        "language": source.language,
        "document_class": source.document_class.value,
        "homepage": source.homepage,
    }


def coverage_event(coverage: Coverage | None) -> CoverageEvent | None:
    """Return how much of the catalogue was read, as events tell of it."""
    if coverage is None:
        return None
    return {
        "sources_read": coverage.sources_read,
        "sources_due": coverage.sources_due,
        "unread": list(coverage.unread),
    }


def instant(moment: datetime) -> str:
    """Return a time as events write it: UTC, to the second, with a Z."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def side_event(requirement: Requirement) -> SideEvent:
    """Return a requirement as events tell of it."""
    threshold, evidence = requirement.threshold, requirement.evidence
    return {
        "op": threshold.op.value,
        "value": threshold.value,
        "value_max": threshold.value_max,
        "unit": threshold.unit,
        "metric": requirement.metric,
        "metric_id": requirement.metric_id,
        "subject": requirement.subject,
        "condition": requirement.condition,
        "modality": requirement.modality.value,
        "by": requirement.by,
        "previous": requirement.previous,
        "section": requirement.section,
        "evidence": {"quote": evidence.quote, "start": evidence.start, "end": evidence.end},
    }


def document_event(side: DocumentSide) -> DocumentEvent:
    """Return a document as events tell of it."""
    return {
        "title": side.title,
        "url": side.url,
        "stage": side.stage.value,
        "version_id": side.version_id,
        "fetched_at": instant(side.fetched_at),
        "comment_deadline": None if side.comment_deadline is None else side.comment_deadline.isoformat(),
        "effective_on": None if side.effective_on is None else side.effective_on.isoformat(),
    }


def _change(change: Change, alert: Alert) -> ChangeEvent:
    old = None if change.old is None else side_event(change.old)
    new = None if change.new is None else side_event(change.new)
    runs = redline_between(change, alert.old, alert.new)
    return {
        "kind": change.kind.value,
        "direction": change.direction.value,
        "sentence": sentence(change.kind, change.direction, old, new),
        "old": old,
        "new": new,
        "redline": None if runs is None else [{"mark": run.mark.value, "text": run.text} for run in runs],
    }
