"""One message to one recipient, kept until it is accepted or given up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ChannelKind(StrEnum):
    """How a message travels."""

    EMAIL = "email"
    WEBHOOK = "webhook"


class DeliveryState(StrEnum):
    """Where a message stands."""

    PENDING = "pending"
    SENT = "sent"
    DEAD = "dead"
    """Given up after the last try; `limen delivery retry` takes it up again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A row of the outbox. `id` is sent with every try and never changes, so that a receiver can drop a repeat.

    `payload` is the canonical JSON of the event, frozen when the change was written.
    """

    id: str
    subscription: str
    channel: ChannelKind
    recipient: str
    """E-mail address or webhook name (its URL and secret are configuration)."""
    payload: str
    created_at: datetime
    state: DeliveryState = DeliveryState.PENDING
    attempts: int = 0
    next_attempt_at: datetime | None = None
    last_error: str | None = None
