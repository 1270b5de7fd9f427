from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes
from email.policy import default

import pytest

from limen.alerts.email import message_for
from tests.unit.alerts.builders import delivery


def test_the_message_has_stable_headers() -> None:
    message = message_from_bytes(message_for(delivery(), sender="limen@example.org").as_bytes(), policy=default)
    assert message["From"] == "Limen <limen@example.org>"
    assert message["To"] == "analyst@example.org"
    assert message["Message-ID"] == "<msg_0001@example.org>"
    assert message["List-Id"] == "<batteries.limen.example.org>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"].datetime.isoformat() == "2024-06-19T02:30:00+00:00"
    assert message["Subject"].startswith("[Limen] 循环寿命 tightened: 1000 -> 1500 cycles - 锂离子电池")
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


def test_every_try_has_the_same_bytes() -> None:
    first = message_for(delivery(), sender="limen@example.org").as_bytes()
    later = message_for(replace(delivery(), attempts=5, last_error="was down"), sender="limen@example.org").as_bytes()
    assert first == later


def test_lines_fit_the_standard() -> None:
    wire = message_for(delivery(instrument="规范条件" * 60), sender="limen@example.org").as_bytes()
    assert max(map(len, wire.splitlines())) <= 998
    assert wire.isascii()


@pytest.mark.parametrize("recipient", ["a@example.org\r\nBcc: b@example.org", "a@example.org\nX: y"])
def test_a_recipient_cannot_add_headers(recipient: str) -> None:
    with pytest.raises(ValueError, match=r"linefeed|Header"):
        message_for(delivery(recipient=recipient), sender="limen@example.org")


def test_an_id_that_is_not_ours_is_refused() -> None:
    with pytest.raises(ValueError, match="holds other than"):
        message_for(delivery(delivery_id="msg_1>\r\nX: y"), sender="limen@example.org")


def test_a_title_cannot_add_headers() -> None:
    message = message_for(delivery(instrument="Conditions\r\nBcc: b@example.org"), sender="limen@example.org")
    assert message["Bcc"] is None
    assert b"\nBcc:" not in message.as_bytes()


def test_any_subscription_name_gives_a_list_id() -> None:
    for name, label in (("电池", "alerts"), ("A <b>\nc", "a-b-c")):
        message = message_for(replace(delivery(), subscription=name), sender="limen@example.org")
        assert message["List-Id"] == f"<{label}.limen.example.org>"
