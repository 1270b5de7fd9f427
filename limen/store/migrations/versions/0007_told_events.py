"""When it was decided who is told of an event.

Revision: 0007, after 0006.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from limen.store.types import UtcDateTime

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the column. Of the events that are there nobody was told yet."""
    op.add_column("document_events", sa.Column("told_at", UtcDateTime(), nullable=True))
    op.create_index("ix_document_events_told_at", "document_events", ["told_at"])


def downgrade() -> None:
    """Take the column away."""
    op.drop_index("ix_document_events_told_at", "document_events")
    # as SQL: Alembic would copy the whole table on SQLite, and other tables refer to it
    op.execute("ALTER TABLE document_events DROP COLUMN told_at")
