"""The database as the application holds it: who may write, and until when."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import TracebackType

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from limen.store import schema
from limen.store.engine import ACCESS, build_engine, translated

BUSY_TIMEOUT = timedelta(seconds=30)


class Store:
    """One database. Hands out sessions; whoever opened a transaction owns its end, and nobody else commits.

    A `Store` may be shared by threads; a session may not. Use it as a context manager, or `close` it.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reader = engine.execution_options(**{ACCESS: "read"})
        file = engine.url.database if engine.dialect.name == "sqlite" else None
        self._database = file or engine.url.render_as_string(hide_password=True)

    @classmethod
    def open(cls, url: str, *, busy_timeout: timedelta = BUSY_TIMEOUT) -> Store:
        """Return the store of a database URL such as `sqlite:////var/lib/limen/limen.db`. Touches no disk yet.

        `busy_timeout` is how long a writer waits for another process's transaction.

        Raises:
            DatabaseUnreachable: the URL cannot be understood.
        """
        return cls(build_engine(url, busy_timeout=busy_timeout))

    @property
    def database(self) -> str:
        """The path or URL of the database for messages, without a password."""
        return self._database

    def upgrade(self) -> None:
        """Bring the tables to the state that this code needs; does nothing if they are there already.

        Safe when several processes start at once: the first one does the work, the others wait for it.

        Raises:
            SchemaTooNew: a newer Limen has already upgraded the database.
            StoreError: the database is locked, full, read-only, damaged or out of reach.
        """
        with translated(self._database), self._engine.begin() as connection:
            schema.upgrade(connection, database=self._database)

    def check_schema(self) -> None:
        """Raise `SchemaTooNew` or `SchemaTooOld` unless the tables are those that this code needs. Writes nothing."""
        with translated(self._database), self._reader.begin() as connection:
            schema.check(connection, database=self._database)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Yield a session that may write. Leaving the block commits; leaving it by an exception rolls all of it back.

        On SQLite the write lock is taken at once, so keep the block short: no fetching, reading or sending inside.

        Raises:
            StoreError: the database is locked, full, read-only, damaged or out of reach. Nothing was written.
        """
        with (
            translated(self._database),
            Session(self._engine, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Yield a session that sees one state of the database and cannot write. Never waits for a writer.

        Raises:
            StoreError: the database is damaged or out of reach; `DatabaseReadOnly` if the block tries to write.
        """
        with translated(self._database), Session(self._reader) as session:
            yield session

    def close(self) -> None:
        """Close all idle connections."""
        self._engine.dispose()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
