"""Deliveries to the channels: whatever is due, from this pass or an earlier one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from limen.alerts.outbox import Dispatcher
from limen.app.bootstrap import Application
from limen.app.report import PassSummary, Reporter
from limen.domain.delivery import Delivery
from limen.domain.issue import Issue, IssueKind
from limen.store.repositories import deliveries, issues
from limen.store.session import Store


class StoreOutbox:
    """The dispatcher's `Outbox` over the database; each call is a transaction of its own."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def claim_due(self, *, now: datetime, limit: int, lease: timedelta) -> Sequence[Delivery]:
        """Return pending deliveries due at `now`, kept from other senders until `now + lease`."""
        with self._store.transaction() as session:
            return deliveries.claim_due(session, now, limit=limit, lease=lease)

    def mark_sent(self, delivery_id: str, *, at: datetime) -> None:
        """Record that the receiver took the message over."""
        with self._store.transaction() as session:
            deliveries.mark_sent(session, delivery_id, at=at)

    def mark_failed(self, delivery_id: str, *, error: str, at: datetime, next_attempt_at: datetime | None) -> None:
        """Record why the try at `at` failed, and when the next one is due; None gives the message up."""
        with self._store.transaction() as session:
            deliveries.mark_failed(session, delivery_id, error=error, at=at, next_attempt_at=next_attempt_at)


def notify(application: Application, *, summary: PassSummary, reporter: Reporter) -> None:
    """Send what is due, and raise an issue for each message that was given up."""
    reporter.begin("notify")
    dispatcher = Dispatcher(
        outbox=StoreOutbox(application.store),
        channels=application.channels,
        clock=application.wire_clock,
        retry=application.retry,
    )
    result = dispatcher.run_once()
    with application.store.transaction() as session:
        for failure in result.dead:
            message = f"message {failure.delivery.id} to {failure.delivery.recipient} was given up: {failure.error}"
            issues.save(session, Issue(kind=IssueKind.DELIVERY_FAILED, message=message), at=application.clock())
    for delivery in result.sent:
        reporter.advance("notify", delivery.recipient)
    summary.sent += len(result.sent)
    summary.given_up += len(result.dead)
    summary.postponed += len(result.failed) - len(result.dead)
    reporter.end("notify")
