"""Why nobody was told of an event, and what is looked at again for the news beside its source without telling anybody.

Revision: 0008, after 0007.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

FLAGS = ("waits", "reread")


def upgrade() -> None:
    """Add the columns. What was decided in the moment in which an event was found had a reason, which is given now."""
    op.add_column("document_events", sa.Column("silence", sa.Text(), nullable=True))
    op.execute(
        """
        UPDATE document_events SET silence = CASE
            WHEN kind LIKE 'press%' THEN 'read_anew'
            WHEN version_id IN (
                SELECT v.id FROM document_versions v JOIN documents d ON d.id = v.document_id WHERE d.gone_at IS NOT NULL
            ) THEN 'too_old'
            ELSE 'never_stood'
        END
        WHERE told_at = detected_at AND (kind = 'withdrawn' OR kind LIKE 'press%')
        """
    )
    for name in FLAGS:
        op.add_column("press_checks", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Take the columns away."""
    # as SQL: Alembic would copy the whole table on SQLite, and other tables refer to it
    for name in FLAGS:
        op.execute(f"ALTER TABLE press_checks DROP COLUMN {name}")
    op.execute("ALTER TABLE document_events DROP COLUMN silence")
