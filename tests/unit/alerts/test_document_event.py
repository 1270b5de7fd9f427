"""What documents do, as events and mails."""

from __future__ import annotations

import json

import pytest
from lxml import html

from limen.alerts.document_event import deliveries_for, event
from limen.alerts.event import dump, load
from limen.alerts.event_wording import sentence
from limen.alerts.payload import Coverage
from limen.alerts.render import render
from limen.alerts.subscriptions import Subscription
from limen.alerts.wrap import columns
from limen.domain.delivery import ChannelKind
from limen.domain.document_event import DocumentEvent, EventAlert, EventKind, PressNumber
from tests.unit.alerts.builders import (
    BECAME_FINAL,
    CONTRADICTED,
    EXTENDED,
    NOW,
    WITHDRAWN,
    event_alert,
    ids,
    press_number,
)

WANTS_ALL = Subscription(
    name="drafts", emails=("a@example.org",), webhooks=("desk",), changes=False, events=tuple(EventKind)
)


def payload(told: EventAlert) -> str:
    return dump(event(told, told.events, subscription_name="drafts"))


@pytest.mark.parametrize(
    ("kind", "before", "after", "expected"),
    [
        (EventKind.STAGE, "draft", "final", "stage: draft for comment -> final text"),
        (EventKind.STAGE, "final", "draft", "a revision is proposed: final text -> draft for comment"),
        (EventKind.COMMENT_EXTENDED, "2024-05-13", "2024-06-13", "comment period extended: 2024-05-13 -> 2024-06-13"),
        (EventKind.COMMENT_DEADLINE, None, "2024-05-13", "comments until 2024-05-13"),
        (EventKind.COMMENT_DEADLINE, "2024-05-13", "2024-05-01", "comment deadline: 2024-05-13 -> 2024-05-01"),
        (EventKind.COMMENT_DEADLINE, "2024-05-13", None, "comment deadline 2024-05-13: not stated any more"),
        (EventKind.EFFECTIVE_DATE, None, "2024-06-20", "in force from 2024-06-20"),
        (EventKind.EFFECTIVE_DATE, "2024-06-20", "2024-07-01", "in force from: 2024-06-20 -> 2024-07-01"),
        (EventKind.TITLE, "Cells", "Packs", "renamed: Cells -> Packs"),
        (EventKind.WITHDRAWN, "Cells", None, "withdrawn: Cells"),
        (EventKind.PRESS_AHEAD, None, ">= 9 %", "the news has a number before the official text: >= 9 %"),
    ],
)
def test_every_kind_has_its_sentence(kind: EventKind, before: str | None, after: str | None, expected: str) -> None:
    assert sentence(kind, before, after, None) == expected


def test_a_message_tells_what_is_asked_for_and_counts_the_rest() -> None:
    wants = Subscription(name="final texts", emails=("a@example.org",), events=(EventKind.STAGE,))
    messages, told = deliveries_for(event_alert(EXTENDED, BECAME_FINAL), wants, now=NOW, new_id=ids())
    assert told == (2,)
    (message,) = messages
    data = json.loads(message.payload)["data"]
    assert data["headline"] == "Stage: draft for comment -> final text - 锂离子电池行业规范条件（2024年本）"
    assert [each["kind"] for each in data["events"]] == ["stage_changed"]
    assert (data["other_events"], data["subscription"]) == (1, "final texts")


def test_one_message_goes_to_each_recipient_and_none_to_who_did_not_ask() -> None:
    messages, told = deliveries_for(event_alert(EXTENDED, BECAME_FINAL), WANTS_ALL, now=NOW, new_id=ids())
    assert [(each.channel, each.recipient) for each in messages] == [
        (ChannelKind.EMAIL, "a@example.org"),
        (ChannelKind.WEBHOOK, "desk"),
    ]
    assert told == (1, 2)
    silent = Subscription(name="changes", emails=("a@example.org",))
    assert deliveries_for(event_alert(EXTENDED), silent, now=NOW, new_id=ids()) == ((), ())


def test_the_loudest_event_is_the_headline() -> None:
    loaded = load(payload(event_alert(EXTENDED, WITHDRAWN, BECAME_FINAL)))
    assert loaded["data"]["headline"] == "Withdrawn - 锂离子电池行业规范条件（2024年本） (+2 more)"


def test_a_message_needs_an_event() -> None:
    with pytest.raises(ValueError, match="at least one"):
        event(event_alert(), (), subscription_name="x")


def test_the_mail_says_everything_in_both_parts() -> None:
    told = event_alert(EXTENDED, BECAME_FINAL)
    coverage = Coverage(sources_read=37, sources_due=38, unread=("cn-mee-yjzj",))
    mail = render(dump(event(told, told.events[:1], subscription_name="drafts", coverage=coverage)))
    assert mail.subject.startswith("[Limen] Comment period extended: 2024-05-13 -> 2024-06-13 - ")
    page = html.fromstring(mail.html)
    for part in (mail.text, page.text_content()):
        joined = " ".join(part.split())
        for said in (
            "comment period extended: 2024-05-13 -> 2024-06-13",
            "1 event for your subscription “drafts”",
            "comments until 2024-05-13",
            "in force from 2024-06-20",
            "1 other event(s) of this document are outside your subscription.",
            "37 of 38 sources were read in this pass; not read: cn-mee-yjzj.",
            "found 2024-06-19 02:30 UTC",
        ):
            assert said in joined
    assert all(columns(line) <= 76 for line in mail.text.split("\n"))
    assert page.xpath("//a/@href") == ["https://www.example.cn/art_2.html", "https://www.example.cn/art_1.html"]


@pytest.mark.parametrize("number", [press_number("270", "260"), press_number("270", None)])
def test_the_mail_on_the_press_quotes_both_texts(number: PressNumber) -> None:
    mail = render(payload(event_alert(CONTRADICTED, number=number)))
    page = html.fromstring(mail.html)
    official = [] if number.official is None else [">=260Wh/kg"]
    assert page.xpath("//blockquote/text()") == [">=270Wh/kg", *official]
    assert ("official: “>=260Wh/kg”" in mail.text) == bool(official)
    assert "energy density of consumer cells: >= 270 Wh/kg; official is >= 260 Wh/kg" in " ".join(mail.text.split())


def test_markup_of_a_title_stays_letters() -> None:
    renamed = DocumentEvent(kind=EventKind.TITLE, before="A", after="<script>alert(1)</script>\x1b[31m")
    mail = render(payload(event_alert(renamed, url="javascript:alert(1)")))
    page = html.fromstring(mail.html)
    assert not page.xpath("//script | //a[starts-with(@href, 'javascript')]")
    assert "\x1b" not in mail.subject + mail.text + mail.html
