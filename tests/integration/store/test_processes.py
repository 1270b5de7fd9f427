"""Several processes on one database, some of them killed."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from limen.domain.delivery import DeliveryState
from limen.store.blobs import BlobStore
from limen.store.repositories import deliveries, documents, sources
from limen.store.search.search import search
from limen.store.session import Store
from tests.unit.store.samples import a_delivery, a_source, a_version

WRITE = """
import sys
from pathlib import Path
from limen.store.blobs import BlobStore
from limen.store.repositories import documents
from limen.store.session import Store
from tests.unit.store.samples import a_version

url, blobs, name, count = sys.argv[1], BlobStore(Path(sys.argv[2])), sys.argv[3], int(sys.argv[4])
with Store.open(url) as database:
    for number in range(count):
        text = f"battery page {name} {number}\\n" * 200
        blobs.put(text.encode())
        with database.transaction() as session:
            documents.add_version(session, a_version(text, url=f"https://cn-miit.example/{name}/{number}"))
        print(number, flush=True)
"""

ROOT = Path(__file__).parents[3]

HOLD = """
import sys, time
from limen.store.repositories import documents
from limen.store.session import Store
from tests.unit.store.samples import a_version

with Store.open(sys.argv[1]) as database, database.transaction() as session:
    documents.add_version(session, a_version("half a page " * 5000))
    session.flush()
    print("holding", flush=True)
    time.sleep(60)
"""

CLAIM = """
import sys
from limen.store.repositories import deliveries
from limen.store.session import Store
from tests.unit.store.samples import DAY_1

with Store.open(sys.argv[1]) as database:
    while True:
        with database.transaction() as session:
            claimed = deliveries.claim_due(session, DAY_1, limit=3)
        if not claimed:
            break
        for each in claimed:
            print(each.id, flush=True)
            with database.transaction() as session:
                deliveries.mark_sent(session, each.id, at=DAY_1)
"""


@pytest.fixture
def url(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path / 'limen.db'}"
    with Store.open(url) as database:
        database.upgrade()
        with database.transaction() as session:
            sources.save(session, a_source())
    return url


def start(program: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", program, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
    )


def is_sound(database: Store) -> bool:
    """Tell whether the file, its references and its full-text indexes are whole."""
    with database.transaction() as session:
        integrity = session.execute(text("PRAGMA integrity_check")).scalar()
        dangling = session.execute(text("PRAGMA foreign_key_check")).all()
        session.execute(text("INSERT INTO requirement_index (requirement_index) VALUES ('integrity-check')"))
        versions = session.execute(text("SELECT count(*) FROM document_versions")).scalar()
        indexed = session.execute(text("SELECT count(*) FROM version_index_docsize")).scalar()
    return integrity == "ok" and not dangling and versions == indexed


def test_two_processes_write_at_once_and_nothing_is_lost(url: str, tmp_path: Path) -> None:
    writers = [start(WRITE, url, str(tmp_path), name, "40") for name in ("a", "b")]
    for writer in writers:
        _, errors = writer.communicate(timeout=60)
        assert (writer.returncode, errors) == (0, "")
    with Store.open(url) as database:
        with database.reading() as session:
            assert search(session, "battery").document_count == 80
        assert is_sound(database)


def test_a_killed_transaction_leaves_nothing_and_no_lock(url: str) -> None:
    holder = start(HOLD, url)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "holding\n"
    holder.kill()
    holder.communicate()
    with Store.open(url, busy_timeout=timedelta(seconds=1)) as database:
        assert is_sound(database)
        with database.transaction() as session:
            assert documents.pending_extraction(session, limit=5) == ()
            assert search(session, "half").document_count == 0
            assert documents.add_version(session, a_version("half a page " * 5000)) is not None


@pytest.mark.slow
def test_a_writer_killed_at_any_moment_loses_at_most_what_it_was_doing(url: str, tmp_path: Path) -> None:
    chance = random.Random(7)
    for attempt in range(5):
        writer = start(WRITE, url, str(tmp_path), f"k{attempt}", "1000")
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(chance.random() / 5)
        writer.send_signal(signal.SIGKILL)
        lines, _ = writer.communicate()
        reported = 1 + lines.count("\n")
        with Store.open(url) as database:
            assert is_sound(database)
            with database.reading() as session:
                kept = session.execute(
                    text("SELECT count(*) FROM documents WHERE url LIKE :url"), {"url": f"%/k{attempt}/%"}
                ).scalar_one()
                assert reported <= kept <= reported + 1
                blobs = BlobStore(tmp_path)
                for number in range(kept):
                    found = documents.newest(session, "cn-miit", f"https://cn-miit.example/k{attempt}/{number}")
                    assert found is not None
                    assert blobs.get(found.version.text_sha256) == found.version.text.encode()
    unfinished = list((tmp_path / "incoming").iterdir())
    assert BlobStore(tmp_path).sweep(older_than=timedelta(0)) == len(unfinished)


def test_two_senders_never_claim_the_same_message(url: str) -> None:
    with Store.open(url) as database, database.transaction() as session:
        deliveries.add(session, (a_delivery(f"msg_{number}") for number in range(60)))
    senders = [start(CLAIM, url) for _ in range(2)]
    claimed: list[str] = []
    for sender in senders:
        output, errors = sender.communicate(timeout=60)
        assert errors == ""
        claimed += output.split()
    assert sorted(claimed) == sorted(f"msg_{number}" for number in range(60))
    with Store.open(url) as database, database.reading() as session:
        assert all(each.state is DeliveryState.SENT for each in deliveries.load(session))
        assert deliveries.next_due(session) is None
