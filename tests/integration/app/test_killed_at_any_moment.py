"""`kill -9` at random moments, fifty times: every page is stored once, none is lost, the database is sound."""

from __future__ import annotations

import random
import sqlite3
import time
from collections import Counter

import pytest

from limen.store.blobs import BlobStore
from tests.integration.crawler.local_site import LocalSite

from .workspace import SOURCE, Workspace

KILLS = 50
PAGES = 240
SEED = 20261128


def _page(number: int, edition: int) -> str:
    return (
        f"<html><head><title>Notice {number}</title></head><body><main><h1>Notice {number}</h1><p>Operators of plant "
        f"{number} shall keep the dust in the air below {edition + 1} mg/m3 at every working place of the plant.</p>"
        f'<p><a href="/files/{number}.csv">figures</a></p></main></body></html>'
    )


def _sitemap(site: LocalSite) -> str:
    addresses = "".join(f"<url><loc>{site.url(f'/notice/{number}')}</loc></url>" for number in range(PAGES))
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{addresses}</urlset>'


@pytest.mark.slow
def test_fifty_kills_lose_nothing_and_store_nothing_twice(workspace: Workspace, site: LocalSite) -> None:
    chance = random.Random(SEED)
    editions = [0] * PAGES
    site.put("/sitemap.xml", _sitemap(site), content_type="application/xml")
    for number in range(PAGES):
        site.put(f"/notice/{number}", _page(number, 0))
    extra = """state = "checked"
[politeness]
delay = 0.01
concurrency = 4
[limits]
max_items = 1000
max_rechecks = 1000
"""
    workspace.source(kind="sitemap", entry=site.url("/sitemap.xml"), politeness=False, extra=extra)

    died = 0
    for _ in range(KILLS):
        process = workspace.start("run", SOURCE)
        time.sleep(chance.uniform(0.8, 3.6))
        if process.poll() is None:
            process.kill()
            died += 1
        process.communicate()
        for number in chance.sample(range(PAGES), 12):
            editions[number] += 1
            site.put(f"/notice/{number}", _page(number, editions[number]))
    assert died > KILLS // 2, "most runs ended before they were killed: the test has lost its point"

    time.sleep(6)  # the last crawl process notices within five seconds that its parent is dead
    last = workspace.start("run", SOURCE)
    _, errors = last.communicate(timeout=120)
    assert last.returncode == 0, errors

    database = sqlite3.connect(workspace.data / "limen.db")
    try:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        rows = database.execute("SELECT url, sha256 FROM snapshots ORDER BY id").fetchall()
        versions = database.execute(
            "SELECT documents.url, max(number), count(*) FROM document_versions JOIN documents "
            "ON documents.id = document_id GROUP BY document_id"
        ).fetchall()
    finally:
        database.close()
    twice = [row for row, count in Counter(rows).items() if count > 1]
    assert twice == []
    newest = dict(rows)
    blobs = BlobStore(workspace.data / "blobs")
    for number in range(PAGES):
        url = site.url(f"/notice/{number}")
        assert blobs.get(newest[url]).decode() == _page(number, editions[number])
    assert len(newest) == PAGES
    for _, sha256 in rows:
        blobs.get(sha256)
    assert len(versions) == PAGES
    assert all(last_number == count for _, last_number, count in versions)
