"""Fetched bytes: where, when, under which digest, linked from which pages; and what the crawler remembers of lists and hosts."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, false, text
from sqlalchemy.orm import Mapped, mapped_column

from limen.store.tables.base import Base


class SnapshotRow(Base):
    """One fetch that brought other bytes than the fetch before. Fetches that did not only move `last_confirmed_at`.

    `etag` and `last_modified` are the validators of the newest answer, which may be newer than `headers`.
    `read_at` is null until the reader has made text of the bytes. `identity` is what the document or attachment is known by
    over all its addresses. `missing_since` is when it was found gone, null while it answers; `gone_at` when a second visit
    found it gone too. `held_at` is when the reader put the bytes by, since their text was doubtful; it counts when a second
    visit finds the same text, the one with the digest `held_text`.
    """

    __tablename__ = "snapshots"
    __table_args__ = (
        Index(None, "source_id", "identity", "id"),
        Index(None, "source_id", "url", "id"),
        Index(None, "source_id", "page_url"),
        Index(None, "source_id", "last_confirmed_at"),
        Index(None, "read_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[str] = mapped_column(ForeignKey("sources.id"))
    url: Mapped[str]
    identity: Mapped[str] = mapped_column(server_default=text("''"))
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
    hint_document_class: Mapped[str | None]
    hint_references: Mapped[list[str]] = mapped_column(JSON, server_default="[]")
    hint_effective_on: Mapped[date | None]
    hint_opened: Mapped[datetime | None]
    hint_status: Mapped[str | None] = mapped_column(index=True)
    hint_editorial: Mapped[bool] = mapped_column(server_default=false())
    revision: Mapped[str | None]
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    last_confirmed_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    missing_since: Mapped[datetime | None]
    gone_at: Mapped[datetime | None]
    held_at: Mapped[datetime | None]
    held_text: Mapped[str | None]


class AttachmentLinkRow(Base):
    """A page that has ever linked to a file; whether it does now, its newest snapshot says."""

    __tablename__ = "attachment_links"
    __table_args__ = (Index(None, "source_id", "url"),)

    source_id: Mapped[str] = mapped_column(ForeignKey("sources.id"), primary_key=True)
    page_url: Mapped[str] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(primary_key=True)


class CrawlListRow(Base):
    """The newest answer of a list, feed or sitemap; its body is kept under `sha256`."""

    __tablename__ = "crawl_lists"

    source_id: Mapped[str] = mapped_column(ForeignKey("sources.id"), primary_key=True)
    url: Mapped[str] = mapped_column(primary_key=True)
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    headers: Mapped[list[list[str]]] = mapped_column(JSON)
    sha256: Mapped[str]
    checked_at: Mapped[datetime]


class HostRestRow(Base):
    """A host that has asked to be left alone (`Retry-After`), whichever source asked it."""

    __tablename__ = "host_rests"

    host: Mapped[str] = mapped_column(primary_key=True)
    until: Mapped[datetime]
