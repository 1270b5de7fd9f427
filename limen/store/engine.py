"""The database engine: how a connection is set up, and what its errors mean.

Everything here that is particular to SQLite is skipped for another engine.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from limen.store.errors import (
    DatabaseCorrupt,
    DatabaseFull,
    DatabaseLocked,
    DatabaseReadOnly,
    DatabaseUnreachable,
    FullTextMissing,
    StoreError,
)

ACCESS = "limen_access"
"""Execution option of a connection: `read` or `write`."""

PRIMARY_CODE = 0xFF
"""SQLite's extended result codes keep the primary code in their low byte (https://sqlite.org/rescode.html)."""


def build_engine(url: str, *, busy_timeout: timedelta) -> Engine:
    """Return an engine for a database URL. Nothing is opened yet.

    Raises:
        DatabaseUnreachable: the URL cannot be understood, or its driver is not installed.
    """
    try:
        parsed = make_url(url)
        engine = create_engine(parsed)
    except (ArgumentError, NoSuchModuleError, ImportError, ValueError) as error:
        raise DatabaseUnreachable(url.split("@")[-1], str(error)) from error
    if engine.dialect.name == "sqlite":
        _set_up_sqlite(engine, busy_timeout=busy_timeout)
    return engine


def _set_up_sqlite(engine: Engine, *, busy_timeout: timedelta) -> None:
    milliseconds = int(busy_timeout.total_seconds() * 1000)

    @event.listens_for(engine, "connect")
    def _configure(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        for pragma in (
            f"busy_timeout={milliseconds}",
            "journal_mode=WAL",
            "synchronous=FULL",  # a commit survives a power cut: the outbox must not forget what was sent
            "foreign_keys=ON",
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A write transaction takes the lock at once: two that begin as readers and both want to write would otherwise
        # fail without waiting. A read transaction cannot write at all.
        reading = connection.get_execution_options().get(ACCESS) == "read"
        connection.exec_driver_sql(f"PRAGMA query_only={'ON' if reading else 'OFF'}")
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


@contextmanager
def translated(database: str) -> Iterator[None]:
    """Raise the database errors that a user can do something about as `StoreError`s that name the database.

    An error that only a defect of ours can cause (a broken constraint, wrong SQL) passes as it is.
    """
    try:
        yield
    except DBAPIError as error:
        known = store_error(error.orig, database)
        if known is None:
            raise
        raise known from error
    except sqlite3.Error as error:
        known = store_error(error, database)
        if known is None:
            raise
        raise known from error


def store_error(error: BaseException | None, database: str) -> StoreError | None:
    """Return our error for a driver's, or None if it has no remedy but mending the code."""
    if isinstance(error, sqlite3.Error):
        return _sqlite_error(error, database)
    reason: Any = getattr(error, "sqlstate", None)
    # PostgreSQL: class 08 and a failed connection (no state at all), 53100 disk_full, 55P03 lock_not_available
    if reason == "53100":
        return DatabaseFull(database)
    if reason == "55P03":
        return DatabaseLocked(database)
    if type(error).__name__ == "OperationalError" and (reason is None or str(reason).startswith("08")):
        return DatabaseUnreachable(database, str(error).strip().splitlines()[0])
    return None


def _sqlite_error(error: sqlite3.Error, database: str) -> StoreError | None:
    code = getattr(error, "sqlite_errorcode", 0) & PRIMARY_CODE
    match code:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return DatabaseLocked(database)
        case sqlite3.SQLITE_FULL:
            return DatabaseFull(database)
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
            return DatabaseReadOnly(database)
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return DatabaseCorrupt(database)
        case sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_IOERR:
            return DatabaseUnreachable(database, str(error))
    return FullTextMissing(database) if "no such module: fts5" in str(error) else None
