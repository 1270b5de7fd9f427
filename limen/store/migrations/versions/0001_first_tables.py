"""The first tables, and the full-text indexes of SQLite.

Revision: 0001, after nothing.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from limen.store.types import DecimalText, UtcDateTime

revision = "0001"
down_revision = None

TOKENIZER = "tokenize='porter unicode61 remove_diacritics 2'"
FULL_TEXT = (
    # the text is kept in document_versions and never changes, so the index keeps no copy of it
    f"CREATE VIRTUAL TABLE version_index USING fts5(title, body, content='', {TOKENIZER})",
    f"CREATE VIRTUAL TABLE requirement_index USING fts5(metric, subject, condition, context, title, {TOKENIZER})",
)

# table, then the columns of one index; their names follow limen.store.tables.base.NAMING
INDEXES = (
    ("changes", "comparison_id"),
    ("changes", "new_requirement_id"),
    ("changes", "old_requirement_id"),
    ("comparisons", "detected_at"),
    ("comparisons", "instrument_id"),
    ("comparisons", "new_version_id"),
    ("crawl_runs", "source_id", "started_at"),
    ("crawl_runs", "started_at"),
    ("deliveries", "created_at"),
    ("deliveries", "state", "next_attempt_at"),
    ("delivery_changes", "change_id"),
    ("document_versions", "compared_at", "id"),
    ("document_versions", "document_id", "valid_from"),
    ("document_versions", "extracted_at", "id"),
    ("documents", "instrument_id"),
    ("documents", "url"),
    ("entities", "canonical", "version_id"),
    ("entities", "quote"),
    ("entities", "version_id"),
    ("instrument_references", "reference"),
    ("instruments", "series_key", "jurisdiction", "language"),
    ("issues", "kind"),
    ("issues", "last_seen"),
    ("issues", "source_id"),
    ("notes", "comparison_id"),
    ("notes", "new_requirement_id"),
    ("notes", "old_requirement_id"),
    ("requirements", "dimension", "base_value"),
    ("requirements", "dimension", "base_value_max"),
    ("requirements", "key"),
    ("requirements", "magnitude"),
    ("requirements", "magnitude_max"),
    ("requirements", "metric_id"),
    ("requirements", "version_id", "ordinal"),
    ("snapshots", "read_at", "id"),
    ("snapshots", "sha256"),
    ("snapshots", "source_id", "last_confirmed_at"),
    ("snapshots", "source_id", "page_url"),
    ("snapshots", "source_id", "url", "id"),
    ("source_states", "next_due_at"),
    ("sources", "jurisdiction"),
)


def upgrade() -> None:
    """Create all tables, those first that others refer to."""
    _create_deliveries()
    _create_instruments()
    _create_issues()
    _create_sources()
    _create_crawl_runs()
    _create_documents()
    _create_instrument_references()
    _create_snapshots()
    _create_source_states()
    _create_document_versions()
    _create_comparisons()
    _create_entities()
    _create_requirements()
    _create_changes()
    _create_notes()
    _create_delivery_changes()
    for table, *columns in INDEXES:
        op.create_index(f"ix_{table}_{'_'.join(columns)}", table, columns)
    if op.get_bind().dialect.name == "sqlite":
        for statement in FULL_TEXT:
            op.execute(statement)


def downgrade() -> None:
    """Drop all tables with everything in them."""
    if op.get_bind().dialect.name == "sqlite":
        op.drop_table("requirement_index")
        op.drop_table("version_index")
    for table in (
        "delivery_changes",
        "notes",
        "changes",
        "requirements",
        "entities",
        "comparisons",
        "document_versions",
        "source_states",
        "snapshots",
        "instrument_references",
        "documents",
        "crawl_runs",
        "sources",
        "issues",
        "instruments",
        "deliveries",
    ):
        op.drop_table(table)


def _create_deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("subscription", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", UtcDateTime(), nullable=True),
        sa.Column("leased_until", UtcDateTime(), nullable=True),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
    )


def _create_instruments() -> None:
    op.create_table(
        "instruments",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("jurisdiction", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("series_key", sa.Text(), nullable=True),
        sa.Column("edition", sa.Text(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
    )


def _create_issues() -> None:
    op.create_table(
        "issues",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("text_offset", sa.Integer(), nullable=True),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("first_seen", UtcDateTime(), nullable=False),
        sa.Column("last_seen", UtcDateTime(), nullable=False),
        sa.UniqueConstraint("fingerprint", name="uq_issues_fingerprint"),
    )


def _create_sources() -> None:
    op.create_table(
        "sources",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("jurisdiction", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("document_class", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("homepage", sa.Text(), nullable=False),
    )


def _create_crawl_runs() -> None:
    op.create_table(
        "crawl_runs",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("counters", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_crawl_runs_source_id_sources"),
    )


def _create_documents() -> None:
    op.create_table(
        "documents",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("document_class", sa.Text(), nullable=False),
        sa.Column("instrument_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["instrument_id"], ["instruments.id"], name="fk_documents_instrument_id_instruments"),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_documents_source_id_sources"),
        sa.UniqueConstraint("source_id", "url", name="uq_documents_source_id_url"),
    )


def _create_instrument_references() -> None:
    op.create_table(
        "instrument_references",
        sa.Column("instrument_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["instrument_id"], ["instruments.id"], name="fk_instrument_references_instrument_id_instruments"
        ),
        sa.PrimaryKeyConstraint("instrument_id", "reference", name="pk_instrument_references"),
    )


def _create_snapshots() -> None:
    op.create_table(
        "snapshots",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("final_url", sa.Text(), nullable=False),
        sa.Column("page_url", sa.Text(), nullable=True),
        sa.Column("fetched_at", UtcDateTime(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("attachments", sa.JSON(), nullable=False),
        sa.Column("hint_title", sa.Text(), nullable=True),
        sa.Column("hint_published", UtcDateTime(), nullable=True),
        sa.Column("hint_comment_deadline", UtcDateTime(), nullable=True),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("last_confirmed_at", UtcDateTime(), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_snapshots_source_id_sources"),
    )


def _create_source_states() -> None:
    op.create_table(
        "source_states",
        sa.Column("source_id", sa.Text(), primary_key=True),
        sa.Column("last_run_at", UtcDateTime(), nullable=True),
        sa.Column("last_success_at", UtcDateTime(), nullable=True),
        sa.Column("next_due_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_source_states_source_id_sources"),
    )


def _create_document_versions() -> None:
    op.create_table(
        "document_versions",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_sha256", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("published", UtcDateTime(), nullable=True),
        sa.Column("fetched_at", UtcDateTime(), nullable=False),
        sa.Column("valid_from", UtcDateTime(), nullable=False),
        sa.Column("snapshots", sa.JSON(), nullable=False),
        sa.Column("unread", sa.JSON(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("comment_deadline", sa.Date(), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("official_references", sa.JSON(), nullable=False),
        sa.Column("extractor_version", sa.Text(), nullable=True),
        sa.Column("extracted_at", UtcDateTime(), nullable=True),
        sa.Column("compared_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_document_versions_document_id_documents"),
        sa.UniqueConstraint("document_id", "number", name="uq_document_versions_document_id_number"),
    )


def _create_comparisons() -> None:
    op.create_table(
        "comparisons",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("old_version_id", sa.Integer(), nullable=False),
        sa.Column("new_version_id", sa.Integer(), nullable=False),
        sa.Column("instrument_id", sa.Integer(), nullable=True),
        sa.Column("detected_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["instrument_id"], ["instruments.id"], name="fk_comparisons_instrument_id_instruments"),
        sa.ForeignKeyConstraint(
            ["new_version_id"], ["document_versions.id"], name="fk_comparisons_new_version_id_document_versions"
        ),
        sa.ForeignKeyConstraint(
            ["old_version_id"], ["document_versions.id"], name="fk_comparisons_old_version_id_document_versions"
        ),
        sa.UniqueConstraint("old_version_id", "new_version_id", name="uq_comparisons_old_version_id_new_version_id"),
    )


def _create_entities() -> None:
    op.create_table(
        "entities",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("canonical", sa.Text(), nullable=False),
        sa.Column("start_offset", sa.Integer(), nullable=False),
        sa.Column("end_offset", sa.Integer(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["document_versions.id"], name="fk_entities_version_id_document_versions"
        ),
    )


def _create_requirements() -> None:
    op.create_table(
        "requirements",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("op", sa.Text(), nullable=False),
        sa.Column("value", DecimalText(), nullable=False),
        sa.Column("value_max", DecimalText(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("dimension", sa.Text(), nullable=True),
        sa.Column("base_value", sa.Double(), nullable=True),
        sa.Column("base_value_max", sa.Double(), nullable=True),
        sa.Column("magnitude", sa.Double(), nullable=False),
        sa.Column("magnitude_max", sa.Double(), nullable=False),
        sa.Column("metric", sa.Text(), nullable=False),
        sa.Column("metric_id", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("condition", sa.Text(), nullable=True),
        sa.Column("modality", sa.Text(), nullable=False),
        sa.Column("holds_by", sa.Text(), nullable=True),
        sa.Column("previous", DecimalText(), nullable=True),
        sa.Column("section", sa.Text(), nullable=True),
        sa.Column("start_offset", sa.Integer(), nullable=False),
        sa.Column("end_offset", sa.Integer(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["document_versions.id"], name="fk_requirements_version_id_document_versions"
        ),
    )


def _create_changes() -> None:
    op.create_table(
        "changes",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("comparison_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("old_requirement_id", sa.Integer(), nullable=True),
        sa.Column("new_requirement_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["comparison_id"], ["comparisons.id"], name="fk_changes_comparison_id_comparisons"),
        sa.ForeignKeyConstraint(
            ["new_requirement_id"], ["requirements.id"], name="fk_changes_new_requirement_id_requirements"
        ),
        sa.ForeignKeyConstraint(
            ["old_requirement_id"], ["requirements.id"], name="fk_changes_old_requirement_id_requirements"
        ),
    )


def _create_notes() -> None:
    op.create_table(
        "notes",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("comparison_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("old_requirement_id", sa.Integer(), nullable=False),
        sa.Column("new_requirement_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["comparison_id"], ["comparisons.id"], name="fk_notes_comparison_id_comparisons"),
        sa.ForeignKeyConstraint(
            ["new_requirement_id"], ["requirements.id"], name="fk_notes_new_requirement_id_requirements"
        ),
        sa.ForeignKeyConstraint(
            ["old_requirement_id"], ["requirements.id"], name="fk_notes_old_requirement_id_requirements"
        ),
    )


def _create_delivery_changes() -> None:
    op.create_table(
        "delivery_changes",
        sa.Column("delivery_id", sa.Text(), nullable=False),
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["change_id"], ["changes.id"], name="fk_delivery_changes_change_id_changes"),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name="fk_delivery_changes_delivery_id_deliveries"),
        sa.PrimaryKeyConstraint("delivery_id", "change_id", name="pk_delivery_changes"),
    )
