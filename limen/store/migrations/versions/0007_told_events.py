"""When it was decided who is told of an event, and an index of what lists call withdrawn.

Revision: 0007, after 0006.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from limen.store.types import UtcDateTime

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add column and indexes. Of the events that are there nobody was told yet."""
    op.add_column("document_events", sa.Column("told_at", UtcDateTime(), nullable=True))
    op.create_index("ix_document_events_told_at", "document_events", ["told_at"])
    op.create_index("ix_snapshots_hint_status", "snapshots", ["hint_status"])


def downgrade() -> None:
    """Take column and indexes away."""
    op.drop_index("ix_snapshots_hint_status", "snapshots")
    op.drop_index("ix_document_events_told_at", "document_events")
    # as SQL: Alembic would copy the whole table on SQLite, and other tables refer to it
    op.execute("ALTER TABLE document_events DROP COLUMN told_at")
