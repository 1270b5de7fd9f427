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


class Silence(StrEnum):
    """Why no message is written of something that was found, whoever asked for it."""

    EDITORIAL = "editorial"
    """The publisher says that the version changes nothing in substance."""
    COMMENTARY = "commentary"
    """The document only writes about rules."""
    TOO_OLD = "too_old"
    """The document was published, or withdrawn, long before that was found."""
    HELD = "held_for_review"
    """A side of the change awaits its review, or was rejected."""
    NEVER_STOOD = "never_stood"
    """The document was withdrawn already when it was first seen."""
    READ_ANEW = "read_anew"
    """Only another reading of texts that were known brought it to light."""


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
