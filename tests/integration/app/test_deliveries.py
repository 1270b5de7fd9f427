"""Messages on their way: refused, put off, cut off in the middle. Each arrives once, under one id, or a person is told."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Sequence

import pytest
from sqlalchemy import text

from limen.app.demo.receivers import MailReceiver, WebhookReceiver
from limen.domain.delivery import ChannelKind, Delivery, DeliveryState
from limen.domain.issue import IssueKind

from .servers import refusing_mail_server, webhook_server
from .workspace import READER, SITE, SOURCE, Opened, Workspace

PAGE = f"{SITE}/rule.html"


@pytest.fixture
def changed(workspace: Workspace) -> Workspace:
    """A workspace in which a number has changed, with the message about it still to be made."""
    workspace.keep_change(PAGE)
    return workspace


def only(deliveries: Sequence[Delivery]) -> Delivery:
    assert len(deliveries) == 1
    return deliveries[0]


def message_ids(mailbox: MailReceiver) -> list[str]:
    return [str(mail.message["message-id"]) for mail in mailbox.mails]


def test_one_change_is_one_message_to_each_and_a_second_pass_sends_nothing(
    changed: Workspace, mailbox: MailReceiver, desk: WebhookReceiver
) -> None:
    changed.subscribe(mail=mailbox, hook=desk)
    with changed.open() as opened:
        summary = opened.run()
        assert (summary.sent, summary.postponed, summary.given_up) == (2, 0, 0)
        assert opened.run().sent == 0
        assert {each.state for each in opened.deliveries} == {DeliveryState.SENT}
        ids = {each.channel: each.id for each in opened.deliveries}
    assert message_ids(mailbox) == [f"<{ids[ChannelKind.EMAIL]}@limen.example>"]
    assert [event.id for event in desk.events] == [ids[ChannelKind.WEBHOOK]]
    body = mailbox.mails[0].message.get_body(("plain",))
    assert body is not None
    assert {"160", "165"} <= set(body.get_content().split())


def test_a_refused_recipient_is_given_up_with_an_issue_and_can_be_taken_up_again(
    changed: Workspace, mailbox: MailReceiver
) -> None:
    with refusing_mail_server("550 no such user") as (server, port):
        changed.subscribe(mail=port)
        with changed.open() as opened:
            assert opened.run().given_up == 1
            assert opened.run().given_up == 0
            assert server.tries == 1
            dead = only(opened.deliveries)
            assert dead.state is DeliveryState.DEAD
            (issue,) = opened.issues
            assert issue.kind is IssueKind.DELIVERY_FAILED
            for part in (dead.id, READER, "550 no such user"):
                assert part in issue.message
    changed.subscribe(mail=mailbox)
    assert "1 taken up again" in changed.run("delivery", "retry").out
    with changed.open() as opened:
        assert opened.run().sent == 1
        assert message_ids(mailbox) == [f"<{dead.id}@limen.example>"]


def test_a_server_that_asks_to_wait_gets_the_message_later_under_the_same_id(
    changed: Workspace, mailbox: MailReceiver
) -> None:
    with refusing_mail_server("451 try later") as (_, port):
        changed.subscribe(mail=port)
        with changed.open() as opened:
            assert opened.run().postponed == 1
            waiting = only(opened.deliveries)
            assert waiting.state is DeliveryState.PENDING
            assert "451" in (waiting.last_error or "")
            assert opened.issues == ()
    changed.subscribe(mail=mailbox)
    with changed.open() as opened:
        assert opened.run().sent == 1
    assert message_ids(mailbox) == [f"<{waiting.id}@limen.example>"]


def test_no_mail_server_at_all(changed: Workspace, mailbox: MailReceiver, desk: WebhookReceiver) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, and never listening
        changed.subscribe(mail=taken.getsockname()[1], hook=desk)
        with changed.open() as opened:
            summary = opened.run()
            assert (summary.sent, summary.postponed) == (1, 1)
            assert len(desk.events) == 1
    changed.subscribe(mail=mailbox, hook=desk)
    with changed.open() as opened:
        assert opened.run().sent == 1
    assert len(mailbox.mails) == 1


def test_after_its_last_try_a_message_is_given_up_with_an_issue(changed: Workspace) -> None:
    changed.settings["alerts"]["max_attempts"] = 2
    with refusing_mail_server("451 try later") as (_, port):
        changed.subscribe(mail=port)
        with changed.open() as opened:
            assert opened.run().postponed == 1
            assert opened.run().given_up == 1
            (issue,) = opened.issues
            assert "given up after 2 tries" in issue.message


def test_a_webhook_that_was_down_gets_the_event_under_the_same_id(changed: Workspace, desk: WebhookReceiver) -> None:
    refused: list[str] = []

    def refuse(identifier: str) -> int:
        refused.append(identifier)
        return 503

    with webhook_server(refuse) as url:
        changed.subscribe(hook=url)
        with changed.open() as opened:
            assert opened.run().postponed == 1
    changed.subscribe(hook=desk)
    with changed.open() as opened:
        assert opened.run().sent == 1
    assert [event.id for event in desk.events] == refused
    assert desk.rejected == ()


@pytest.mark.slow
def test_a_crash_between_sending_and_marking_sends_it_again_under_the_same_id(
    changed: Workspace, desk: WebhookReceiver
) -> None:
    taken: list[str] = []

    def take_and_kill(identifier: str) -> int:
        taken.append(identifier)
        os.kill(process.pid, signal.SIGKILL)
        return 204

    with webhook_server(take_and_kill) as url:
        changed.subscribe(hook=url)
        process = changed.start("run")
        process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    changed.subscribe(hook=desk)
    with changed.open() as opened:
        # The message stays with whoever claimed it until the lease ends: it may still be sending.
        assert opened.run().sent == 0
        _let_leases_end(opened)
        assert opened.run().sent == 1
        assert opened.count("changes") == len(opened.changes)
    assert [event.id for event in desk.events] == taken
    assert len(taken) == 1


def _let_leases_end(opened: Opened) -> None:
    with opened.application.store.transaction() as session:
        session.execute(
            text("UPDATE deliveries SET leased_until = '2020-01-01 00:00:00' WHERE leased_until IS NOT NULL")
        )


def test_a_source_that_lies_idle_still_has_its_name(changed: Workspace) -> None:
    with changed.open() as opened:
        opened.run()
        assert {entry.source.id for entry in opened.changes} == {SOURCE}
