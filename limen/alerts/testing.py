"""An outbox without a database, for tests of whatever sends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from limen.domain.delivery import Delivery, DeliveryState


class InMemoryOutbox:
    """Keeps deliveries in memory and follows the contract of `limen.alerts.outbox.Outbox`."""

    def __init__(self, deliveries: Iterable[Delivery] = ()) -> None:
        self.deliveries: dict[str, Delivery] = {}
        """Every delivery by its id, in the order they were added."""
        self.sent_at: dict[str, datetime] = {}
        self._leases: dict[str, datetime] = {}
        self.add(deliveries)

    def add(self, deliveries: Iterable[Delivery]) -> None:
        """Take deliveries in. Raises `ValueError` if an id is taken."""
        for delivery in deliveries:
            if delivery.id in self.deliveries:
                raise ValueError(f"delivery {delivery.id!r} is in the outbox already")
            self.deliveries[delivery.id] = delivery

    def claim_due(self, *, now: datetime, limit: int, lease: timedelta) -> Sequence[Delivery]:
        """Return up to `limit` due deliveries, each counted as tried and leased until `now + lease`."""
        due = [delivery for delivery in self.deliveries.values() if self._is_due(delivery, now)]
        due.sort(key=lambda delivery: delivery.created_at)
        claimed = [replace(delivery, attempts=delivery.attempts + 1) for delivery in due[:limit]]
        for delivery in claimed:
            self.deliveries[delivery.id] = delivery
            self._leases[delivery.id] = now + lease
        return tuple(claimed)

    def mark_sent(self, delivery_id: str, *, at: datetime) -> None:
        """Record that the receiver took the message over."""
        self._leases.pop(delivery_id, None)
        self.sent_at[delivery_id] = at
        self.deliveries[delivery_id] = replace(
            self.deliveries[delivery_id], state=DeliveryState.SENT, next_attempt_at=None, last_error=None
        )

    def mark_failed(
        self,
        delivery_id: str,
        *,
        error: str,
        at: datetime,  # noqa: ARG002  part of the contract; nobody asks the fake when a try failed
        next_attempt_at: datetime | None,
    ) -> None:
        """Record a failed try; without a next one the delivery is dead. A sent one stays sent."""
        self._leases.pop(delivery_id, None)
        if self.deliveries[delivery_id].state is DeliveryState.SENT:
            return
        self.deliveries[delivery_id] = replace(
            self.deliveries[delivery_id],
            state=DeliveryState.DEAD if next_attempt_at is None else DeliveryState.PENDING,
            next_attempt_at=next_attempt_at,
            last_error=error,
        )

    def _is_due(self, delivery: Delivery, now: datetime) -> bool:
        leased_until = self._leases.get(delivery.id)
        return (
            delivery.state is DeliveryState.PENDING
            and (delivery.next_attempt_at is None or delivery.next_attempt_at <= now)
            and (leased_until is None or leased_until <= now)
        )
