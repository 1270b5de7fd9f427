"""How often the extractor has failed on a text: after some tries it waits for a newer extractor, or for other bytes.

Revision: 0003, after 0002.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the columns. Nothing counts as failed so far."""
    op.add_column("document_versions", sa.Column("failed_with", sa.Text(), nullable=True))
    op.add_column("document_versions", sa.Column("failed_tries", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    """Take the columns away: every text without a reading is tried again."""
    for column in ("failed_with", "failed_tries"):
        # as SQL: Alembic would copy the whole table on SQLite, and other tables refer to it
        op.execute(f"ALTER TABLE document_versions DROP COLUMN {column}")
