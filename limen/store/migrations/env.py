"""Alembic's entry: runs migrations on the connection that `limen.store.schema` hands over."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from limen.store.migrations.scope import is_mapped
from limen.store.tables import Base


def run(connection: Connection) -> None:
    """Run the migrations asked for, in the transaction of the connection."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_name=is_mapped,
        transactional_ddl=True,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
