"""The review of doubtful requirements, and more of what a document says of itself.

Revision: 0004, after 0003.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from limen.store.types import UtcDateTime

revision = "0004"
down_revision = "0003"

INDEXES = (("requirements", "mark"), ("requirements", "review"), ("changes", "held"))


def upgrade() -> None:
    """Add columns and a table. What was read before is sure until it is read again."""
    for table, column in _columns():
        op.add_column(table, column)
    op.create_table(
        "review_decisions",
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("mark", name="pk_review_decisions"),
    )
    for table, name in INDEXES:
        op.create_index(f"ix_{table}_{name}", table, [name])


def downgrade() -> None:
    """Take columns and table away, with the decisions they hold."""
    for table, name in INDEXES:
        op.drop_index(f"ix_{table}_{name}", table)
    op.drop_table("review_decisions")
    for table, column in _columns():
        # as SQL: Alembic would copy the whole table on SQLite, and other tables refer to it
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column.name}")


def _columns() -> tuple[tuple[str, sa.Column[Any]], ...]:
    """Return the new columns, made anew: a column belongs to one table."""
    return (
        ("requirements", sa.Column("confidence", sa.Double(), nullable=False, server_default="1")),
        ("requirements", sa.Column("reasons", sa.JSON(), nullable=False, server_default="[]")),
        ("requirements", sa.Column("mark", sa.Text(), nullable=False, server_default=sa.text("''"))),
        ("requirements", sa.Column("review", sa.Text(), nullable=True)),
        ("changes", sa.Column("held", sa.Boolean(), nullable=False, server_default=sa.false())),
        ("document_versions", sa.Column("issued_by", sa.JSON(), nullable=False, server_default="[]")),
        ("document_versions", sa.Column("replaces", sa.JSON(), nullable=False, server_default="[]")),
        ("document_versions", sa.Column("repeals", sa.JSON(), nullable=False, server_default="[]")),
    )
