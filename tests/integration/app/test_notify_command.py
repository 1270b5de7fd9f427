"""`limen notify test`: what it says is what a real server did."""

from __future__ import annotations

from limen.app.demo.receivers import MailReceiver, WebhookReceiver

from .servers import refusing_mail_server
from .workspace import HOOK, READER, Workspace


def test_a_sample_reaches_every_recipient(workspace: Workspace, mailbox: MailReceiver, desk: WebhookReceiver) -> None:
    workspace.subscribe(mail=mailbox, hook=desk)
    result = workspace.run("notify", "test")
    assert (result.code, result.err) == (0, "")
    assert result.out == f"email {READER}: accepted\nwebhook {HOOK}: accepted\n"
    (mail,) = mailbox.mails
    assert mail.recipients == (READER,)
    assert "test" in str(mail.message["subject"]).lower()
    assert len(desk.events) == 1
    assert desk.rejected == ()


def test_a_refusal_is_said_and_the_others_are_tried(workspace: Workspace, desk: WebhookReceiver) -> None:
    with refusing_mail_server("550 no such user") as (_, port):
        workspace.subscribe(mail=port, hook=desk)
        result = workspace.run("notify", "test")
    assert result.code == 1
    assert f"email {READER}: " in result.err
    assert "550 no such user" in result.err
    assert "accepted" in result.out
    assert len(desk.events) == 1
