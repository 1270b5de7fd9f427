"""The revision of the tables, and the way from one to the next (Alembic, configured in code, so that a wheel is enough)."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from limen.store.errors import SchemaTooNew, SchemaTooOld

MIGRATIONS = Path(__file__).with_name("migrations")


def configuration(connection: Connection | None = None) -> Config:
    """Return the Alembic configuration; with a connection, migrations run on it and in its transaction."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def current(connection: Connection) -> str | None:
    """Return the revision of a database; None if it has no tables of ours."""
    return MigrationContext.configure(connection).get_current_revision()


def head() -> str:
    """Return the revision that this code needs."""
    revision = ScriptDirectory.from_config(configuration()).get_current_head()
    assert revision is not None
    return revision


def upgrade(connection: Connection, *, database: str) -> None:
    """Bring the tables to `head`. Raises `SchemaTooNew`."""
    if _known(connection, database=database) != head():
        command.upgrade(configuration(connection), "head")


def downgrade(connection: Connection, revision: str) -> None:
    """Take the tables back to an older revision; `base` removes them all, with everything in them."""
    command.downgrade(configuration(connection), revision)


def check(connection: Connection, *, database: str) -> None:
    """Raise `SchemaTooNew` or `SchemaTooOld` unless the tables are at `head`."""
    revision = _known(connection, database=database)
    if revision != head():
        raise SchemaTooOld(database, revision, head())


def _known(connection: Connection, *, database: str) -> str | None:
    revision = current(connection)
    known = {script.revision for script in ScriptDirectory.from_config(configuration()).walk_revisions()}
    if revision is not None and revision not in known:
        raise SchemaTooNew(database, revision, head())
    return revision
