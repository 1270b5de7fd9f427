"""A full, locked, damaged or read-only disk: a message that names the place, exit code 1, and nothing half done."""

from __future__ import annotations

import ctypes
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, event

from limen.store.errors import DatabaseFull, DatabaseLocked
from limen.store.session import Store

from .workspace import SITE, Opened, Workspace, rule_page

PAGE = f"{SITE}/rule.html"
TABLES = ("snapshots", "document_versions", "requirements", "comparisons", "changes", "deliveries")


@pytest.fixture
def idle(workspace: Workspace) -> Workspace:
    """A workspace with one version read and one still to be read; nothing to be crawled."""
    workspace.subscribe(hook="http://127.0.0.1:9/")
    workspace.keep_change(PAGE)
    return workspace


@contextmanager
def locked(database: Path) -> Iterator[None]:
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(Store.open.__func__.__kwdefaults__, "busy_timeout", timedelta(seconds=0.1))  # type: ignore[attr-defined]


def test_a_locked_database_is_said_and_the_next_pass_does_the_work(
    idle: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    impatient(monkeypatch)
    with idle.open() as opened:
        with locked(idle.data / "limen.db"), pytest.raises(DatabaseLocked, match=r"limen\.db is locked"):
            opened.run()
        assert len(opened.changes) == 0
        opened.run()
        assert "165" in str(opened.changes)


def test_commands_say_that_the_database_is_locked(idle: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    impatient(monkeypatch)
    with locked(idle.data / "limen.db"):
        result = idle.run("run")
    assert (result.code, result.out) == (1, "")
    assert result.err.startswith("limen: the database")
    assert "locked by another process" in result.err
    assert idle.run("run").code == 0


def test_looking_needs_no_lock(idle: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    impatient(monkeypatch)
    with locked(idle.data / "limen.db"):
        result = idle.run("search", "energy", "--format", "json")
    assert (result.code, result.err) == (0, "")
    assert result.json["document_count"] == 1


def test_a_full_disk_undoes_the_step_and_the_next_pass_does_it(idle: Workspace) -> None:
    with idle.open() as opened:
        engine = opened.application.store._engine
        before = {table: opened.count(table) for table in TABLES}

        def no_more_pages(connection: Connection) -> None:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

        event.listen(engine, "begin", no_more_pages)
        with pytest.raises(DatabaseFull, match="free some disk space"):
            work_until_full(opened)
        event.remove(engine, "begin", no_more_pages)
        with engine.begin() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count=1073741823")
        opened.run()
        after = {table: opened.count(table) for table in TABLES}
        assert after["document_versions"] == after["snapshots"] > before["snapshots"]
        assert "165" in str(opened.changes)
        assert opened.issues == ()


def work_until_full(opened: Opened) -> None:
    for number in range(400):
        opened.keep(f"{SITE}/{number}.html", rule_page(number))
        opened.run()


def garbage(database: Path) -> None:
    database.write_bytes(b"this is no database " * 500)


def half(database: Path) -> None:
    with database.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(database.stat().st_size - 4096))


@pytest.mark.parametrize("damage", [garbage, half])
@pytest.mark.parametrize("command", [("run",), ("change", "list"), ("search", "energy")])
def test_a_damaged_database_is_said(idle: Workspace, damage: Callable[[Path], None], command: tuple[str, ...]) -> None:
    for name in ("limen.db-wal", "limen.db-shm"):
        idle.data.joinpath(name).unlink(missing_ok=True)
    damage(idle.data / "limen.db")
    result = idle.run(*command)
    assert (result.code, result.out) == (1, "")
    assert str(idle.data / "limen.db") in result.err
    assert "restore it from a backup" in result.err


@pytest.mark.parametrize("setting", ["occupied", "occupied/deeper"])
def test_a_data_directory_that_cannot_be_made(workspace: Workspace, setting: str) -> None:
    workspace.settings["data_dir"] = setting
    workspace.directory.joinpath("occupied").write_text("a file", encoding="utf-8")
    result = workspace.run("run")
    assert result.code == 1
    assert str(workspace.directory / setting) in result.err
    assert "name another" in result.err


def drop_privilege() -> None:
    """Make the permissions of files count even for root, in the process to be started."""
    if os.geteuid() == 0:
        for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
            ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP: gone with the exec


@pytest.mark.slow
@pytest.mark.parametrize("command", [("run",), ("change", "list")])
def test_a_read_only_data_directory_is_said(idle: Workspace, command: tuple[str, ...]) -> None:
    paths = [idle.data, *idle.data.rglob("*")]
    for path in paths:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        process = idle.start(*command, preexec_fn=drop_privilege)
        out, err = process.communicate(timeout=60)
    finally:
        for path in paths:
            path.chmod(0o755 if path.is_dir() else 0o644)
    assert (process.returncode, out) == (1, "")
    assert "Traceback" not in err
    assert str(idle.data) in err
    assert "permission" in err


def test_a_deleted_blob_directory_is_made_anew(idle: Workspace) -> None:
    shutil.rmtree(idle.data / "blobs")
    result = idle.run("run")
    assert result.code == 0
    assert "issue list" in result.out
    assert (idle.data / "blobs").is_dir()
