"""Fetched bytes: where, when, under which digest."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from limen.store.tables.base import Base


class SnapshotRow(Base):
    """One fetch that brought other bytes than the fetch before. Fetches that did not only move `last_confirmed_at`.

    `etag` and `last_modified` are the validators of the newest answer, which may be newer than `headers`.
    `read_at` is null until the reader has made text of the bytes.
    """

    __tablename__ = "snapshots"
    __table_args__ = (
        Index(None, "source_id", "url", "id"),
        Index(None, "source_id", "page_url"),
        Index(None, "source_id", "last_confirmed_at"),
        Index(None, "read_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[str] = mapped_column(ForeignKey("sources.id"))
    url: Mapped[str]
    final_url: Mapped[str]
    page_url: Mapped[str | None]
    fetched_at: Mapped[datetime]
    status: Mapped[int]
    headers: Mapped[list[list[str]]] = mapped_column(JSON)
    sha256: Mapped[str] = mapped_column(index=True)
    size: Mapped[int]
    attachments: Mapped[list[list[str]]] = mapped_column(JSON)
    hint_title: Mapped[str | None]
    hint_published: Mapped[datetime | None]
    hint_comment_deadline: Mapped[datetime | None]
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    last_confirmed_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
