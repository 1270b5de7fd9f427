from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from limen.store.repositories import sources
from limen.store.session import Store
from tests.unit.store.samples import a_source


@pytest.fixture(scope="session")
def upgraded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with all tables and nothing in them, made once."""
    path = tmp_path_factory.mktemp("upgraded") / "limen.db"
    with Store.open(f"sqlite:///{path}") as opened:
        opened.upgrade()
    return path


@pytest.fixture
def database(upgraded: Path, tmp_path: Path) -> Iterator[Store]:
    """An empty database of one's own."""
    path = tmp_path / "limen.db"
    shutil.copyfile(upgraded, path)
    with Store.open(f"sqlite:///{path}") as opened:
        yield opened


@pytest.fixture
def session(database: Store) -> Iterator[Session]:
    """A writing session on a database with one source."""
    with database.transaction() as writing:
        sources.save(writing, a_source())
        yield writing
