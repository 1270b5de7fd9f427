"""What the demo's mailbox and webhook receiver do with bad callers; good ones are in `integration/alerts`."""

from __future__ import annotations

import smtplib
import socket
from email.message import EmailMessage

import httpx
import pytest

from limen.app.demo.receivers import LARGEST_EVENT, MailReceiver, WebhookReceiver

SECRET = "whsec_" + "bGltZW4tdGVzdC1zZWNyZXQtMzItYnl0ZXMtbG9uZyEh"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 400),
        ({"webhook-id": "msg_1", "webhook-timestamp": "now", "webhook-signature": "v1,AAAA"}, 400),
        ({"webhook-id": "msg_1", "webhook-timestamp": "1700000000", "webhook-signature": "v1,AAAA"}, 400),
        ({"webhook-id": "msg_1", "webhook-timestamp": "1700000000", "webhook-signature": "rubbish"}, 400),
    ],
)
def test_an_unsigned_call_is_turned_away(headers: dict[str, str], status: int) -> None:
    with WebhookReceiver(SECRET) as receiver:
        answer = httpx.post(receiver.url, content=b"{}", headers=headers, trust_env=False)
        assert answer.status_code == status
        assert receiver.events == ()
        assert len(receiver.rejected) == 1


def test_a_body_without_a_sane_length_is_not_read() -> None:
    with WebhookReceiver(SECRET) as receiver:
        port = int(receiver.url.rpartition(":")[2].partition("/")[0])
        for length in (str(LARGEST_EVENT + 1), "-1", "many"):
            with socket.create_connection(("127.0.0.1", port), timeout=5) as caller:
                caller.sendall(f"POST /events HTTP/1.1\r\nhost: x\r\ncontent-length: {length}\r\n\r\n".encode())
                assert caller.recv(1000).startswith(b"HTTP/1.1 413 ")
        assert receiver.events == ()


def test_mails_are_kept_in_order_with_their_envelopes() -> None:
    with MailReceiver() as mailbox:
        with smtplib.SMTP(mailbox.host, mailbox.port, "localhost", timeout=5) as server:
            for subject in ("first", "second 第二"):
                message = EmailMessage()
                message["Subject"] = subject
                message.set_content("能量密度")
                server.send_message(message, "a@example.org", ["b@example.org", "c@example.org"])
        assert [mail.message["Subject"] for mail in mailbox.mails] == ["first", "second 第二"]
        assert mailbox.mails[0].recipients == ("b@example.org", "c@example.org")
        assert mailbox.mails[0].message.get_content().strip() == "能量密度"
