"""What documents do as a whole, from stored bytes to the mail: told once, to who asked for it, and to nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from limen.alerts.event import load
from limen.alerts.subscriptions import Subscription
from limen.app.demo.receivers import MailReceiver, ReceivedMail
from limen.app.stages.backtest import backtest
from limen.domain.document_event import DocumentEvent, EventKind
from limen.domain.fetched import Confirmed
from limen.domain.review import ReviewState
from limen.domain.snapshot import Hints
from limen.domain.source import DocumentClass
from limen.store.repositories import document_events, documents, readings, reviews, snapshots
from limen.store.tables import DocumentEventRow, RequirementRow

from .workspace import RULE, SITE, SOURCE, Opened, Workspace

PAGE = f"{SITE}/draft.html"
FINAL = f"{SITE}/final.html"
TITLE = "Battery Production Rules"
EVERY_EVENT = Subscription(name="events", emails=("all@reader.example",), changes=False, events=tuple(EventKind))
NO_HINTS = Hints()
FINAL_TEXT = Hints(document_class=DocumentClass.FINAL)


def page(
    *, number: int = 160, until: str | None = "13 May 2031", title: str = f"{TITLE} (draft for comment)", more: str = ""
) -> bytes:
    comments = f"Comments on this draft may be submitted until {until}. " if until else ""
    text = (
        "The ministry sets out the conditions that makers of lithium batteries have to meet. "
        f"Energy storage cells shall have an energy density of at least {number} Wh/kg. {comments}{more}"
    )
    return RULE.format(lang="en", title=title, text=text, links="").encode()


@pytest.fixture
def opened(workspace: Workspace) -> Iterator[Opened]:
    """The application, in which one reader hears of every event and of no change."""
    with workspace.open(subscriptions=(EVERY_EVENT,)) as opened:
        yield opened


def told(opened: Opened) -> list[list[tuple[str, str | None, str | None]]]:
    """Return the events of each message, oldest message first."""
    return [
        [(each["kind"], each["before"], each["after"]) for each in event["data"]["events"]]
        for event in (load(delivery.payload) for delivery in reversed(opened.deliveries))
        if event["type"] == "document.event"
    ]


def visit(opened: Opened, body: bytes, *, url: str = PAGE, hints: Hints = NO_HINTS, **options: Any) -> None:
    """Let a crawl find these bytes, then make a pass over them."""
    opened.keep(url, body, hints=hints, **options)
    opened.run()


def confirm(opened: Opened, *, hints: Hints) -> None:
    """Let a crawl find the page unchanged and its list say something of it, then make a pass."""
    with opened.application.store.transaction() as session:
        assert snapshots.confirm(session, SOURCE, [Confirmed(url=PAGE, at=datetime.now(UTC), hints=hints)])
    opened.run()


def body(mail: ReceivedMail) -> str:
    plain = mail.message.get_body(("plain",))
    assert plain is not None
    return plain.get_content()


def test_an_extension_is_one_mail_to_who_asked_for_it(workspace: Workspace, mailbox: MailReceiver) -> None:
    workspace.subscribe(mail=mailbox)
    workspace.settings["subscriptions"] = [
        {"name": "changes", "emails": ["changes@reader.example"]},
        {"name": "drafts", "emails": ["drafts@reader.example"], "events": ["comment_period_extended"]},
        {"name": "stages", "emails": ["stages@reader.example"], "events": ["stage_changed", "withdrawn"]},
        {"name": "abroad", "emails": ["abroad@reader.example"], "events": ["all"], "jurisdictions": ["EU"]},
    ]
    with workspace.open() as opened:
        visit(opened, page())
        assert not mailbox.mails
        visit(opened, page(until="30 June 2031"))
        assert opened.changes == ()
        (mail,) = mailbox.mails
        assert mail.recipients == ("drafts@reader.example",)
        assert mail.message["Subject"] == (
            f"[Limen] Comment period extended: 2031-05-13 -> 2031-06-30 - {TITLE} (draft for comment)"
        )
        assert "comments until 2031-06-30" in body(mail)
        assert opened.count("delivery_events") == 1
        opened.run()
        visit(opened, page(until="30 June 2031"))
        assert len(mailbox.mails) == 1


def test_events_and_changes_of_one_version_are_two_messages(workspace: Workspace) -> None:
    workspace.subscribe(mail=9)
    workspace.settings["subscriptions"][0]["events"] = ["all"]
    with workspace.open() as opened:
        visit(opened, page())
        visit(opened, page(number=165, until="30 June 2031", more="This Act enters into force on 1 January 2032."))
        assert told(opened) == [
            [
                ("comment_period_extended", "2031-05-13", "2031-06-30"),
                ("effective_date_changed", None, "2032-01-01"),
            ]
        ]
        (change,) = [load(each.payload) for each in opened.deliveries if "requirement.changed" in each.payload]
        assert change["type"] == "requirement.changed"
        runs = change["data"]["changes"][0]["redline"]
        assert runs is not None
        assert [run["text"] for run in runs if run["mark"] != "kept"] == ["160", "165"]
        assert workspace.run("change", "list", "--format", "json").json[0]["redline"] == runs
        listed = workspace.run("delivery", "list", "--format", "json").json
        assert sorted((len(each["changes"]), len(each["events"])) for each in listed) == [(0, 2), (1, 0)]


def test_a_draft_becomes_final_at_another_address(opened: Opened, workspace: Workspace) -> None:
    visit(opened, page(), ago=timedelta(days=3))
    visit(
        opened,
        page(until=None, title=TITLE, more="These rules enter into force on 1 January 2032."),
        url=FINAL,
        hints=FINAL_TEXT,
    )
    assert told(opened) == [[("stage_changed", "draft", "final"), ("effective_date_changed", None, "2032-01-01")]]
    newest, _ = listed = workspace.run("event", "list", "--format", "json").json
    assert {each["kind"] for each in listed} == {"stage_changed", "effective_date_changed"}
    assert (newest["new"]["url"], newest["old"]["url"], newest["source"]) == (FINAL, PAGE, SOURCE)
    (stage,) = workspace.run("event", "list", "--kind", "stage_changed", "--format", "json").json
    assert (stage["before"], stage["after"]) == ("draft", "final")
    assert workspace.run("event", "list", "--jurisdiction", "CN", "--format", "json").json == []
    assert workspace.run("event", "list", "--since", "2999-01-01", "--format", "json").json == []
    table = workspace.run("event", "list", "--source", SOURCE)
    assert "stage changed" in table.out


def test_a_notice_between_draft_and_final_text_hides_nothing(opened: Opened) -> None:
    notice = Hints(document_class=DocumentClass.NOTICE)
    visit(opened, page(), ago=timedelta(days=3))
    hearing = RULE.format(lang="en", title=TITLE, text="A hearing is held in the town hall.", links="").encode()
    visit(opened, hearing, url=f"{SITE}/hearing.html", hints=notice, ago=timedelta(days=2))
    assert told(opened) == []
    issued = page(until=None, title=TITLE, more="The ministry has adopted these rules and hereby issues them.")
    visit(opened, issued, url=FINAL, hints=FINAL_TEXT)
    assert told(opened) == [[("stage_changed", "draft", "final")]]
    assert {entry.instrument_id for entry in opened.documents} == {1}


def test_the_draft_that_made_room_for_the_final_text_is_not_withdrawn(opened: Opened) -> None:
    visit(opened, page(), ago=timedelta(days=3))
    visit(opened, page(until=None, title=TITLE), url=FINAL, hints=FINAL_TEXT)
    before = opened.count("document_events")
    lose(opened, PAGE)
    assert opened.count("document_events") == before
    lose(opened, FINAL)
    assert told(opened)[-1] == [("withdrawn", TITLE, None)]


def lose(opened: Opened, url: str, *, ago: timedelta = timedelta(0)) -> None:
    """Let two visits find a page gone, then make a pass."""
    with opened.application.store.transaction() as session:
        now = datetime.now(UTC) - ago
        snapshots.miss(session, SOURCE, url, at=now - timedelta(hours=1))
        assert snapshots.miss(session, SOURCE, url, at=now)
    opened.run()


def test_what_its_list_calls_withdrawn_is_told_once(opened: Opened) -> None:
    visit(opened, page())
    confirm(opened, hints=Hints(status="open"))
    confirm(opened, hints=Hints(status="Withdrawn"))
    confirm(opened, hints=Hints(status="withdrawn"))
    visit(opened, page(until="30 June 2031"), hints=Hints(status="withdrawn"))
    withdrawn = [("withdrawn", f"{TITLE} (draft for comment)", None)]
    assert told(opened) == [withdrawn, [("comment_period_extended", "2031-05-13", "2031-06-30")]]
    visit(opened, page(), hints=Hints(status="open"))
    visit(opened, page(), hints=Hints(status="open"))
    visit(opened, page(number=165), hints=Hints(status="withdrawn"))
    assert told(opened).count(withdrawn) == 2


def test_a_page_that_goes_after_its_list_called_it_withdrawn_is_told_once(opened: Opened) -> None:
    visit(opened, page())
    confirm(opened, hints=Hints(status="withdrawn"))
    lose(opened, PAGE)
    assert told(opened) == [[("withdrawn", f"{TITLE} (draft for comment)", None)]]


def test_what_is_gone_for_long_is_listed_and_not_told(opened: Opened, workspace: Workspace) -> None:
    visit(opened, page(), ago=timedelta(days=90))
    lose(opened, PAGE, ago=timedelta(days=60))
    assert opened.deliveries == ()
    assert silences(opened, workspace) == ["too_old"]


def test_what_was_withdrawn_before_it_was_seen_is_listed_and_not_told(opened: Opened, workspace: Workspace) -> None:
    visit(opened, page(), hints=Hints(status="withdrawn"))
    confirm(opened, hints=Hints(status="withdrawn"))
    assert opened.deliveries == ()
    assert silences(opened, workspace) == ["never_stood"]


def silences(opened: Opened, workspace: Workspace) -> list[str | None]:
    """Return why nobody was told of each withdrawal, which a backtest has to say as well."""
    found = workspace.run("event", "list", "--format", "json").json
    assert {each["kind"] for each in found} <= {"withdrawn"}
    since = datetime.now(UTC) - timedelta(days=100)
    played = backtest(opened.application, [EVERY_EVENT], since=since)
    assert [message.silence for message in played] == [each["silence"] for each in found]
    return [message.silence for message in played]


@pytest.mark.parametrize("hints", [Hints(editorial=True), Hints(document_class=DocumentClass.COMMENTARY)])
def test_nobody_hears_of_editorial_versions_and_commentary(opened: Opened, hints: Hints) -> None:
    visit(opened, page())
    visit(opened, page(until="30 June 2031"), hints=hints)
    assert opened.deliveries == ()
    assert opened.count("document_events") == (1 if hints.editorial else 0)


def test_what_is_too_old_is_kept_and_not_told_but_its_withdrawal_is(opened: Opened) -> None:
    years_ago = datetime.now(UTC) - timedelta(days=800)
    visit(opened, page(), hints=Hints(published=years_ago - timedelta(days=90)))
    final = Hints(document_class=DocumentClass.FINAL, published=years_ago)
    visit(opened, page(until=None, title=TITLE), url=FINAL, hints=final)
    assert opened.count("document_events") == 1
    assert opened.deliveries == ()
    lose(opened, FINAL)
    assert told(opened) == [[("withdrawn", TITLE, None)]]


def test_an_attachment_that_is_missing_makes_no_event(opened: Opened) -> None:
    annex = f"{SITE}/annex.txt"
    without = page(until=None)
    visit(opened, without, attachments=[(annex, "Annex")], ago=timedelta(days=2))
    opened.keep(annex, b"Comments may be submitted until 13 May 2031.", media_type="text/plain", page_url=PAGE)
    opened.run()
    with opened.application.store.reading() as session:
        newest = documents.newest(session, SOURCE, PAGE)
    assert newest is not None
    assert newest.number == 2
    assert newest.comment_deadline is not None
    assert opened.count("document_events") == 0


def test_events_that_others_wrote_are_told_and_wait_for_the_review_of_their_number(opened: Opened) -> None:
    visit(opened, page())
    with opened.application.store.transaction() as session:
        version = documents.newest(session, SOURCE, PAGE)
        assert version is not None
        (claim,) = readings.requirements(session, version.id)
        row = session.get(RequirementRow, claim.id)
        assert row is not None
        row.review = ReviewState.AWAITING.value
        session.add(
            DocumentEventRow(
                kind=EventKind.PRESS_AHEAD.value,
                version_id=version.id,
                after=">= 160 Wh/kg",
                requirement_id=claim.id,
                detected_at=datetime.now(UTC),
            )
        )
    opened.application = replace(opened.application, config=reviewing(opened))
    opened.run()
    assert opened.deliveries == ()
    with opened.application.store.transaction() as session:
        reviews.decide(session, claim.mark, ReviewState.ACCEPTED, at=datetime.now(UTC))
    opened.run()
    opened.run()
    assert told(opened) == [[("press_ahead", None, ">= 160 Wh/kg")]]


def reviewing(opened: Opened) -> Any:
    config = opened.application.config
    return config.model_copy(update={"extraction": config.extraction.model_copy(update={"review_below": 1.0})})


def test_an_event_that_a_killed_pass_left_is_told_by_the_next(opened: Opened) -> None:
    visit(opened, page())
    with opened.application.store.transaction() as session:
        version = documents.newest(session, SOURCE, PAGE)
        assert version is not None
        happened = [DocumentEvent(kind=EventKind.STAGE, before="draft", after="final")]
        assert len(document_events.save(session, version.id, happened, at=datetime.now(UTC))) == 1
        assert document_events.save(session, version.id, happened, at=datetime.now(UTC)) == ()
    opened.run()
    opened.run()
    assert told(opened) == [[("stage_changed", "draft", "final")]]
