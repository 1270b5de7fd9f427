"""An upgrade of readers or extractor: no change, no message, keys stay, and a report says what it changes."""

from __future__ import annotations

import random
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from limen.app.report import PassSummary, Silent
from limen.app.stages.extract import extract_pending
from limen.app.stages.read import read
from limen.app.stages.reprocess import reprocess
from limen.domain.document import PageText, Reading
from limen.domain.issue import IssueKind
from limen.domain.review import ReviewState
from limen.nlp.errors import Unreadable
from limen.nlp.text import reader
from limen.store.records import StoredRequirement, StoredVersion
from limen.store.repositories import documents, readings, reviews

from .upgrades import PACKS, upgrade_extractor, upgrade_readers, with_packs
from .workspace import SITE, SOURCE, Opened, Workspace, rule_page, wait_for

PAGE = f"{SITE}/rules"
FILE = f"{SITE}/annex.txt"
TWIN = f"{SITE}/annex-twin.txt"
ANNEX = b"Electrolyte shall contain at most 20 mg/kg of water. The annex is part of the rules."
AGO = timedelta(hours=2)


@pytest.fixture
def watched(workspace: Workspace) -> Workspace:
    workspace.subscribe(mail=9)
    return workspace


@pytest.fixture
def opened(watched: Workspace) -> Iterator[Opened]:
    """An application that has read the number 160 two hours ago."""
    with watched.open() as opened:
        opened.keep(PAGE, rule_page(160), ago=AGO)
        opened.run()
        yield opened


def versions(opened: Opened, url: str = PAGE) -> list[StoredVersion]:
    with opened.application.store.reading() as session:
        newest = documents.newest(session, SOURCE, url)
        assert newest is not None
        return list(documents.compared(session, newest.document_id))


def requirements(opened: Opened, version: StoredVersion) -> tuple[StoredRequirement, ...]:
    with opened.application.store.reading() as session:
        return readings.requirements(session, version.id)


def keys(opened: Opened, version: StoredVersion) -> dict[str, str]:
    """Return the keys of a version's requirements, by their limits."""
    return {str(each.requirement.threshold): each.key for each in requirements(opened, version)}


def moved(opened: Opened) -> list[tuple[str, str]]:
    """Return the two limits of each change, the last change first."""
    return [
        (
            str(each.change.old.threshold) if each.change.old else "-",
            str(each.change.new.threshold) if each.change.new else "-",
        )
        for each in opened.changes
    ]


def dump(opened: Opened) -> list[tuple[Any, ...]]:
    """Return all that the database holds."""
    with opened.application.store.reading() as session:
        names = session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")).all()
        return [(name, *map(tuple, session.execute(text(f'SELECT * FROM "{name}"')))) for name in names]


def files(directory: Path) -> dict[Path, bytes]:
    kept = (path for path in directory.rglob("*") if path.is_file() and path.parent.name != "incoming")
    return {path: path.read_bytes() for path in kept if "limen.db" not in path.name}


def read_anew(opened: Opened, **options: Any) -> Any:
    return reprocess(opened.application, reporter=Silent(), **options)


def renamed(reading: Reading) -> Reading:
    """Return a reading in which a later extractor has found a longer quote and another name."""
    found = tuple(replace(each, metric="specific energy", confidence=0.99) for each in reading.requirements)
    return replace(reading, requirements=found)


def test_a_text_knows_its_readers(opened: Opened) -> None:
    (version,) = versions(opened)
    assert (version.reader_version, version.rereads) == (reader.READER_VERSION, None)
    assert read_anew(opened) == ()


def test_an_upgrade_alerts_nobody_and_the_next_change_is_exactly_that(
    opened: Opened, watched: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    (first,) = versions(opened)
    before = keys(opened, first)
    upgrade_readers(monkeypatch, with_packs)
    upgrade_extractor(monkeypatch, renamed)
    state = dump(opened), files(watched.data)
    (told,) = read_anew(opened, dry_run=True)
    assert (dump(opened), files(watched.data)) == state
    assert (told.is_other_text, told.trouble, told.removed, told.changed) == (True, None, (), ())
    assert [str(each.threshold) for each in told.added] == [">= 120 Wh/kg"]
    assert (told.renamed, told.surer + told.less_sure) == (1, 1)
    assert read_anew(opened) == (told,)
    old, new = versions(opened)
    assert (old.version.text, new.version.text) == (first.version.text, with_packs(first.version.text))
    assert (new.number, new.rereads, new.reader_version) == (2, first.id, "next")
    assert (new.version.fetched_at, new.valid_from) == (first.version.fetched_at, first.valid_from)
    assert keys(opened, new)[">= 160 Wh/kg"] == before[">= 160 Wh/kg"]
    assert keys(opened, old) == before
    assert read_anew(opened) == ()
    opened.run()
    assert (opened.changes, opened.deliveries, opened.count("comparisons")) == ((), (), 0)
    opened.keep(PAGE, rule_page(165))
    opened.run()
    assert moved(opened) == [(">= 160 Wh/kg", ">= 165 Wh/kg")]
    assert len(opened.deliveries) == 1
    assert opened.changes[0].key == before[">= 160 Wh/kg"]
    assert opened.issues == ()


def test_a_change_right_after_an_upgrade_is_exactly_that(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    upgrade_readers(monkeypatch, with_packs)
    upgrade_extractor(monkeypatch, renamed)
    opened.keep(PAGE, rule_page(165))
    opened.run()
    assert moved(opened) == [(">= 160 Wh/kg", ">= 165 Wh/kg")]
    assert len(opened.deliveries) == 1
    assert [(each.number, each.rereads is not None) for each in versions(opened)] == [(1, False), (2, True), (3, False)]
    assert opened.issues == ()


def test_furniture_under_new_readers_is_no_version(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    upgrade_readers(monkeypatch, with_packs)
    opened.keep(PAGE, rule_page(160).replace(b"<body>", b'<body data-visit="2">'))
    summary = opened.run()
    assert summary.tally(SOURCE).versions == 0
    assert [each.rereads is not None for each in versions(opened)] == [False, True]
    assert PACKS in opened.text_of(PAGE)
    assert (opened.changes, opened.deliveries, opened.issues) == ((), (), ())


def test_the_same_bytes_are_read_again_and_make_no_version(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    upgrade_readers(monkeypatch, with_packs)
    with opened.application.store.transaction() as session:
        session.execute(text("UPDATE snapshots SET read_at = NULL"))
    assert opened.run().tally(SOURCE).versions == 0
    assert opened.changes == ()
    assert [each.rereads is not None for each in versions(opened)] == [False, True]


def test_a_stale_copy_is_known_by_its_bytes(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    opened.keep(PAGE, rule_page(165))
    opened.run()
    upgrade_readers(monkeypatch, with_packs)
    opened.keep(PAGE, rule_page(160))
    opened.run()
    assert len(opened.changes) == 1
    assert [issue.kind for issue in opened.issues] == [IssueKind.HELD]


def test_a_draft_that_older_readers_read_and_its_final_text(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    upgrade_readers(monkeypatch, with_packs)
    opened.keep(f"{SITE}/final", rule_page(165, title="Battery Production Rules"))
    opened.run()
    assert moved(opened) == [(">= 160 Wh/kg", ">= 165 Wh/kg")]
    assert [each.rereads is not None for each in versions(opened)] == [False, True]


def test_a_version_that_waited_for_its_comparison_during_the_upgrade(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The draft was read by the first readers, the final text by the second, and the third compare them."""
    with monkeypatch.context() as second:
        upgrade_readers(second, lambda page: page.replace("lithium", "Lithium"), version="second")
        opened.keep(f"{SITE}/final", rule_page(165, title="Battery Production Rules"))
        read(opened.application, summary=PassSummary(), reporter=Silent())
        extract_pending(opened.application, summary=PassSummary(), reporter=Silent())
    upgrade_readers(monkeypatch, with_packs, version="third")
    opened.run()
    assert moved(opened) == [(">= 160 Wh/kg", ">= 165 Wh/kg")]
    assert opened.issues == ()
    for url in (PAGE, f"{SITE}/final"):
        assert [(each.reader_version == "third", each.rereads is not None) for each in versions(opened, url)] == [
            (False, False),
            (True, True),
        ]
    opened.run()
    assert len(opened.changes) == 1
    assert read_anew(opened) == ()


def test_lost_bytes_are_named_and_the_reading_is_renewed(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    (version,) = versions(opened)
    opened.application.blobs.remove(version.version.snapshots[0])
    upgrade_readers(monkeypatch, with_packs)
    upgrade_extractor(monkeypatch, renamed)
    (told,) = read_anew(opened)
    assert told.renamed == 1
    assert told.trouble is not None
    for part in (PAGE, "version 1", version.version.snapshots[0]):
        assert part in told.trouble
    assert [issue.message for issue in opened.issues] == [told.trouble]
    assert [each.extractor_version for each in versions(opened)] == ["next"]
    opened.keep(PAGE, rule_page(165))
    opened.run()
    assert (">= 160 Wh/kg", ">= 165 Wh/kg") in moved(opened)
    assert any("a text that other readers made" in issue.message for issue in opened.issues)


def test_attachments_are_read_as_they_were(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two files with the same bytes and other labels: nothing differs but the version of the readers."""
    with workspace.open() as opened:
        links = ((FILE, "Annex A"), (TWIN, "Annex B"))
        opened.keep(PAGE, rule_page(160), attachments=links)
        for url, _ in links:
            opened.keep(url, ANNEX, media_type="text/plain", page_url=PAGE)
        opened.keep(f"{SITE}/other", rule_page(170), attachments=((FILE, "Another label"),))
        opened.run()
        assert {"# Annex A", "# Annex B"} <= set(opened.text_of(PAGE).splitlines())
        upgrade_readers(monkeypatch, str)
        assert [(each.is_other_text, each.trouble) for each in read_anew(opened)] == [(False, None)] * 2
        assert {each.number for each in opened.documents} == {1}
        assert read_anew(opened) == ()


def test_no_text_of_an_attachment_is_given_up(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    with workspace.open() as opened:
        opened.keep(PAGE, rule_page(160), attachments=((FILE, "Annex"),))
        opened.keep(FILE, ANNEX, media_type="text/plain", page_url=PAGE)
        opened.run()
        today = reader.read_page

        def read_page(body: bytes, **options: Any) -> PageText:
            if body == ANNEX:
                raise Unreadable(options["name"], "needs a tool", "install it")
            return today(body, **options)

        upgrade_readers(monkeypatch, str)
        monkeypatch.setattr(reader, "read_page", read_page)
        (told,) = read_anew(opened)
        assert told.trouble is not None
        assert f"without losing the text of {FILE}" in told.trouble
        assert "water" in opened.text_of(PAGE)
        # Also when the page is read again, other readers than those of its version give nothing up.
        with opened.application.store.transaction() as session:
            session.execute(text("UPDATE snapshots SET read_at = NULL"))
        opened.run()
        assert "water" in opened.text_of(PAGE)


@pytest.mark.parametrize("state", [ReviewState.REJECTED, ReviewState.ACCEPTED])
def test_decisions_survive_in_other_words(
    watched: Workspace, monkeypatch: pytest.MonkeyPatch, state: ReviewState
) -> None:
    watched.settings["extraction"] = {"review_below": 1}
    with watched.open() as opened:
        opened.keep(PAGE, rule_page(160), ago=AGO)
        opened.run()
        (found,) = requirements(opened, versions(opened)[0])
        with opened.application.store.transaction() as session:
            reviews.decide(session, found.mark, state, at=opened.application.clock())
        upgrade_readers(monkeypatch, lambda page: page.replace("Energy storage cells", "Energy storage  battery cells"))
        read_anew(opened)
        (again,) = requirements(opened, versions(opened)[-1])
        assert again.mark != found.mark
        assert (again.key, again.review) == (found.key, state)


def test_a_stop_between_two_documents_and_the_next_call_goes_on(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (170, 180):
        opened.keep(f"{SITE}/rules-{number}", rule_page(number, title=f"Rules for plant {number}"))
    opened.run()
    upgrade_readers(monkeypatch, with_packs)

    class Impatient(Silent):
        def advance(self, stage: str, detail: str = "") -> None:
            opened.application.stop.set()

    first = reprocess(opened.application, reporter=Impatient())
    opened.application.stop.clear()
    rest = read_anew(opened)
    assert (len(first), len(rest)) == (1, 2)
    assert {each.url for each in (*first, *rest)} == {each.url for each in opened.documents}
    assert all(PACKS in opened.text_of(each.url) for each in opened.documents)
    assert read_anew(opened) == ()


def test_older_versions_keep_their_texts_and_get_new_readings(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    opened.keep(PAGE, rule_page(165))
    opened.run()
    texts = [each.version.text for each in versions(opened)]
    told_of = opened.changes
    upgrade_readers(monkeypatch, with_packs)
    upgrade_extractor(monkeypatch, renamed)
    (told,) = read_anew(opened)
    assert told.older == 1
    found = versions(opened)
    assert [each.version.text for each in found] == [*texts, with_packs(texts[1])]
    assert {each.extractor_version for each in found} == {"next"}
    assert requirements(opened, found[0])[0].requirement.metric == "specific energy"
    assert opened.changes == told_of


@pytest.mark.parametrize("seed", range(3))
def test_an_upgrade_in_the_middle_of_a_history_leaves_no_trace_in_its_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Numbers and furniture of two pages move; passes fall out; with and without an upgrade the same is told."""
    told = []
    for upgraded in (False, True):
        chance = random.Random(seed)
        workspace = Workspace(tmp_path / str(upgraded))
        workspace.source()
        workspace.subscribe(mail=9)
        numbers = {f"{SITE}/rules-{letter}": 300 for letter in "ab"}
        with monkeypatch.context() as patch, workspace.open() as opened:
            for step in range(12):
                if step == 6 and upgraded:
                    upgrade_readers(patch, with_packs)
                    upgrade_extractor(patch, renamed)
                page = chance.choice(list(numbers))
                numbers[page] = chance.choice((numbers[page], 301 + 10 * step, 299 - 10 * step))
                body = rule_page(numbers[page], title=f"Battery Production Rules of Province {page[-1].upper()}")
                opened.keep(page, body.replace(b"<body>", f'<body data-visit="{step}">'.encode()))
                if chance.random() < 0.7:
                    opened.run()
                if upgraded and step == 6 + seed:
                    read_anew(opened)
            opened.run()
            told.append((moved(opened), len(opened.deliveries), [each.change.kind for each in opened.changes]))
            assert opened.issues == ()
    assert told[0] == told[1]
    assert len(told[0][0]) > 3


def test_the_command(opened: Opened, watched: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "nothing to do" in watched.run("reprocess").out
    upgrade_readers(monkeypatch, with_packs)
    result = watched.run("reprocess", "--dry-run", "--format", "json", "--source", SOURCE)
    assert result.code == 0
    (entry,) = result.json["documents"]
    assert (entry["url"], entry["other_text"], [each["value"] for each in entry["added"]]) == (PAGE, True, [120])
    assert result.json["totals"]["added"] == 1
    assert len(versions(opened)) == 1
    table = watched.run("reprocess", "--document", str(entry["id"]))
    assert (table.code, len(versions(opened))) == (0, 2)
    assert ">= 120 Wh/kg" in table.out
    assert "1 added, 0 removed, 0 changed" in table.out
    assert (watched.run("reprocess", "--document", "999").code, watched.run("reprocess", "--source", "no").code) == (
        1,
        1,
    )


def test_an_interrupted_dry_run_says_that_it_is_a_part(watched: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def stopped(stop: Callable[[], None]) -> Iterator[None]:
        stop()
        yield

    monkeypatch.setattr("limen.app.cli.reprocess.stopping", stopped)
    for options, said in (((), "what was read anew is kept"), (("--dry-run",), "would change")):
        result = watched.run("reprocess", *options)
        assert result.code == 1
        assert said in result.err


@pytest.mark.slow
def test_ctrl_c_and_the_next_call_in_processes_of_their_own(workspace: Workspace) -> None:
    """Texts of which nobody kept who read them, as before Limen knew: read anew by worker processes."""
    workspace.settings["read"] = {"workers": 1}
    with workspace.open() as opened:
        for number in range(60):
            opened.keep(f"{SITE}/rules-{number}", rule_page(100 + number, title=f"Rules for plant {number}"))
        opened.run()
        with opened.application.store.transaction() as session:
            session.execute(text("UPDATE document_versions SET reader_version = NULL, extractor_version = 'old'"))

        def done() -> int:
            with opened.application.store.reading() as session:
                query = text("SELECT count(*) FROM document_versions WHERE reader_version IS NOT NULL")
                found: int = session.execute(query).scalar_one()
                return found

        process = workspace.start("reprocess")
        wait_for(lambda: done() > 0, seconds=60)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        assert (process.returncode, "interrupted" in err) == (1, True), (out, err)
        assert 0 < done() < 60
        assert workspace.run("reprocess").code == 0
        assert done() == 60
        assert "nothing to do" in workspace.run("reprocess").out
        assert opened.count("document_versions") == 60
