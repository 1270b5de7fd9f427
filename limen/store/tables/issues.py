"""What could not be done."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from limen.store.tables.base import Base


class IssueRow(Base):
    """One trouble, however often it was seen. `fingerprint` is the digest of kind, source, URL and message.

    `source_id` is no foreign key: a source whose TOML cannot be read has no row of its own.
    """

    __tablename__ = "issues"

    id: Mapped[int] = mapped_column(primary_key=True)
    fingerprint: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column(index=True)
    message: Mapped[str]
    severity: Mapped[str]
    source_id: Mapped[str | None] = mapped_column(index=True)
    url: Mapped[str | None]
    offset: Mapped[int | None] = mapped_column("text_offset")
    count: Mapped[int]
    first_seen: Mapped[datetime]
    last_seen: Mapped[datetime] = mapped_column(index=True)
