"""Instruments: the rule that documents belong to over its life."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from limen.store.tables.base import Base


class InstrumentRow(Base):
    """A rule. `series_key` is its title without year and stage; `edition` the year of its newest edition."""

    __tablename__ = "instruments"
    __table_args__ = (Index(None, "series_key", "jurisdiction", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    jurisdiction: Mapped[str]
    language: Mapped[str]
    series_key: Mapped[str | None]
    edition: Mapped[str | None]
    created_at: Mapped[datetime]

    references: Mapped[list[InstrumentReferenceRow]] = relationship(
        lazy="selectin", order_by="InstrumentReferenceRow.reference", cascade="all, delete-orphan"
    )


class InstrumentReferenceRow(Base):
    """An official number of an instrument, as printed."""

    __tablename__ = "instrument_references"

    instrument_id: Mapped[int] = mapped_column(ForeignKey("instruments.id"), primary_key=True)
    reference: Mapped[str] = mapped_column(primary_key=True, index=True)


class JoinProposalRow(Base):
    """An instrument that a document may belong to, for a person to decide. `state` is that of a review."""

    __tablename__ = "join_proposals"
    __table_args__ = (UniqueConstraint("document_id", "instrument_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    instrument_id: Mapped[int] = mapped_column(ForeignKey("instruments.id"), index=True)
    reason: Mapped[str]
    score: Mapped[float]
    state: Mapped[str] = mapped_column(index=True)
    proposed_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
