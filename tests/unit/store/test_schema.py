from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, create_engine, inspect

from limen.domain.snapshot import Attachment
from limen.store import schema
from limen.store.migrations.scope import is_mapped
from limen.store.repositories import attachment_links, snapshots, sources
from limen.store.session import Store
from limen.store.tables import Base, DocumentEventRow, DocumentRow
from tests.unit.store.samples import DAY, DAY_1, a_snapshot, a_source, a_version, keep


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with Store.open(f"sqlite:///{tmp_path / 'limen.db'}") as database:
        database.upgrade()
    engine = create_engine(f"sqlite:///{tmp_path / 'limen.db'}")
    yield engine
    engine.dispose()


def test_the_newest_revision_is_what_the_tables_say(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_name": is_mapped, "compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, Base.metadata) == []
        assert schema.current(connection) == schema.head()


def test_upgrading_twice_changes_nothing(engine: Engine) -> None:
    with engine.connect() as connection:
        before = connection.exec_driver_sql("SELECT sql FROM sqlite_master ORDER BY name").all()
    with Store.open(str(engine.url)) as database:
        database.upgrade()
        database.check_schema()
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT sql FROM sqlite_master ORDER BY name").all() == before


def test_downgrading_removes_all_and_upgrading_brings_it_back(engine: Engine) -> None:
    with engine.begin() as connection:
        schema.downgrade(connection, "base")
    assert inspect(engine).get_table_names() == ["alembic_version"]
    with Store.open(str(engine.url)) as database:
        database.upgrade()
    assert set(Base.metadata.tables) < set(inspect(engine).get_table_names())


def test_an_upgrade_takes_the_links_to_files_from_the_pages_that_are_kept(engine: Engine) -> None:
    page, file = "https://cn-miit.example/draft", Attachment(url="https://cn-miit.example/draft.pdf", label="附件")
    with Store.open(str(engine.url)) as database, database.transaction() as session:
        sources.save(session, a_source())
        for body in "01":
            snapshots.save(session, a_snapshot(body, url=page, attachments=(file,)))
        snapshots.save(session, a_snapshot(url=f"{page}/bare"))
    with engine.begin() as connection:
        schema.downgrade(connection, "0001")
    with Store.open(str(engine.url)) as database:
        database.upgrade()
        with database.reading() as session:
            assert attachment_links.pages(session, "cn-miit", [file.url]) == {page}


@pytest.mark.parametrize(
    ("kind", "is_gone", "told_after", "silence"),
    [
        ("withdrawn", False, 0, "never_stood"),
        ("withdrawn", True, 0, "too_old"),
        ("press_ahead", False, 0, "read_anew"),
        ("withdrawn", True, 1, None),
        ("stage_changed", False, 0, None),
    ],
)
def test_an_upgrade_says_why_nobody_was_told_of_an_event(
    engine: Engine, kind: str, is_gone: bool, told_after: int, silence: str | None
) -> None:
    with Store.open(str(engine.url)) as database, database.transaction() as session:
        sources.save(session, a_source())
        version, _ = keep(session, a_version("text"))
        if is_gone:
            session.get_one(DocumentRow, version.document_id).gone_at = DAY_1
        told_at = DAY_1 + told_after * DAY
        session.add(DocumentEventRow(kind=kind, version_id=version.id, detected_at=DAY_1, told_at=told_at))
    with engine.begin() as connection:
        schema.downgrade(connection, "0007")
    with Store.open(str(engine.url)) as database:
        database.upgrade()
        with database.reading() as session:
            assert session.get_one(DocumentEventRow, 1).silence == silence


def test_an_upgrade_that_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "limen.db"

    def fail(*_: object) -> None:
        raise RuntimeError("the power fails")

    with Store.open(f"sqlite:///{file}") as database:
        with monkeypatch.context() as patch:
            patch.setattr("alembic.runtime.migration.HeadMaintainer.update_to_step", fail)
            with pytest.raises(RuntimeError, match="the power fails"):
                database.upgrade()
        engine = create_engine(f"sqlite:///{file}")
        assert inspect(engine).get_table_names() == []
        engine.dispose()
        database.upgrade()
        database.check_schema()


def test_many_may_start_at_once(tmp_path: Path) -> None:
    failures: list[BaseException] = []

    def start() -> None:
        try:
            with Store.open(f"sqlite:///{tmp_path / 'limen.db'}") as database:
                database.upgrade()
                database.check_schema()
        except BaseException as error:  # noqa: BLE001 - a thread must hand its failure over
            failures.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
