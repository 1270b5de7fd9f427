"""What people decided about doubtful requirements."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from limen.store.tables.base import Base


class ReviewDecisionRow(Base):
    """A decision, under the mark that every reading of the same words in the same document has."""

    __tablename__ = "review_decisions"

    mark: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str]
    decided_at: Mapped[datetime]
