"""What a user is told when the database cannot do its work."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select, text

from limen.store.errors import (
    DatabaseCorrupt,
    DatabaseFull,
    DatabaseLocked,
    DatabaseReadOnly,
    DatabaseUnreachable,
    SchemaTooNew,
    SchemaTooOld,
    StoreError,
)
from limen.store.repositories import sources
from limen.store.session import Store
from limen.store.tables import SourceRow
from tests.unit.store.samples import a_source, a_version, keep


@contextmanager
def opened(path: Path, *, timeout: float = 0.05) -> Iterator[Store]:
    with Store.open(f"sqlite:///{path}", busy_timeout=timedelta(seconds=timeout)) as database:
        yield database


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "limen.db"
    with opened(file) as database:
        database.upgrade()
    return file


def saved(database: Store) -> int:
    with database.reading() as session:
        return len(sources.load_all(session))


def test_leaving_a_transaction_commits(path: Path) -> None:
    with opened(path) as database:
        with database.transaction() as session:
            sources.save(session, a_source())
        assert saved(database) == 1


def test_leaving_it_by_an_exception_rolls_everything_back(path: Path) -> None:
    with opened(path) as database:

        def fail() -> None:
            with database.transaction() as session:
                sources.save(session, a_source())
                raise KeyError

        with pytest.raises(KeyError):
            fail()
        assert saved(database) == 0


def test_settings_of_a_connection(path: Path) -> None:
    with opened(path, timeout=7) as database, database.reading() as session:
        found = [
            session.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "foreign_keys", "busy_timeout", "synchronous")
        ]
    assert found == ["wal", 1, 7000, 2]


def test_a_reader_cannot_write_and_does_not_spoil_the_connection_for_writers(path: Path) -> None:
    with opened(path) as database:
        with pytest.raises(DatabaseReadOnly), database.reading() as session:
            sources.save(session, a_source())
        with database.transaction() as session:
            sources.save(session, a_source())
        assert saved(database) == 1


def test_a_reader_sees_one_state_while_others_write(path: Path) -> None:
    with opened(path) as database, database.reading() as session:
        assert sources.load_all(session) == ()
        with database.transaction() as writing:
            sources.save(writing, a_source())
        assert session.scalars(select(SourceRow)).all() == []
        session.rollback()
        assert len(sources.load_all(session)) == 1


def test_threads_share_a_store(path: Path) -> None:
    with opened(path, timeout=30) as database:

        def write(number: int) -> int:
            for repeat in range(10):
                with database.transaction() as session:
                    sources.save(session, a_source(f"source-{number}-{repeat}"))
            return saved(database)

        with ThreadPoolExecutor(8) as pool:
            assert min(pool.map(write, range(8))) >= 10
        assert saved(database) == 80


def test_a_database_locked_by_another_process_is_named(path: Path) -> None:
    with opened(path) as database, sqlite3.connect(path, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with (
            pytest.raises(DatabaseLocked, match=r"locked by another process.*try again") as raised,
            database.transaction() as session,
        ):
            sources.save(session, a_source())
        assert str(path) in str(raised.value)
        other.execute("ROLLBACK")
        with database.transaction() as session:
            sources.save(session, a_source())
    other.close()


def test_a_full_disk_rolls_back_and_says_so(path: Path) -> None:
    with opened(path) as database:
        with database.transaction() as session:
            sources.save(session, a_source())

        def fill() -> None:
            with database.transaction() as session:
                pages = session.execute(text("PRAGMA page_count")).scalar_one()
                session.execute(text(f"PRAGMA max_page_count={pages + 2}"))
                keep(session, a_version("long " * 100_000))

        with pytest.raises(DatabaseFull, match="free some disk space"):
            fill()
        with database.reading() as session:
            assert session.execute(text("SELECT count(*) FROM documents")).scalar() == 0
            assert session.execute(text("PRAGMA integrity_check")).scalar() == "ok"


def test_a_read_only_database_says_so(path: Path) -> None:
    url = f"sqlite:///file:{path}?mode=ro&uri=true"
    with Store.open(url) as database:
        with pytest.raises(DatabaseReadOnly, match="write permission"), database.transaction() as session:
            sources.save(session, a_source())
        assert saved(database) == 0


@pytest.mark.parametrize("content", [b"this is no database at all, only some text" * 100, b"\x00" * 5000])
def test_a_file_that_is_no_database_says_so(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "limen.db"
    file.write_bytes(content)
    with opened(file) as database, pytest.raises(DatabaseCorrupt, match="backup"):
        database.upgrade()
    assert file.read_bytes() == content


def test_a_damaged_database_says_so(path: Path) -> None:
    with opened(path) as database, database.transaction() as session:
        for number in range(50):
            keep(session, a_version("text " * 2000, url=f"https://x.example/{number}"))
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    data = bytearray(path.read_bytes())
    data[8192:-4096] = b"\xff" * (len(data) - 12288)
    path.write_bytes(data)
    with opened(path) as database, pytest.raises(DatabaseCorrupt), database.reading() as session:
        session.execute(text("SELECT sum(length(text)) FROM document_versions")).all()


def test_a_missing_directory_says_so(tmp_path: Path) -> None:
    with (
        opened(tmp_path / "none" / "limen.db") as database,
        pytest.raises(DatabaseUnreachable, match=r"none/limen\.db"),
    ):
        database.upgrade()


@pytest.mark.parametrize("url", ["", "no url", "nosuchengine://host/db", "sqlite+nosuch:///x", "sqlite://h:port/x"])
def test_a_wrong_url_says_so(url: str) -> None:
    with pytest.raises(DatabaseUnreachable, match="configuration"):
        Store.open(url)


def test_a_wrong_url_does_not_show_its_password() -> None:
    with pytest.raises(DatabaseUnreachable) as raised:
        Store.open("nosuchengine://limen:secret@host/db")
    assert "secret" not in str(raised.value)


def test_a_server_is_named_without_its_password(tmp_path: Path) -> None:
    pytest.importorskip("psycopg")
    for url, shown in (
        ("postgresql://limen:secret@host/db", "postgresql://limen:***@host/db"),
        (f"sqlite:///{tmp_path}/a.db", f"{tmp_path}/a.db"),
        ("sqlite://", "sqlite://"),
    ):
        with Store.open(url) as database:
            assert database.database == shown


def test_a_database_without_tables_is_too_old(tmp_path: Path) -> None:
    with opened(tmp_path / "limen.db") as database, pytest.raises(SchemaTooOld, match="no schema yet"):
        database.check_schema()


def test_a_database_of_a_newer_limen_is_left_alone(path: Path) -> None:
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with opened(path) as database:
        for check in (database.upgrade, database.check_schema):
            with pytest.raises(SchemaTooNew, match="newer Limen"):
                check()


def test_a_defect_of_ours_is_not_called_a_trouble_of_the_user(path: Path) -> None:
    with (
        opened(path) as database,
        pytest.raises(Exception, match="no such table") as raised,
        database.reading() as session,
    ):
        session.execute(text("SELECT * FROM nowhere"))
    assert not isinstance(raised.value, StoreError)
