"""What the extractor found in a version's text."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import JSON, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from limen.store.tables.base import Base
from limen.store.tables.documents import DocumentVersionRow


class RequirementRow(Base):
    """A requirement as read from one version.

    `key` is its identity over versions. `current` is false once a later reading of the same version replaced it (it is
    kept because a change speaks of it). `base_value` and `base_value_max` bound the amount in the base unit of
    `dimension`, `magnitude` and `magnitude_max` in the unit itself; both pairs are doubles for searching, are equal
    where there is no range, and may be off in the last digits. Null where the unit is unknown. `mark` is what a person's
    decision about it is kept under, `review` where it stands in the review; null where nobody needs to look at it.
    """

    __tablename__ = "requirements"
    __table_args__ = (
        Index(None, "version_id", "ordinal"),
        Index(None, "dimension", "base_value"),
        Index(None, "dimension", "base_value_max"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("document_versions.id"))
    ordinal: Mapped[int]
    key: Mapped[str] = mapped_column(index=True)
    current: Mapped[bool]
    op: Mapped[str]
    value: Mapped[Decimal]
    value_max: Mapped[Decimal | None]
    unit: Mapped[str]
    dimension: Mapped[str | None]
    base_value: Mapped[float | None]
    base_value_max: Mapped[float | None]
    magnitude: Mapped[float] = mapped_column(index=True)
    magnitude_max: Mapped[float] = mapped_column(index=True)
    metric: Mapped[str]
    metric_id: Mapped[str | None] = mapped_column(index=True)
    subject: Mapped[str | None]
    condition: Mapped[str | None]
    modality: Mapped[str]
    by: Mapped[str | None] = mapped_column("holds_by")
    previous: Mapped[Decimal | None]
    section: Mapped[str | None]
    start: Mapped[int] = mapped_column("start_offset")
    end: Mapped[int] = mapped_column("end_offset")
    quote: Mapped[str]
    confidence: Mapped[float] = mapped_column(server_default="1")
    reasons: Mapped[list[str]] = mapped_column(JSON, server_default="[]")
    mark: Mapped[str] = mapped_column(index=True, server_default=text("''"))
    review: Mapped[str | None] = mapped_column(index=True)

    version: Mapped[DocumentVersionRow] = relationship()


class EntityRow(Base):
    """A name found in one version's text."""

    __tablename__ = "entities"
    __table_args__ = (Index(None, "canonical", "version_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("document_versions.id"), index=True)
    label: Mapped[str]
    canonical: Mapped[str]
    start: Mapped[int] = mapped_column("start_offset")
    end: Mapped[int] = mapped_column("end_offset")
    quote: Mapped[str] = mapped_column(index=True)
