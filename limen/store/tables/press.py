"""What the news says of a rule, beside what the rule says."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from limen.store.tables.base import Base
from limen.store.tables.instruments import InstrumentRow
from limen.store.tables.readings import RequirementRow


class PressLinkRow(Base):
    """The instrument that a news document reports on, why that is thought, and how sure it is (0 to 1)."""

    __tablename__ = "press_links"

    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), primary_key=True)
    instrument_id: Mapped[int] = mapped_column(ForeignKey("instruments.id"), primary_key=True, index=True)
    reason: Mapped[str]
    score: Mapped[float]
    linked_at: Mapped[datetime]

    instrument: Mapped[InstrumentRow] = relationship()


class PressClaimRow(Base):
    """A number of a news document and what the official text says to it; null where the text has none to set beside it."""

    __tablename__ = "press_claims"
    __table_args__ = (UniqueConstraint("requirement_id", "instrument_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    requirement_id: Mapped[int] = mapped_column(ForeignKey("requirements.id"))
    instrument_id: Mapped[int] = mapped_column(ForeignKey("instruments.id"), index=True)
    verdict: Mapped[str]
    official_requirement_id: Mapped[int | None] = mapped_column(ForeignKey("requirements.id"), index=True)
    checked_at: Mapped[datetime]

    instrument: Mapped[InstrumentRow] = relationship()
    requirement: Mapped[RequirementRow] = relationship(foreign_keys=[requirement_id])
    official_requirement: Mapped[RequirementRow | None] = relationship(foreign_keys=[official_requirement_id])


class PressCheckRow(Base):
    """When a document was last looked at for the news beside its source, in which version, and as part of which instrument.

    News has no instrument. A row that is missing or older than what it speaks of says that there is work to do. `waits` says
    that a verdict has to wait for a visit, `reread` that an official text that an article may be about was read anew.
    """

    __tablename__ = "press_checks"

    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("document_versions.id"))
    instrument_id: Mapped[int | None] = mapped_column(ForeignKey("instruments.id"))
    checked_at: Mapped[datetime]
    waits: Mapped[bool] = mapped_column(default=False, server_default=false())
    reread: Mapped[bool] = mapped_column(default=False, server_default=false())
