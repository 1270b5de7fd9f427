"""Documents and their texts over time."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from limen.store.tables.base import Base
from limen.store.tables.instruments import InstrumentRow
from limen.store.tables.sources import SourceRow


class DocumentRow(Base):
    """One page of one source, known by its canonical URL.

    `gone_at` is when two visits in a row had found it gone; null while it is there. `group_id` is the group of documents
    that tell the same story, null until its text was looked at. `join_reason` is why it belongs to its instrument and
    `join_score` how sure that is (0 to 1), null where it has none or that was not kept.
    """

    __tablename__ = "documents"
    __table_args__ = (UniqueConstraint("source_id", "url"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[str] = mapped_column(ForeignKey("sources.id"))
    url: Mapped[str] = mapped_column(index=True)
    document_class: Mapped[str]
    instrument_id: Mapped[int | None] = mapped_column(ForeignKey("instruments.id"), index=True)
    gone_at: Mapped[datetime | None]
    group_id: Mapped[int | None] = mapped_column(index=True)
    join_reason: Mapped[str | None]
    join_score: Mapped[float | None]

    source: Mapped[SourceRow] = relationship(lazy="joined", innerjoin=True)
    instrument: Mapped[InstrumentRow | None] = relationship()


class DocumentVersionRow(Base):
    """A document's text as it stood from `valid_from` on, and what the extractor read about the document itself.

    `number` counts from 1. `extracted_at` is null until the text was read, `compared_at` until it was compared with
    its predecessor (or found to have none). `reader_version` is that of the readers that made the text of the bytes, null
    if it was not kept; `rereads` the id of the version whose bytes this one reads anew, null for bytes that were new.
    """

    __tablename__ = "document_versions"
    __table_args__ = (
        UniqueConstraint("document_id", "number"),
        Index(None, "document_id", "valid_from"),
        Index(None, "extracted_at", "id"),
        Index(None, "compared_at", "id"),
        Index(None, "valid_from"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    number: Mapped[int]
    title: Mapped[str]
    text: Mapped[str] = mapped_column(deferred=True)
    text_sha256: Mapped[str]
    language: Mapped[str]
    published: Mapped[datetime | None]
    fetched_at: Mapped[datetime]
    valid_from: Mapped[datetime]
    snapshots: Mapped[list[str]] = mapped_column(JSON)
    unread: Mapped[list[str]] = mapped_column(JSON)
    editorial: Mapped[bool] = mapped_column(server_default=false())
    stage: Mapped[str]
    comment_deadline: Mapped[date | None]
    effective_on: Mapped[date | None]
    references: Mapped[list[str]] = mapped_column("official_references", JSON)
    issued_by: Mapped[list[list[str | None]]] = mapped_column(JSON, default=list, server_default="[]")
    replaces: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    repeals: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    extractor_version: Mapped[str | None]
    extracted_at: Mapped[datetime | None]
    failed_with: Mapped[str | None]
    """The version of the extractor that could not read the text; null where none has failed."""
    failed_tries: Mapped[int] = mapped_column(server_default="0")
    compared_at: Mapped[datetime | None]
    reader_version: Mapped[str | None]
    rereads: Mapped[int | None]

    document: Mapped[DocumentRow] = relationship(lazy="joined", innerjoin=True)


class TextSignatureRow(Base):
    """The MinHash of a document's newest text, by which near duplicates are found. `version_id` says of which text."""

    __tablename__ = "text_signatures"

    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("document_versions.id"))
    signature: Mapped[bytes] = mapped_column(LargeBinary)


class SignatureBandRow(Base):
    """One band of a signature: texts that share one are candidates for near duplicates (locality-sensitive hashing)."""

    __tablename__ = "signature_bands"

    band: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), primary_key=True, index=True)
