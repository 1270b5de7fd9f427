"""Pages that flicker make no version, pages that really went back do, and hints of the lists come through."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from limen.app.bootstrap import Application
from limen.domain.fetched import Confirmed
from limen.domain.issue import Issue, IssueKind, Severity
from limen.domain.snapshot import Attachment, Hints, Snapshot
from limen.domain.source import DocumentClass
from limen.store import queries
from limen.store.queries import VersionEntry
from limen.store.repositories import documents, snapshots, vanishing

from .workspace import SITE, SOURCE, Opened, Workspace, rule_page

PAGE = f"{SITE}/rules"
FILE = f"{SITE}/annex.txt"
UNLISTED = Hints()
LONG = " ".join(
    f"Item {number} of the annex names a furnace, its yield and the solvent it needs." for number in range(30)
)


@pytest.fixture
def opened(workspace: Workspace) -> Iterator[Opened]:
    with workspace.open() as opened:
        yield opened


def visit(opened: Opened, body: bytes, *, files: tuple[str, ...] = (), hints: Hints = UNLISTED) -> None:
    """Let a crawl find these bytes on the page, then make a pass over what it found."""
    keep(opened.application, PAGE, body, files=files, hints=hints)
    opened.run()


def keep(
    application: Application,
    url: str,
    body: bytes,
    *,
    files: tuple[str, ...] = (),
    page_url: str | None = None,
    hints: Hints = UNLISTED,
) -> None:
    application.blobs.put(body)
    snapshot = Snapshot(
        source_id=SOURCE,
        url=url,
        final_url=url,
        fetched_at=datetime.now(UTC),
        status=200,
        headers=(("content-type", "text/html; charset=utf-8" if page_url is None else "text/plain; charset=utf-8"),),
        sha256=hashlib.sha256(body).hexdigest(),
        size=len(body),
        page_url=page_url,
        attachments=tuple(Attachment(url=each, label="Annex") for each in files),
        hints=hints,
    )
    with application.store.transaction() as session:
        snapshots.save(session, snapshot)


def confirm(opened: Opened, url: str = PAGE) -> None:
    """Let a crawl see a page unchanged, then make a pass."""
    with opened.application.store.transaction() as session:
        assert snapshots.confirm(session, SOURCE, [Confirmed(url=url, at=datetime.now(UTC))])
    opened.run()


def numbers(opened: Opened) -> list[str]:
    """Return the required number of each version of the page, oldest first."""
    with opened.application.store.reading() as session:
        newest = documents.newest(session, SOURCE, PAGE)
        assert newest is not None
        entries = queries.versions(session, newest.document_id)
        texts = [documents.by_id(session, each.id).version.text for each in entries]
    return [text.split("at least ")[1].split(" ")[0] if "at least" in text else "-" for text in texts]


def held(opened: Opened) -> bool:
    with opened.application.store.reading() as session:
        return vanishing.held_text(session, SOURCE, PAGE) is not None


def newest(opened: Opened) -> VersionEntry:
    (entry,) = opened.documents
    return entry


def holds(opened: Opened) -> list[Issue]:
    return [issue for issue in opened.issues if issue.kind is IssueKind.HELD]


def test_a_stale_copy_makes_no_version(opened: Opened) -> None:
    visit(opened, rule_page(160))
    visit(opened, rule_page(165))
    for _ in range(2):
        visit(opened, rule_page(160))
        assert numbers(opened) == ["160", "165"]
        assert held(opened)
        visit(opened, rule_page(165))
        assert not held(opened)
    assert numbers(opened) == ["160", "165"]
    assert len(opened.changes) == 1
    (issue,) = holds(opened)
    assert (issue.severity, issue.url, issue.source_id) == (Severity.INFO, PAGE, SOURCE)
    assert "an earlier version had has come back" in issue.message


@pytest.mark.parametrize("again", [confirm, lambda opened: visit(opened, rule_page(160))])
def test_a_text_that_came_back_for_good_is_the_third_version(opened: Opened, again: type[confirm]) -> None:
    visit(opened, rule_page(160))
    visit(opened, rule_page(165))
    visit(opened, rule_page(160))
    # Passes between the visits do not count as one.
    opened.run()
    assert numbers(opened) == ["160", "165"]
    again(opened)
    assert numbers(opened) == ["160", "165", "160"]
    assert len(opened.changes) == 2
    assert not held(opened)
    again(opened)
    assert numbers(opened) == ["160", "165", "160"]


def test_a_revert_on_a_page_whose_bytes_are_never_twice_the_same(opened: Opened) -> None:
    for number, version in enumerate((160, 165, 160, 160)):
        visit(opened, rule_page(version).replace(b"<body>", f'<body data-visit="{number}">'.encode()))
    assert numbers(opened) == ["160", "165", "160"]
    assert not held(opened)


def test_half_a_page_is_put_by_and_the_whole_one_makes_no_version(opened: Opened) -> None:
    whole = rule_page(160, links=f"<p>{LONG}</p>")
    half = b"<html><head><title>Battery Production Rules</title></head><body><main><p>Please wait.</p></main></body></html>"
    visit(opened, whole)
    visit(opened, half)
    assert numbers(opened) == ["160"]
    assert "most of the text is gone" in holds(opened)[0].message
    assert opened.changes == ()
    visit(opened, whole)
    assert numbers(opened) == ["160"]
    assert not held(opened)
    visit(opened, half)
    confirm(opened)
    assert numbers(opened) == ["160", "-"]


def test_another_doubtful_text_takes_the_place_of_the_first_and_waits_anew(opened: Opened) -> None:
    whole = rule_page(160, links=f"<p>{LONG}</p>")

    def half(word: str) -> bytes:
        return f"<html><head><title>Rules</title></head><body><main><p>{word}</p></main></body></html>".encode()

    visit(opened, whole)
    for word in ("Please wait.", "Come back later.", "Please wait."):
        visit(opened, half(word))
        assert numbers(opened) == ["160"]
        assert held(opened)
    confirm(opened)
    assert numbers(opened) == ["160", "-"]
    assert opened.text_of(PAGE) == "Please wait.\n"
    assert not held(opened)


def test_a_text_like_any_other_ends_the_hold_of_a_stale_copy(opened: Opened) -> None:
    for number in (160, 165, 160, 170):
        visit(opened, rule_page(number))
    assert numbers(opened) == ["160", "165", "170"]
    assert not held(opened)
    assert [str(change.change.new and change.change.new.threshold.value) for change in opened.changes] == ["170", "165"]


def test_an_attachment_that_is_not_linked_any_more_is_waited_for(opened: Opened) -> None:
    annex = LONG[:900].encode()
    keep(opened.application, PAGE, rule_page(160, links=f"<p>{LONG}</p>"), files=(FILE,))
    keep(opened.application, FILE, annex, page_url=PAGE)
    opened.run()
    bare = rule_page(160, links=f"<p>{LONG}</p><p>The annex is under revision.</p>")
    visit(opened, bare)
    assert newest(opened).number == 1
    assert "1 of its attachments is not linked any more" in holds(opened)[0].message
    visit(opened, rule_page(160, links=f"<p>{LONG}</p>"), files=(FILE,))
    assert newest(opened).number == 1
    assert not held(opened)
    visit(opened, bare)
    assert newest(opened).number == 1
    confirm(opened)
    assert newest(opened).number == 2


def test_an_attachment_in_place_of_another_counts_at_once(opened: Opened) -> None:
    other = f"{SITE}/annex-2.txt"
    for url, text in ((FILE, LONG), (other, LONG.replace("yield", "output"))):
        keep(opened.application, url, text.encode(), page_url=PAGE)
        keep(opened.application, PAGE, rule_page(160, links=f"<p>{url}</p>"), files=(url,))
        opened.run()
    assert newest(opened).number == 2
    assert holds(opened) == []


def test_a_file_of_two_pages_is_read_with_both_and_the_doubt_of_one_holds_only_that(opened: Opened) -> None:
    other = f"{SITE}/other"
    for url in (PAGE, other):
        keep(opened.application, url, rule_page(160, title=f"Rules of {url}"), files=(FILE,))
    keep(opened.application, FILE, LONG.encode(), page_url=PAGE)
    opened.run()
    keep(opened.application, FILE, LONG.replace("yield", "output").encode(), page_url=other)
    opened.run()
    assert {each.url: each.number for each in opened.documents} == {PAGE: 2, other: 2}
    assert all("its output" in opened.text_of(url) for url in (PAGE, other))
    # The file goes back to what it was: doubtful on both, and a visit to each ends its own doubt.
    keep(opened.application, FILE, LONG.encode(), page_url=PAGE)
    opened.run()
    for url, versions in ((other, {PAGE: 2, other: 3}), (PAGE, {PAGE: 3, other: 3})):
        confirm(opened, url)
        assert {each.url: each.number for each in opened.documents} == versions
    with opened.application.store.reading() as session:
        assert vanishing.held_pages(session, SOURCE) == ()


def test_a_hold_survives_a_crash_before_and_after_the_second_visit(workspace: Workspace) -> None:
    with workspace.open() as opened:
        visit(opened, rule_page(160))
        visit(opened, rule_page(165))
        visit(opened, rule_page(160))
    with workspace.open() as opened:
        opened.run()
        assert held(opened)
        with opened.application.store.transaction() as session:
            snapshots.confirm(session, SOURCE, [Confirmed(url=PAGE, at=datetime.now(UTC))])
    with workspace.open() as opened:
        opened.run()
        assert numbers(opened) == ["160", "165", "160"]


def test_gone_documents_are_shown_as_gone(workspace: Workspace) -> None:
    now = datetime.now(UTC)
    with workspace.open() as opened:
        visit(opened, rule_page(160))
        with opened.application.store.transaction() as session:
            snapshots.miss(session, SOURCE, PAGE, at=now)
            assert snapshots.miss(session, SOURCE, PAGE, at=now + timedelta(hours=1))
    (entry,) = workspace.run("document", "list", "--format", "json").json
    assert entry["gone_at"] == (now + timedelta(hours=1)).isoformat()
    with workspace.open() as opened:
        confirm(opened)
        assert newest(opened).gone_at is None
        assert newest(opened).number == 1


def test_what_the_list_says_goes_with_the_version(opened: Opened) -> None:
    hints = Hints(
        document_class=DocumentClass.FINAL,
        references=("RIN 2060-AU37", "docket EPA-HQ-OAR-2024-0001"),
        effective_on=date(2026, 7, 1),
    )
    text = "<p>This notice is RIN 2060-AU37 of the agency.</p>"
    visit(opened, rule_page(160, links=text), hints=hints)
    entry = newest(opened)
    assert entry.document_class is DocumentClass.FINAL
    assert entry.references[:2] == hints.references
    assert len(set(entry.references)) == len(entry.references)
    assert entry.effective_on == date(2026, 7, 1)
    # A known page that left its list keeps the class that the list had given it.
    visit(opened, rule_page(165, links=text))
    assert newest(opened).number == 2
    assert newest(opened).document_class is DocumentClass.FINAL


def test_an_editorial_version_is_compared_and_never_alerts(workspace: Workspace) -> None:
    workspace.subscribe(mail=9)
    with workspace.open() as opened:
        visit(opened, rule_page(160))
        visit(opened, rule_page(165), hints=Hints(editorial=True))
        assert len(opened.changes) == 1
        assert opened.count("deliveries") == 0
        visit(opened, rule_page(170))
        assert len(opened.changes) == 2
        assert opened.count("deliveries") == 1
