"""Comparisons of two versions, and what they brought to light."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from limen.store.tables.base import Base
from limen.store.tables.documents import DocumentVersionRow
from limen.store.tables.instruments import InstrumentRow
from limen.store.tables.readings import RequirementRow


class ComparisonRow(Base):
    """Two versions, of one document or of one instrument, that were compared."""

    __tablename__ = "comparisons"
    __table_args__ = (UniqueConstraint("old_version_id", "new_version_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    old_version_id: Mapped[int] = mapped_column(ForeignKey("document_versions.id"))
    new_version_id: Mapped[int] = mapped_column(ForeignKey("document_versions.id"), index=True)
    instrument_id: Mapped[int | None] = mapped_column(ForeignKey("instruments.id"), index=True)
    detected_at: Mapped[datetime] = mapped_column(index=True)

    old_version: Mapped[DocumentVersionRow] = relationship(foreign_keys=[old_version_id])
    new_version: Mapped[DocumentVersionRow] = relationship(foreign_keys=[new_version_id])
    instrument: Mapped[InstrumentRow | None] = relationship()


class ChangeRow(Base):
    """A changed requirement; the old side is null for an added one, the new side for a removed one.

    `held` is true while a side awaits its review, and for good once it is rejected: nobody is told of such a change.
    """

    __tablename__ = "changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    comparison_id: Mapped[int] = mapped_column(ForeignKey("comparisons.id"), index=True)
    kind: Mapped[str]
    direction: Mapped[str]
    old_requirement_id: Mapped[int | None] = mapped_column(ForeignKey("requirements.id"), index=True)
    new_requirement_id: Mapped[int | None] = mapped_column(ForeignKey("requirements.id"), index=True)
    held: Mapped[bool] = mapped_column(index=True, default=False, server_default=false())

    comparison: Mapped[ComparisonRow] = relationship()
    old: Mapped[RequirementRow | None] = relationship(foreign_keys=[old_requirement_id])
    new: Mapped[RequirementRow | None] = relationship(foreign_keys=[new_requirement_id])


class NoteRow(Base):
    """The same requirement in another form."""

    __tablename__ = "notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    comparison_id: Mapped[int] = mapped_column(ForeignKey("comparisons.id"), index=True)
    kind: Mapped[str]
    old_requirement_id: Mapped[int] = mapped_column(ForeignKey("requirements.id"), index=True)
    new_requirement_id: Mapped[int] = mapped_column(ForeignKey("requirements.id"), index=True)

    old: Mapped[RequirementRow] = relationship(foreign_keys=[old_requirement_id])
    new: Mapped[RequirementRow] = relationship(foreign_keys=[new_requirement_id])


class DocumentEventRow(Base):
    """Something that a document did as a whole (`DocumentEvent`), or that the press says against its source.

    `version_id` is the version that it was seen on, `old_version_id` the one that it was compared with, if any. The two
    requirements are null but for events of the press: the number that the news gives, and the official one beside it.
    `told_at` is null until it was decided who is told; `silence` is why nobody was, where that was clear from the start.
    """

    __tablename__ = "document_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    version_id: Mapped[int] = mapped_column(ForeignKey("document_versions.id"), index=True)
    old_version_id: Mapped[int | None] = mapped_column(ForeignKey("document_versions.id"))
    instrument_id: Mapped[int | None] = mapped_column(ForeignKey("instruments.id"), index=True)
    before: Mapped[str | None]
    after: Mapped[str | None]
    requirement_id: Mapped[int | None] = mapped_column(ForeignKey("requirements.id"), index=True)
    official_requirement_id: Mapped[int | None] = mapped_column(ForeignKey("requirements.id"), index=True)
    detected_at: Mapped[datetime] = mapped_column(index=True)
    told_at: Mapped[datetime | None] = mapped_column(index=True)
    silence: Mapped[str | None]

    version: Mapped[DocumentVersionRow] = relationship(foreign_keys=[version_id])
    old_version: Mapped[DocumentVersionRow | None] = relationship(foreign_keys=[old_version_id])
    instrument: Mapped[InstrumentRow | None] = relationship()
    requirement: Mapped[RequirementRow | None] = relationship(foreign_keys=[requirement_id])
    official_requirement: Mapped[RequirementRow | None] = relationship(foreign_keys=[official_requirement_id])
