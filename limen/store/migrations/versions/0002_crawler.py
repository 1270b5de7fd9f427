"""What the crawler remembers: identities, lists, resting hosts, pages that are gone or put by, health, near duplicates.

Revision: 0002, after 0001.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from limen.store.types import UtcDateTime

revision = "0002"
down_revision = "0001"

INDEXES = (
    ("attachment_links", "source_id", "url"),
    ("documents", "group_id"),
    ("health_turns", "at"),
    ("health_turns", "source_id"),
    ("signature_bands", "document_id"),
    ("snapshots", "source_id", "identity", "id"),
    ("source_health", "state"),
)

TABLES = (
    *("signature_bands", "text_signatures", "health_turns", "source_health", "host_rests", "crawl_lists"),
    "attachment_links",
)
"""The new tables, those first that refer to others."""


def upgrade() -> None:
    """Add columns and tables. A snapshot of before is known by its address, until it is fetched again."""
    for table, column in _columns():
        op.add_column(table, column)
    op.execute("UPDATE snapshots SET identity = url")
    _create_tables()
    _link_attachments()
    for table, *columns in INDEXES:
        op.create_index(_index(table, columns), table, columns)


def downgrade() -> None:
    """Take columns and tables away, with what they hold."""
    for table, *columns in INDEXES:
        op.drop_index(_index(table, columns), table)
    for table in TABLES:
        op.drop_table(table)
    for table, column in _columns():
        # as SQL: Alembic would copy the whole table on SQLite, and other tables refer to it
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column.name}")


def _columns() -> tuple[tuple[str, sa.Column[Any]], ...]:
    """Return the new columns, made anew: a column belongs to one table."""
    return (
        ("snapshots", sa.Column("identity", sa.Text(), nullable=False, server_default=sa.text("''"))),
        ("snapshots", sa.Column("hint_document_class", sa.Text(), nullable=True)),
        ("snapshots", sa.Column("hint_references", sa.JSON(), nullable=False, server_default="[]")),
        ("snapshots", sa.Column("hint_effective_on", sa.Date(), nullable=True)),
        ("snapshots", sa.Column("hint_opened", UtcDateTime(), nullable=True)),
        ("snapshots", sa.Column("hint_status", sa.Text(), nullable=True)),
        ("snapshots", sa.Column("hint_editorial", sa.Boolean(), nullable=False, server_default=sa.false())),
        ("snapshots", sa.Column("revision", sa.Text(), nullable=True)),
        ("snapshots", sa.Column("missing_since", UtcDateTime(), nullable=True)),
        ("snapshots", sa.Column("gone_at", UtcDateTime(), nullable=True)),
        ("snapshots", sa.Column("held_at", UtcDateTime(), nullable=True)),
        ("snapshots", sa.Column("held_text", sa.Text(), nullable=True)),
        ("documents", sa.Column("gone_at", UtcDateTime(), nullable=True)),
        ("documents", sa.Column("group_id", sa.Integer(), nullable=True)),
        ("document_versions", sa.Column("editorial", sa.Boolean(), nullable=False, server_default=sa.false())),
    )


def _index(table: str, columns: list[str]) -> str:
    return f"ix_{table}_{'_'.join(columns)}"


def _link_attachments() -> None:
    """Take the links of pages to files from what is kept of the pages."""
    text, json = sa.Text(), sa.JSON()
    pages = sa.table(
        "snapshots", *(sa.column(name, text) for name in ("source_id", "url")), sa.column("attachments", json)
    )
    links = sa.table("attachment_links", *(sa.column(name, text) for name in ("source_id", "page_url", "url")))
    connection = op.get_bind()
    found = {
        (source_id, page_url, url)
        for source_id, page_url, attachments in connection.execute(sa.select(pages))
        for url, _ in attachments
    }
    if found:
        rows = [dict(zip(("source_id", "page_url", "url"), each, strict=True)) for each in sorted(found)]
        connection.execute(sa.insert(links), rows)


def _create_tables() -> None:
    op.create_table(
        "attachment_links",
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("page_url", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_attachment_links_source_id_sources"),
        sa.PrimaryKeyConstraint("source_id", "page_url", "url", name="pk_attachment_links"),
    )
    op.create_table(
        "crawl_lists",
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("checked_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_crawl_lists_source_id_sources"),
        sa.PrimaryKeyConstraint("source_id", "url", name="pk_crawl_lists"),
    )
    op.create_table(
        "host_rests",
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("host", name="pk_host_rests"),
    )
    op.create_table(
        "source_health",
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("turned_at", UtcDateTime(), nullable=False),
        sa.Column("checked_at", UtcDateTime(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("bad_runs", sa.Integer(), nullable=False),
        sa.Column("good_runs", sa.Integer(), nullable=False),
        sa.Column("watched_since", UtcDateTime(), nullable=False),
        sa.Column("last_new_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_source_health_source_id_sources"),
        sa.PrimaryKeyConstraint("source_id", name="pk_source_health"),
    )
    op.create_table(
        "health_turns",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_health_turns_source_id_sources"),
    )
    op.create_table(
        "text_signatures",
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_text_signatures_document_id_documents"),
        sa.ForeignKeyConstraint(
            ["version_id"], ["document_versions.id"], name="fk_text_signatures_version_id_document_versions"
        ),
        sa.PrimaryKeyConstraint("document_id", name="pk_text_signatures"),
    )
    op.create_table(
        "signature_bands",
        sa.Column("band", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_signature_bands_document_id_documents"),
        sa.PrimaryKeyConstraint("band", "digest", "document_id", name="pk_signature_bands"),
    )
