from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from standardwebhooks import Webhook

from limen.alerts.errors import Refused, TemporaryFailure, Unreachable
from limen.alerts.settings import WebhookEndpoint
from limen.alerts.webhook import LONGEST_WAIT, WebhookChannel
from limen.domain.delivery import ChannelKind, Delivery
from tests.unit.alerts.builders import SECRET, delivery

ENDPOINT = WebhookEndpoint(name="desk", url="https://hooks.example.org/T0KEN", secret=SECRET)
NOW = datetime(2026, 7, 1, 9, 30, tzinfo=UTC)


def message(recipient: str = "desk") -> Delivery:
    return delivery(channel=ChannelKind.WEBHOOK, recipient=recipient)


def channel(answer: Callable[[httpx.Request], httpx.Response]) -> WebhookChannel:
    return WebhookChannel([ENDPOINT], transport=httpx.MockTransport(answer))


def test_the_call_is_signed_by_the_standard() -> None:
    calls: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        calls.append(request)
        return httpx.Response(202)

    with channel(answer) as webhooks:
        webhooks.send(message(), now=datetime.now(UTC))  # `verify` looks at the real clock
    [call] = calls
    assert call.method == "POST"
    assert call.headers["content-type"] == "application/json"
    assert call.headers["webhook-id"] == "msg_0001"
    assert call.content == message().payload.encode("utf-8")
    told = Webhook(SECRET).verify(call.content, dict(call.headers))
    assert told["type"] == "requirement.changed"


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        (None, None),
        ("120", timedelta(seconds=120)),
        ("0", timedelta(0)),
        ("99999999999999999999", None),
        ("999999", LONGEST_WAIT),
        ("-5", None),
        ("soon", None),
        ("Wed, 21 Oct 2015 07:28:00 GMT", timedelta(0)),
        ("Wed, 21 Oct 2099 07:28:00 GMT", LONGEST_WAIT),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_read(header: str | None, wait: timedelta | None, status: int) -> None:
    headers = [] if header is None else [(b"retry-after", header.encode())]
    with (
        channel(lambda _: httpx.Response(status, headers=headers)) as webhooks,
        pytest.raises(TemporaryFailure) as caught,
    ):
        webhooks.send(message(), now=NOW)
    assert caught.value.retry_after == wait
    assert str(status) in str(caught.value)


def test_a_gone_receiver_is_final() -> None:
    with channel(lambda _: httpx.Response(410)) as webhooks, pytest.raises(Refused, match="410"):
        webhooks.send(message(), now=NOW)


def test_a_redirect_is_not_followed() -> None:
    hosts: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        hosts.append(request.url.host)
        return httpx.Response(307, headers={"location": "http://169.254.169.254/"})

    with channel(answer) as webhooks, pytest.raises(TemporaryFailure, match="not followed"):
        webhooks.send(message(), now=NOW)
    assert hosts == ["hooks.example.org"]


@pytest.mark.parametrize("status", [400, 401, 404, 500])
def test_other_answers_are_tried_again(status: int) -> None:
    with channel(lambda _: httpx.Response(status)) as webhooks, pytest.raises(TemporaryFailure) as caught:
        webhooks.send(message(), now=NOW)
    assert not isinstance(caught.value, Unreachable)


@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ReadTimeout, httpx.RemoteProtocolError])
def test_no_answer_names_the_host_and_never_the_token(error: type[httpx.TransportError]) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise error(f"cannot do {request.url}", request=request)

    with channel(answer) as webhooks, pytest.raises(Unreachable, match=r"hooks\.example\.org") as caught:
        webhooks.send(message(), now=NOW)
    assert "T0KEN" not in str(caught.value)


def test_an_unknown_name_is_final_and_says_what_to_do() -> None:
    with channel(lambda _: httpx.Response(200)) as webhooks, pytest.raises(Refused, match=r"'desq'.*\[\[webhooks\]\]"):
        webhooks.send(message("desq"), now=NOW)
