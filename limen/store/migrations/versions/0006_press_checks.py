"""Which documents were looked at for the news beside its source.

Revision: 0006, after 0005.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from limen.store.types import UtcDateTime

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the table, and an index to find the news around a day. All that is there is looked at in the next pass."""
    op.create_table(
        "press_checks",
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("instrument_id", sa.Integer(), nullable=True),
        sa.Column("checked_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("document_id", name="pk_press_checks"),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_press_checks_document_id_documents"),
        sa.ForeignKeyConstraint(
            ["version_id"], ["document_versions.id"], name="fk_press_checks_version_id_document_versions"
        ),
        sa.ForeignKeyConstraint(
            ["instrument_id"], ["instruments.id"], name="fk_press_checks_instrument_id_instruments"
        ),
    )
    op.create_index("ix_document_versions_valid_from", "document_versions", ["valid_from"])


def downgrade() -> None:
    """Take both away."""
    op.drop_index("ix_document_versions_valid_from", "document_versions")
    op.drop_table("press_checks")
