"""Events of documents, proposed joins of instruments, the news beside its source, and texts read again.

Revision: 0005, after 0004.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from limen.store.types import UtcDateTime

revision = "0005"
down_revision = "0004"

TABLES = ("document_events", "delivery_events", "join_proposals", "press_links", "press_claims")
INDEXES = (
    ("document_events", "version_id"),
    ("document_events", "instrument_id"),
    ("document_events", "requirement_id"),
    ("document_events", "official_requirement_id"),
    ("document_events", "detected_at"),
    ("delivery_events", "event_id"),
    ("join_proposals", "instrument_id"),
    ("join_proposals", "state"),
    ("press_links", "instrument_id"),
    ("press_claims", "instrument_id"),
    ("press_claims", "official_requirement_id"),
)


def upgrade() -> None:
    """Add tables and columns. How the documents that are there came to their instruments is not known."""
    for table, column in _columns():
        op.add_column(table, column)
    op.create_table(
        "document_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        _key("version_id"),
        _key("old_version_id", nullable=True),
        _key("instrument_id", nullable=True),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        _key("requirement_id", nullable=True),
        _key("official_requirement_id", nullable=True),
        sa.Column("detected_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_document_events"),
        _reference("document_events", "version_id", "document_versions"),
        _reference("document_events", "old_version_id", "document_versions"),
        _reference("document_events", "instrument_id", "instruments"),
        _reference("document_events", "requirement_id", "requirements"),
        _reference("document_events", "official_requirement_id", "requirements"),
    )
    op.create_table(
        "delivery_events",
        sa.Column("delivery_id", sa.Text(), nullable=False),
        _key("event_id"),
        sa.PrimaryKeyConstraint("delivery_id", "event_id", name="pk_delivery_events"),
        _reference("delivery_events", "delivery_id", "deliveries"),
        _reference("delivery_events", "event_id", "document_events"),
    )
    op.create_table(
        "join_proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        _key("document_id"),
        _key("instrument_id"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_join_proposals"),
        sa.UniqueConstraint("document_id", "instrument_id", name="uq_join_proposals_document_id_instrument_id"),
        _reference("join_proposals", "document_id", "documents"),
        _reference("join_proposals", "instrument_id", "instruments"),
    )
    op.create_table(
        "press_links",
        _key("document_id"),
        _key("instrument_id"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("linked_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("document_id", "instrument_id", name="pk_press_links"),
        _reference("press_links", "document_id", "documents"),
        _reference("press_links", "instrument_id", "instruments"),
    )
    op.create_table(
        "press_claims",
        sa.Column("id", sa.Integer(), nullable=False),
        _key("requirement_id"),
        _key("instrument_id"),
        sa.Column("verdict", sa.Text(), nullable=False),
        _key("official_requirement_id", nullable=True),
        sa.Column("checked_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_press_claims"),
        sa.UniqueConstraint("requirement_id", "instrument_id", name="uq_press_claims_requirement_id_instrument_id"),
        _reference("press_claims", "requirement_id", "requirements"),
        _reference("press_claims", "instrument_id", "instruments"),
        _reference("press_claims", "official_requirement_id", "requirements"),
    )
    for table, name in INDEXES:
        op.create_index(f"ix_{table}_{name}", table, [name])


def downgrade() -> None:
    """Take tables and columns away, with the events and decisions they hold."""
    for table, name in INDEXES:
        op.drop_index(f"ix_{table}_{name}", table)
    for table in reversed(TABLES):
        op.drop_table(table)
    for table, column in _columns():
        # as SQL: Alembic would copy the whole table on SQLite, and other tables refer to it
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column.name}")


def _columns() -> tuple[tuple[str, sa.Column[Any]], ...]:
    """Return the new columns, made anew: a column belongs to one table."""
    return (
        ("documents", sa.Column("join_reason", sa.Text(), nullable=True)),
        ("documents", sa.Column("join_score", sa.Double(), nullable=True)),
        ("document_versions", sa.Column("reader_version", sa.Text(), nullable=True)),
        ("document_versions", sa.Column("rereads", sa.Integer(), nullable=True)),
    )


def _key(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _reference(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}_{target}")
