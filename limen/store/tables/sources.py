"""Sources, when they are due, and the runs that crawled them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from limen.store.tables.base import Base


class SourceRow(Base):
    """A publisher's channel, as the catalogue described it last."""

    __tablename__ = "sources"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    publisher: Mapped[str]
    jurisdiction: Mapped[str] = mapped_column(index=True)
    language: Mapped[str]
    document_class: Mapped[str]
    timezone: Mapped[str]
    homepage: Mapped[str]


class SourceStateRow(Base):
    """When a source was crawled last and is due next."""

    __tablename__ = "source_states"

    source_id: Mapped[str] = mapped_column(ForeignKey("sources.id"), primary_key=True)
    last_run_at: Mapped[datetime | None]
    last_success_at: Mapped[datetime | None]
    next_due_at: Mapped[datetime | None] = mapped_column(index=True)


class CrawlRunRow(Base):
    """One crawl of one source. `finished_at` and `outcome` are null while it runs, and for ever if it was killed."""

    __tablename__ = "crawl_runs"
    __table_args__ = (Index(None, "source_id", "started_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[str] = mapped_column(ForeignKey("sources.id"))
    started_at: Mapped[datetime] = mapped_column(index=True)
    finished_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    counters: Mapped[dict[str, int]] = mapped_column(JSON)


class SourceHealthRow(Base):
    """How a source is doing. `turned_at` is since when, `reasons` why, `last_new_at` when it last brought something new.

    `watched_since` is when its first run was judged. `bad_runs` and `good_runs` count the runs in a row that were so.
    """

    __tablename__ = "source_health"

    source_id: Mapped[str] = mapped_column(ForeignKey("sources.id"), primary_key=True)
    state: Mapped[str] = mapped_column(index=True)
    turned_at: Mapped[datetime]
    checked_at: Mapped[datetime]
    reasons: Mapped[list[str]] = mapped_column(JSON)
    bad_runs: Mapped[int]
    good_runs: Mapped[int]
    watched_since: Mapped[datetime]
    last_new_at: Mapped[datetime | None]


class HealthTurnRow(Base):
    """One turn of a source's health: the history that alerts tell of."""

    __tablename__ = "health_turns"

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[str] = mapped_column(ForeignKey("sources.id"), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    before: Mapped[str]
    after: Mapped[str]
    reasons: Mapped[list[str]] = mapped_column(JSON)
