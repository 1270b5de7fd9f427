"""The outbox: messages written in the transaction of the change they tell of, sent after it, until accepted or given up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from limen.domain.delivery import Delivery, DeliveryState
from limen.store.errors import NotStored
from limen.store.mapping import delivery_from_row
from limen.store.tables import DeliveryChangeRow, DeliveryEventRow, DeliveryRow

LEASE = timedelta(minutes=10)
"""Longer than any one try may take (time-outs included), so that a living sender never loses its row."""


def add(
    session: Session,
    deliveries: Iterable[Delivery],
    *,
    change_ids: Iterable[int] = (),
    event_ids: Iterable[int] = (),
) -> int:
    """Put messages that tell of some changes, or some events of documents, into the outbox, and return how many were new.

    A message whose id is there already is left as it is: doing the work of a stage again sends nothing twice.
    """
    changes, events = tuple(dict.fromkeys(change_ids)), tuple(dict.fromkeys(event_ids))
    added = 0
    for delivery in deliveries:
        if session.get(DeliveryRow, delivery.id) is not None:
            continue
        session.add(
            DeliveryRow(
                id=delivery.id,
                subscription=delivery.subscription,
                channel=delivery.channel.value,
                recipient=delivery.recipient,
                payload=delivery.payload,
                created_at=delivery.created_at,
                state=delivery.state.value,
                attempts=delivery.attempts,
                next_attempt_at=delivery.next_attempt_at or delivery.created_at,
                last_error=delivery.last_error,
            )
        )
        session.flush()
        session.add_all(DeliveryChangeRow(delivery_id=delivery.id, change_id=change_id) for change_id in changes)
        session.add_all(DeliveryEventRow(delivery_id=delivery.id, event_id=event_id) for event_id in events)
        added += 1
    session.flush()
    return added


def claim_due(session: Session, now: datetime, *, limit: int, lease: timedelta = LEASE) -> tuple[Delivery, ...]:
    """Return pending messages whose time has come, longest due first, and keep other senders off them until `now + lease`.

    A claim counts as a try, so that a message which kills its sender is given up in the end. If the sender dies, the
    message becomes due again when the lease ends. Run it in a transaction of its own, and send after that.
    """
    row = DeliveryRow
    query = (
        select(row)
        .where(
            row.state == DeliveryState.PENDING.value,
            row.next_attempt_at <= now,
            row.leased_until.is_(None) | (row.leased_until <= now),
        )
        .order_by(row.next_attempt_at, row.id)
        .limit(limit)
        .with_for_update(skip_locked=True)  # for PostgreSQL; SQLite has one writer at a time anyway
    )
    claimed = session.scalars(query).all()
    for each in claimed:
        each.leased_until = now + lease
        each.attempts += 1
    session.flush()
    return tuple(delivery_from_row(each) for each in claimed)


def mark_sent(session: Session, delivery_id: str, *, at: datetime) -> None:
    """Record that the recipient's server accepted a message. Raises `NotStored`."""
    row = _row(session, delivery_id)
    row.state = DeliveryState.SENT.value
    row.finished_at = at
    row.leased_until = None
    row.last_error = None
    session.flush()


def mark_failed(
    session: Session, delivery_id: str, *, error: str, at: datetime, next_attempt_at: datetime | None
) -> None:
    """Record a failed try: due again at `next_attempt_at`, or given up if that is None.

    A message that another sender got through meanwhile stays sent. Raises `NotStored`.
    """
    row = _row(session, delivery_id)
    if row.state == DeliveryState.SENT.value:
        return
    row.last_error = error
    row.leased_until = None
    row.next_attempt_at = next_attempt_at
    if next_attempt_at is None:
        row.state = DeliveryState.DEAD.value
        row.finished_at = at
    session.flush()


def requeue(session: Session, *, at: datetime, delivery_id: str | None = None) -> int:
    """Take up dead messages again, one or all, with their tries counted anew, and return how many.

    Raises:
        NotStored: there is no message of that id.
    """
    query = select(DeliveryRow).where(DeliveryRow.state == DeliveryState.DEAD.value)
    if delivery_id is not None:
        _row(session, delivery_id)
        query = query.where(DeliveryRow.id == delivery_id)
    rows = session.scalars(query).all()
    for row in rows:
        row.state = DeliveryState.PENDING.value
        row.attempts = 0
        row.next_attempt_at = at
        row.finished_at = None
    session.flush()
    return len(rows)


def by_id(session: Session, delivery_id: str) -> Delivery:
    """Return a message. Raises `NotStored`."""
    return delivery_from_row(_row(session, delivery_id))


def load(
    session: Session, *, state: DeliveryState | None = None, limit: int = 100, offset: int = 0
) -> tuple[Delivery, ...]:
    """Return messages, newest first."""
    query = select(DeliveryRow).order_by(DeliveryRow.created_at.desc(), DeliveryRow.id).limit(limit).offset(offset)
    if state is not None:
        query = query.where(DeliveryRow.state == state.value)
    return tuple(delivery_from_row(row) for row in session.scalars(query))


def next_due(session: Session) -> datetime | None:
    """Return when the next pending message may be tried; None if none is pending. A lease counts."""
    row = DeliveryRow
    query = select(row.next_attempt_at, row.leased_until).where(row.state == DeliveryState.PENDING.value)
    times = [max(filter(None, pair)) for pair in session.execute(query) if any(pair)]
    return min(times, default=None)


def _row(session: Session, delivery_id: str) -> DeliveryRow:
    row = session.get(DeliveryRow, delivery_id)
    if row is None:
        raise NotStored("delivery", delivery_id)
    return row
