"""The outbox."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from limen.store.tables.base import Base


class DeliveryRow(Base):
    """A message to one recipient. It is due when pending, `next_attempt_at` has come, and nobody holds a lease on it."""

    __tablename__ = "deliveries"
    __table_args__ = (Index(None, "state", "next_attempt_at"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    subscription: Mapped[str]
    channel: Mapped[str]
    recipient: Mapped[str]
    payload: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(index=True)
    state: Mapped[str]
    attempts: Mapped[int]
    next_attempt_at: Mapped[datetime | None]
    leased_until: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    last_error: Mapped[str | None]


class DeliveryChangeRow(Base):
    """Which changes a message tells of."""

    __tablename__ = "delivery_changes"

    delivery_id: Mapped[str] = mapped_column(ForeignKey("deliveries.id"), primary_key=True)
    change_id: Mapped[int] = mapped_column(ForeignKey("changes.id"), primary_key=True, index=True)


class DeliveryEventRow(Base):
    """Which events of documents a message tells of."""

    __tablename__ = "delivery_events"

    delivery_id: Mapped[str] = mapped_column(ForeignKey("deliveries.id"), primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("document_events.id"), primary_key=True, index=True)
