"""From what documents do to the messages it makes: pure, so that it can run inside the transaction that decides who is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from limen.alerts.event import DOCUMENT, VERSION, HappenedEvent, HappeningEvent, NumberEvent, dump
from limen.alerts.event_wording import headline, sentence
from limen.alerts.payload import (
    Coverage,
    addressed,
    coverage_event,
    document_event,
    instant,
    recipients,
    side_event,
    source_event,
)
from limen.alerts.subscriptions import Subscription, select_events
from limen.domain.delivery import Delivery
from limen.domain.document_event import EventAlert, KeptEvent, PressNumber


def event(
    alert: EventAlert, events: Sequence[KeptEvent], *, subscription_name: str, coverage: Coverage | None = None
) -> HappenedEvent:
    """Return the event that tells of `events`, a non-empty part of the alert's. The times are UTC."""
    if not events:
        raise ValueError("a message needs at least one event")
    written = [_happening(each) for each in events]
    return {
        "type": DOCUMENT,
        "version": VERSION,
        "timestamp": instant(alert.detected_at),
        "data": {
            "headline": headline(written, instrument=alert.instrument),
            "subscription": subscription_name,
            "source": source_event(alert.source),
            "instrument": {"title": alert.instrument},
            "old": None if alert.old is None else document_event(alert.old),
            "new": document_event(alert.new),
            "events": written,
            "other_events": len(alert.events) - len(events),
            "coverage": coverage_event(coverage),
        },
    }


def deliveries_for(
    alert: EventAlert,
    subscription: Subscription,
    *,
    now: datetime,
    new_id: Callable[[], str],
    coverage: Coverage | None = None,
) -> tuple[tuple[Delivery, ...], tuple[int, ...]]:
    """Return one pending delivery per recipient of a subscription, due at `now`, and the ids of the events that they tell of.

    Both are empty where the subscription asks for none of the events. `new_id` gives the unique part of each delivery's id
    (`uuid4().hex`); it must hold letters and digits only.
    """
    events = select_events(subscription, alert)
    if not events:
        return (), ()
    payload = dump(event(alert, events, subscription_name=subscription.name, coverage=coverage))
    told = recipients(subscription.emails, subscription.webhooks)
    messages = addressed(payload, told, subscription=subscription.name, now=now, new_id=new_id)
    return messages, tuple(each.id for each in events)


def _happening(kept: KeptEvent) -> HappeningEvent:
    happened = kept.event
    number = None if kept.number is None else _number(kept.number)
    return {
        "kind": happened.kind.value,
        "sentence": sentence(happened.kind, happened.before, happened.after, number),
        "before": happened.before,
        "after": happened.after,
        "number": number,
    }


def _number(number: PressNumber) -> NumberEvent:
    document = number.official_document
    return {
        "claim": side_event(number.claim),
        "official": None if number.official is None else side_event(number.official),
        "official_document": None if document is None else document_event(document),
    }
