"""What a subscription would have sent of what is kept: the selection and the silences of the alert stage, without writing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from limen.alerts import document_event
from limen.alerts.event import ChangedEvent, HappenedEvent
from limen.alerts.payload import event, recipients
from limen.alerts.subscriptions import Subscription, select, select_events
from limen.app.bootstrap import Application
from limen.app.errors import UnknownRule
from limen.app.stages.alert import why_silent
from limen.app.stages.events import is_loud
from limen.domain.change import Alert
from limen.domain.delivery import ChannelKind, Silence
from limen.domain.document_event import KeptEvent
from limen.store.records import StoredVersion
from limen.store.repositories import changes, document_events, documents


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message of a subscription, and those who get it. `silence` is why it would not have gone; None if it would."""

    event: ChangedEvent | HappenedEvent
    recipients: tuple[tuple[ChannelKind, str], ...]
    silence: Silence | None


def backtest(
    application: Application,
    subscriptions: Sequence[Subscription],
    *,
    since: datetime,
    until: datetime | None = None,
) -> tuple[Message, ...]:
    """Return what subscriptions would have sent of what was found from `since` on and before `until`, oldest first.

    What a review has set free since counts with the rest of its comparison.
    """
    with application.store.reading() as session:
        found = [
            message
            for comparison_id, version_id in changes.compared(session, since=since, until=until)
            for message in _of_comparison(
                application, session, comparison_id, documents.by_id(session, version_id), subscriptions
            )
        ]
        for event_ids in document_events.decided(session, since=since, until=until):
            found += _of_events(application, session, event_ids, subscriptions)
    return tuple(sorted(found, key=lambda message: message.event["timestamp"]))


def find_rules(subscriptions: Sequence[Subscription], name: str | None) -> tuple[Subscription, ...]:
    """Return the subscription of a name, all for None. Raises `UnknownRule`."""
    found = tuple(each for each in subscriptions if name is None or each.name == name)
    if not found:
        known = ", ".join(repr(each.name) for each in subscriptions) or "none"
        wanted = "a subscription" if name is None else f"the subscription {name!r}"
        raise UnknownRule(f"there is not {wanted}; there are: {known}")
    return found


def _of_comparison(
    application: Application,
    session: Session,
    comparison_id: int,
    new: StoredVersion,
    subscriptions: Sequence[Subscription],
) -> Iterator[Message]:
    free, held = (changes.alert(session, comparison_id, held=each) for each in (False, True))
    yield from _messages(free, subscriptions, reason=why_silent(free, new, max_age=_max_age(application)))
    yield from _messages(held, subscriptions, reason=Silence.HELD)


def _of_events(
    application: Application, session: Session, event_ids: Collection[int], subscriptions: Sequence[Subscription]
) -> Iterator[Message]:
    alert = document_events.alert(session, event_ids)
    version = documents.by_id(session, alert.new.version_id)
    silence = why_silent(alert, version, max_age=_max_age(application))
    found: dict[Silence | None, list[KeptEvent]] = {}
    for each in alert.events:
        found.setdefault(each.silence or (None if is_loud(each) else silence), []).append(each)
    for reason, events in found.items():
        part = replace(alert, events=tuple(events))
        for subscription in subscriptions:
            chosen = select_events(subscription, part)
            if chosen:
                yield Message(
                    event=document_event.event(part, chosen, subscription_name=subscription.name),
                    recipients=tuple(recipients(subscription.emails, subscription.webhooks)),
                    silence=reason,
                )


def _max_age(application: Application) -> timedelta:
    return timedelta(days=application.config.alerts.max_age_days)


def _messages(alert: Alert, subscriptions: Sequence[Subscription], *, reason: Silence | None) -> Iterator[Message]:
    for subscription in subscriptions:
        chosen = select(subscription, alert)
        if chosen:
            yield Message(
                event=event(alert, chosen, subscription_name=subscription.name),
                recipients=tuple(recipients(subscription.emails, subscription.webhooks)),
                silence=reason,
            )
