"""Whole passes with real crawl processes: some sources fail, some passes are cut off, and nothing is lost or doubled."""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from limen.app.demo.receivers import MailReceiver, WebhookReceiver
from limen.domain.issue import IssueKind
from tests.integration.crawler.local_site import LocalSite

from .workspace import Workspace, rule_page, wait_for

pytestmark = pytest.mark.slow

METALS = ("Lithium", "Cobalt", "Graphite", "Tungsten")


def publish(site: LocalSite, number: int, *, delay: float = 0.0) -> None:
    """Put a feed with a rule per metal on the site, each with `number` in it."""
    items = ""
    for metal in METALS:
        path = f"/{metal.lower()}.html"
        site.put(path, rule_page(number, title=f"{metal} Conditions 2024 (draft for comment)"), delay=delay)
        items += f"<item><title>{metal} Conditions</title><link>{site.url(path)}</link></item>"
    site.put("/feed.xml", f'<rss version="2.0"><channel><title>t</title>{items}</channel></rss>')


def processes_of(directory: Path) -> list[int]:
    """Return the processes with the directory in their command line, or that descend from one, crawls included."""
    parents: dict[int, int] = {}
    found: set[int] = set()
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal():
            continue
        try:
            command, status = entry.joinpath("cmdline").read_bytes(), entry.joinpath("stat").read_text()
        except OSError:
            continue
        state, parent = status.rpartition(")")[2].split()[:2]
        if state == "Z":
            continue
        parents[int(entry.name)] = int(parent)
        if str(directory).encode() in command:
            found.add(int(entry.name))
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return sorted(found)


def alive(pids: Sequence[int]) -> list[int]:
    found = []
    for pid in pids:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z":
                found.append(pid)
        except OSError:
            continue
    return found


def rows(workspace: Workspace, table: str) -> int:
    with closing(sqlite3.connect(workspace.data / "limen.db")) as connection:
        count = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    assert isinstance(count, int)
    return count


@pytest.fixture
def watched(workspace: Workspace, site: LocalSite) -> Workspace:
    """A workspace that has seen the first state of the site, two hours ago."""
    workspace.source(entry=site.url("/feed.xml"))
    publish(site, 160)
    with workspace.open() as opened:
        for path in list(site.pages):
            if path != "/feed.xml":
                opened.keep(site.url(path), site.pages[path].body, ago=timedelta(hours=2))
        opened.run()
        assert opened.count("document_versions") == len(METALS)
    return workspace


def assert_nothing_lost_or_doubled(workspace: Workspace, mailbox: MailReceiver, desk: WebhookReceiver) -> None:
    with workspace.open() as opened:
        assert opened.count("documents") == len(METALS)
        assert opened.count("document_versions") == opened.count("snapshots") == 2 * len(METALS)
        assert opened.count("comparisons") == len(METALS)
        assert {change.change.kind.value for change in opened.changes} <= {"value_changed", "added", "removed"}
        assert [change.new.version_id for change in opened.changes if change.change.new is not None] == list(
            dict.fromkeys(change.new.version_id for change in opened.changes if change.change.new is not None)
        )
        assert opened.count("deliveries") == 2 * len(METALS)
        assert opened.issues == ()
    assert len({str(mail.message["message-id"]) for mail in mailbox.mails}) == len(mailbox.mails) == len(METALS)
    assert len(desk.events) == len(METALS)


def test_sources_that_fail_beside_one_that_does_not(workspace: Workspace, site: LocalSite) -> None:
    publish(site, 160)
    site.put("/moved.xml", "<html><head><title>We have a new site</title></head><body>Welcome</body></html>")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, and never listening
        down = f"http://127.0.0.1:{taken.getsockname()[1]}/feed.xml"
        workspace.source("down", entry=down)
        workspace.source("moved", entry=site.url("/moved.xml"))
        workspace.source("ministry", entry=site.url("/feed.xml"))
        result = workspace.run("run", "--format", "json")
    assert result.code == 0, result.err
    sources = result.json["sources"]
    assert sources["ministry"]["versions"] == len(METALS)
    assert (sources["down"]["issues"], sources["moved"]["issues"], sources["ministry"]["issues"]) == (1, 1, 0)
    listed = {each["source"]: each for each in workspace.run("issue", "list", "--format", "json").json}
    # What is asked first, robots.txt, is what cannot be had.
    assert listed["down"]["url"].startswith(down.removesuffix("feed.xml"))
    assert listed["down"]["kind"] == IssueKind.FETCH_FAILED
    assert "refuse" in listed["down"]["message"]
    assert listed["moved"]["url"] == site.url("/moved.xml")
    assert listed["moved"]["kind"] == IssueKind.SOURCE_CHANGED


def test_a_disk_that_takes_no_pages_is_said_and_the_next_run_brings_them(workspace: Workspace, site: LocalSite) -> None:
    publish(site, 160)
    workspace.source(entry=site.url("/feed.xml"))
    blobs = workspace.data / "blobs"
    blobs.mkdir(parents=True)
    blobs.joinpath("incoming").write_text("in the way", encoding="utf-8")
    result = workspace.run("run")
    assert result.code == 1
    assert "limen: the crawl of ministry broke off" in result.err
    (issue,) = workspace.run("issue", "list", "--format", "json").json
    assert issue["message"].startswith(f"cannot write {blobs}")
    assert site.url("/") in issue["url"]
    assert rows(workspace, "snapshots") == 0
    blobs.joinpath("incoming").unlink()
    # It is due at once: what failed was not the source.
    assert workspace.run("run").code == 0
    assert rows(workspace, "snapshots") == len(METALS)


def test_kill_in_the_middle_and_a_second_run_beside_it(
    watched: Workspace, site: LocalSite, mailbox: MailReceiver, desk: WebhookReceiver
) -> None:
    watched.subscribe(mail=mailbox, hook=desk)
    watched.settings["read"]["workers"] = 1
    publish(site, 165, delay=2)
    process = watched.start("run", "ministry")
    wait_for(lambda: rows(watched, "snapshots") >= len(METALS) + 1)
    second = watched.run("run", "ministry")
    assert second.code == 1
    assert re.search(rf"in use by another limen process \(limen run, process {process.pid}\)", second.err)
    family = processes_of(watched.directory)
    assert process.pid in family
    process.kill()
    process.communicate(timeout=30)
    wait_for(lambda: not alive(family), seconds=20)
    assert len(METALS) < rows(watched, "snapshots") < 2 * len(METALS)
    publish(site, 165)
    assert watched.run("run", "ministry").code == 0
    assert_nothing_lost_or_doubled(watched, mailbox, desk)


def test_ctrl_c_in_the_middle(
    watched: Workspace, site: LocalSite, mailbox: MailReceiver, desk: WebhookReceiver
) -> None:
    watched.subscribe(mail=mailbox, hook=desk)
    publish(site, 165, delay=1)
    process = watched.start("run", "ministry")
    wait_for(lambda: rows(watched, "snapshots") >= len(METALS) + 1)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "stopping after the step at hand" in err
    assert "the next run goes on from there" in err
    assert "Traceback" not in err
    assert "interrupted" in out
    assert len(METALS) < rows(watched, "snapshots") < 2 * len(METALS)
    publish(site, 165)
    # The source is due at once: nobody has to name it.
    assert watched.run("run").code == 0
    assert_nothing_lost_or_doubled(watched, mailbox, desk)


def test_a_crawl_process_that_dies_costs_its_batch_and_not_what_it_had(watched: Workspace, site: LocalSite) -> None:
    publish(site, 165, delay=1)
    process = watched.start("run", "ministry")
    wait_for(lambda: rows(watched, "snapshots") >= len(METALS) + 1)
    (crawl,) = (
        pid
        for pid in processes_of(watched.directory)
        if b"limen.app.crawl_process" in Path(f"/proc/{pid}/cmdline").read_bytes()
    )
    os.kill(crawl, signal.SIGKILL)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "limen: the crawl process ended with code -9" in err
    assert str(watched.data / "crawl.log") in err
    assert "Traceback" not in err
    stored = rows(watched, "snapshots")
    assert stored > len(METALS)
    # What had arrived was read and compared all the same.
    assert rows(watched, "comparisons") == stored - len(METALS)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serve_makes_its_passes_and_ends_when_it_is_told(
    workspace: Workspace, site: LocalSite, number: signal.Signals
) -> None:
    publish(site, 160)
    workspace.source(entry=site.url("/feed.xml"))
    process = workspace.start("serve", stdin=subprocess.DEVNULL)
    if number is signal.SIGTERM:
        wait_for(lambda: (workspace.data / "limen.db").exists() and _extracted(workspace) == len(METALS), seconds=45)
    else:
        # While it still gathers what is due.
        assert process.stderr is not None
        assert "serves" in process.stderr.readline()
    family = processes_of(workspace.directory)
    process.send_signal(number)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 0, err
    assert "limen has stopped" in err
    assert "Traceback" not in err
    assert alive(family) == []


def _extracted(workspace: Workspace) -> int:
    try:
        with closing(sqlite3.connect(workspace.data / "limen.db")) as connection:
            query = "SELECT count(*) FROM document_versions WHERE compared_at IS NOT NULL"
            count = connection.execute(query).fetchone()[0]
    except sqlite3.OperationalError:
        return -1
    assert isinstance(count, int)
    return count
