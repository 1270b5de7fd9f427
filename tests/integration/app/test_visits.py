"""Visits over the wire, hours apart: pages that vanish and return, that flicker, and lists whose answers are kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from limen.alerts.subscriptions import Subscription
from limen.app.clock import shifted_clock
from limen.app.demo.pdf import Line, chinese_pdf
from limen.app.demo.receivers import MailReceiver
from limen.domain.document_event import EventKind
from limen.domain.issue import Issue, IssueKind, Severity
from limen.domain.source import DocumentClass
from limen.store.repositories import crawl_memory, documents, snapshots
from tests.integration.crawler.local_site import LocalSite

from .workspace import SOURCE, Opened, Workspace, rule_page

pytestmark = pytest.mark.slow

ANNEX = chinese_pdf([Line(text="焦炉的颗粒物排放浓度不得高于30 mg/m3。")])
NOT_FOUND = "<html><head><title>Page not found</title></head><body><h1>Page not found</h1></body></html>"


class Visits:
    """Passes over a source with one page, at hours of a day that a test chooses."""

    def __init__(self, opened: Opened, site: LocalSite) -> None:
        self.opened = opened
        self.site = site

    def at(self, hours: float) -> None:
        """Make a pass `hours` from now."""
        offset = timedelta(hours=hours)
        application = self.opened.application
        self.opened.application = replace(
            application, clock=shifted_clock(offset), clock_offset_seconds=offset.total_seconds()
        )
        self.site.forget()
        self.opened.run(SOURCE)

    @property
    def gone_at(self) -> datetime | None:
        (entry,) = self.opened.documents
        return entry.gone_at

    @property
    def version(self) -> int:
        (entry,) = self.opened.documents
        return entry.number

    def issues(self, kind: IssueKind) -> list[Issue]:
        return [issue for issue in self.opened.issues if issue.kind is kind]


def put_feed(site: LocalSite, *paths: str, title: str = "Conditions") -> None:
    items = "".join(f"<item><title>{title}</title><link>{site.url(path)}</link></item>" for path in paths)
    site.put("/feed.xml", f'<rss version="2.0"><channel><title>t</title>{items}</channel></rss>')


@pytest.fixture
def visits(workspace: Workspace, site: LocalSite) -> Iterator[Visits]:
    workspace.source(entry=site.url("/feed.xml"), extra='state = "checked"\n')
    put_feed(site, "/rule.html")
    site.put("/rule.html", rule_page(160))
    with workspace.open() as opened:
        found = Visits(opened, site)
        found.at(0)
        assert (found.version, found.gone_at) == (1, None)
        yield found


@pytest.mark.parametrize(("body", "status"), [("gone", 404), ("gone", 410), (NOT_FOUND, 200)])
def test_a_page_is_gone_when_a_second_visit_finds_it_gone_and_returns(
    visits: Visits, site: LocalSite, body: str, status: int
) -> None:
    site.put("/rule.html", body, status=status)
    visits.at(1)
    visits.at(1.05)  # too soon after the first to count as a second visit
    assert visits.gone_at is None
    assert visits.opened.issues == ()
    visits.at(2)
    assert visits.gone_at is not None
    (issue,) = visits.issues(IssueKind.GONE)
    assert (issue.severity, issue.url, issue.source_id) == (Severity.INFO, site.url("/rule.html"), SOURCE)
    visits.at(3)
    assert len(visits.opened.issues) == 1
    assert visits.version == 1

    site.put("/rule.html", rule_page(160))
    visits.at(4)
    assert site.requests["/rule.html", 304] == 1
    assert (visits.gone_at, visits.version) == (None, 1)
    assert visits.opened.changes == ()
    # The next disappearance starts from the beginning.
    site.put("/rule.html", body, status=status)
    visits.at(5)
    assert visits.gone_at is None
    visits.at(6)
    assert visits.gone_at is not None
    assert len(visits.issues(IssueKind.GONE)) == 2


def test_a_withdrawal_is_told_after_the_second_visit_and_again_after_a_return(visits: Visits, site: LocalSite) -> None:
    reader = Subscription(name="w", emails=("w@reader.example",), changes=False, events=(EventKind.WITHDRAWN,))
    visits.opened.application = replace(visits.opened.application, subscriptions=(reader,))
    site.put("/rule.html", "gone", status=410)
    visits.at(1)
    assert visits.opened.deliveries == ()
    for hours in (2, 3):
        visits.at(hours)
        (message,) = visits.opened.deliveries
        assert '"kind":"withdrawn"' in message.payload
    site.put("/rule.html", rule_page(160))
    visits.at(4)
    assert len(visits.opened.deliveries) == 1
    site.put("/rule.html", "gone", status=410)
    visits.at(5)
    assert len(visits.opened.deliveries) == 1
    visits.at(6)
    assert len(visits.opened.deliveries) == 2


def test_a_page_that_left_its_list_before_it_went(visits: Visits, site: LocalSite) -> None:
    put_feed(site, "/other.html")
    site.put("/other.html", rule_page(170, title="Other Rules"))
    del site.pages["/rule.html"]
    for hours in (1, 2, 3, 4):
        visits.at(hours)
    (entry,) = [each for each in visits.opened.documents if each.url == site.url("/rule.html")]
    assert entry.gone_at is not None
    assert len(visits.issues(IssueKind.GONE)) == 1
    # It is looked for as long as other pages are, since it may return.
    assert "/rule.html" in dict(site.seen)
    site.put("/rule.html", rule_page(165))
    visits.at(5)
    (entry,) = [each for each in visits.opened.documents if each.url == site.url("/rule.html")]
    assert (entry.gone_at, entry.number) == (None, 2)
    del site.pages["/rule.html"]
    visits.at(6)
    visits.at(7)
    visits.at(24 * 40)
    assert "/rule.html" not in dict(site.seen)


def test_a_page_that_is_away_once_is_not_gone(visits: Visits, site: LocalSite) -> None:
    page = site.pages.pop("/rule.html")
    visits.at(1)
    site.pages["/rule.html"] = page
    visits.at(2)
    del site.pages["/rule.html"]
    visits.at(3)
    assert visits.gone_at is None
    assert visits.opened.issues == ()


def test_a_file_that_is_gone_leaves_its_document_as_it_was(visits: Visits, site: LocalSite) -> None:
    links = '<p><a href="annex.pdf">Annex</a> of this notice with the figures for every plant of the country</p>'
    site.put("/annex.pdf", ANNEX, content_type="application/pdf")
    site.put("/rule.html", rule_page(160, links=links))
    visits.at(1)
    assert visits.version == 2
    del site.pages["/annex.pdf"]
    for hours in (2, 3, 4):
        visits.at(hours)
    assert (visits.gone_at, visits.version) == (None, 2)
    assert visits.issues(IssueKind.GONE) == []
    (issue,) = visits.issues(IssueKind.FETCH_FAILED)
    assert issue.url == site.url("/annex.pdf")
    site.put("/annex.pdf", ANNEX, content_type="application/pdf")
    visits.at(5)
    assert visits.version == 2


def test_a_page_that_flickers_makes_no_version(visits: Visits, site: LocalSite) -> None:
    def numbers() -> list[str]:
        with visits.opened.application.store.reading() as session:
            newest = documents.newest(session, SOURCE, site.url("/rule.html"))
            assert newest is not None
            return newest.version.text.split("at least ")[1].split()[:1]

    for hours, number in enumerate((165, 160, 165, 160, 165), 1):
        site.put("/rule.html", rule_page(number))
        visits.at(hours)
    assert (visits.version, numbers()) == (2, ["165"])
    assert len(visits.opened.changes) == 1
    assert len(visits.issues(IssueKind.HELD)) == 1
    # Twice in a row it is no flicker.
    site.put("/rule.html", rule_page(160))
    visits.at(7)
    visits.at(8)
    assert (visits.version, numbers()) == (3, ["160"])
    assert len(visits.opened.changes) == 2


def test_a_page_that_changes_in_its_furniture_only_is_stored_once(visits: Visits, site: LocalSite) -> None:
    for hours, token in enumerate("abc", 1):
        script = f'<script nonce="{token}">var csrf = "{token}";</script></head>'.encode()
        site.put("/rule.html", rule_page(160).replace(b"</head>", script))
        visits.at(hours)
    assert visits.opened.count("snapshots") == 1
    assert visits.version == 1
    site.put("/rule.html", rule_page(165))
    visits.at(4)
    assert (visits.opened.count("snapshots"), visits.version) == (2, 2)


def list_digest(visits: Visits, site: LocalSite) -> str:
    with visits.opened.application.store.reading() as session:
        kept = crawl_memory.kept_list(session, SOURCE, site.url("/feed.xml"))
    assert kept is not None
    return kept.sha256


def test_a_list_whose_kept_answer_is_lost_is_asked_for_anew(visits: Visits, site: LocalSite) -> None:
    sha256 = list_digest(visits, site)
    blobs = visits.opened.application.blobs
    visits.at(1)
    assert site.requests["/feed.xml", 304] == 1
    blobs.remove(sha256)
    visits.at(2)
    assert site.requests["/feed.xml", 200] == 1
    visits.at(3)
    assert site.requests["/feed.xml", 304] == 1
    blobs.path(sha256).write_bytes(b"damaged")
    visits.at(4)
    assert site.requests["/feed.xml", 200] == 1
    assert site.requests["/rule.html", 304] == 1
    assert visits.opened.issues == ()


def test_the_answer_of_a_list_is_kept_once_however_often_it_changes(visits: Visits, site: LocalSite) -> None:
    blobs = visits.opened.application.blobs
    before = list_digest(visits, site)
    for hours, title in enumerate("abc", 1):
        put_feed(site, "/rule.html", title=title)
        visits.at(hours)
        after = list_digest(visits, site)
        assert (blobs.exists(before), blobs.exists(after)) == (False, True)
        before = after


def test_a_page_whose_bytes_are_lost_is_fetched_anew(visits: Visits, site: LocalSite) -> None:
    with visits.opened.application.store.reading() as session:
        stored = snapshots.latest(session, SOURCE, site.url("/rule.html"))
    assert stored is not None
    visits.opened.application.blobs.remove(stored.snapshot.sha256)
    visits.at(1)
    assert site.requests["/rule.html", 200] == 1
    assert visits.opened.application.blobs.exists(stored.snapshot.sha256)
    assert (visits.opened.count("snapshots"), visits.version) == (1, 1)


def damage(visits: Visits, url: str) -> str:
    """Spoil the kept bytes of a page or file that waits to be read, and return their digest."""
    with visits.opened.application.store.transaction() as session:
        stored = snapshots.latest(session, SOURCE, url)
        assert stored is not None
        snapshots.mark_unread(session, [stored.id])
    visits.opened.application.blobs.path(stored.snapshot.sha256).write_bytes(b"damaged")
    return stored.snapshot.sha256


def test_a_page_whose_bytes_are_found_damaged_is_fetched_anew(visits: Visits, site: LocalSite) -> None:
    blobs = visits.opened.application.blobs
    sha256 = damage(visits, site.url("/rule.html"))
    visits.at(1)
    assert site.requests["/rule.html", 304] == 1
    (issue,) = visits.issues(IssueKind.UNREADABLE)
    assert (issue.url, "are damaged" in issue.message) == (site.url("/rule.html"), True)
    assert not blobs.exists(sha256)
    visits.at(2)
    assert site.requests["/rule.html", 200] == 1
    assert hashlib.sha256(blobs.get(sha256)).hexdigest() == sha256
    assert (visits.opened.count("snapshots"), visits.version) == (1, 1)
    with visits.opened.application.store.reading() as session:
        assert snapshots.pending_pages(session, limit=1) == ()


def test_a_file_whose_bytes_are_found_damaged_is_fetched_anew(visits: Visits, site: LocalSite) -> None:
    links = '<p><a href="annex.pdf">Annex</a> of this notice with the figures for every plant of the country</p>'
    site.put("/rule.html", rule_page(160, links=links))
    site.put("/annex.pdf", ANNEX, content_type="application/pdf")
    visits.at(1)
    assert visits.version == 2
    damage(visits, site.url("/annex.pdf"))
    visits.at(2)
    assert len(visits.issues(IssueKind.UNREADABLE)) == 1
    visits.at(3)
    assert site.requests["/annex.pdf", 200] == 1
    assert (visits.version, len(visits.opened.issues)) == (2, 1)


def test_a_file_is_read_by_whichever_address_a_page_links_to_it(visits: Visits, site: LocalSite) -> None:
    link = '<p><a href="{}">Annex</a> of this notice with the figures for every plant of the country</p>'
    for path in ("/annex.pdf", "/annex.pdf?utm_source=mail"):
        site.put(path, ANNEX, content_type="application/pdf")
    site.put("/rule.html", rule_page(160, links=link.format("annex.pdf?utm_source=mail")))
    visits.at(1)
    assert visits.version == 2
    assert "30 mg/m3" in visits.opened.text_of(site.url("/rule.html"))
    # Another page calls the same file otherwise.
    put_feed(site, "/rule.html", "/other.html")
    site.put("/other.html", rule_page(170, title="Other Rules", links=link.format("annex.pdf")))
    visits.at(2)
    assert "30 mg/m3" in visits.opened.text_of(site.url("/other.html"))
    assert visits.opened.issues == ()


def test_a_host_that_wants_hours_of_peace_gets_them_over_passes(visits: Visits, site: LocalSite) -> None:
    site.put("/rule.html", "busy", status=429, headers={"Retry-After": "7200"})
    visits.at(1)
    site.put("/rule.html", rule_page(165))
    visits.at(2)
    assert site.seen == []
    visits.at(3.1)
    assert site.requests["/rule.html", 200] == 1
    assert visits.version == 2


def put_pages(site: LocalSite, count: int) -> Sequence[str]:
    for number in range(count):
        site.put(f"/{number}.html", rule_page(100 + number, title=f"Rules of plant {number}"))
    return [f"/{number}.html" for number in range(count)]


def test_a_source_nobody_has_seen_live_is_crawled_gently(workspace: Workspace, site: LocalSite) -> None:
    workspace.source(entry=site.url("/feed.xml"))
    put_feed(site, *put_pages(site, 9))
    with workspace.open() as opened:
        visits = Visits(opened, site)
        visits.at(0)
        assert opened.count("snapshots") == 5
        assert not visits.issues(IssueKind.LIMIT_REACHED)  # that is meant so, and nobody is to raise anything
        # It has shown what it is, and is crawled as its TOML says.
        visits.at(1)
        assert opened.count("snapshots") == 9


def test_questions_and_answers_about_a_rule_are_kept_and_never_alert(
    workspace: Workspace, site: LocalSite, mailbox: MailReceiver
) -> None:
    workspace.subscribe(mail=mailbox)
    workspace.source(entry=site.url("/feed.xml"), extra='state = "checked"\n')
    put_feed(site, "/qa.html", title="《电池行业规范条件》答记者问")
    site.put("/qa.html", rule_page(160, title="《电池行业规范条件》答记者问"))
    with workspace.open() as opened:
        visits = Visits(opened, site)
        visits.at(0)
        site.put("/qa.html", rule_page(165, title="《电池行业规范条件》答记者问"))
        visits.at(1)
        (entry,) = opened.documents
        assert (entry.document_class, entry.number) == (DocumentClass.COMMENTARY, 2)
        assert opened.count("snapshots") == 2
        assert opened.count("deliveries") == 0
    assert mailbox.mails == ()
