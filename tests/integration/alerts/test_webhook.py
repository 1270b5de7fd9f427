"""Events to a real HTTP receiver on the loopback interface."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from limen.alerts.errors import Refused, TemporaryFailure, Unreachable
from limen.alerts.outbox import Dispatcher
from limen.alerts.retry import RetryPolicy
from limen.alerts.settings import WebhookEndpoint
from limen.alerts.testing import InMemoryOutbox
from limen.alerts.webhook import WebhookChannel
from limen.app.demo.receivers import WebhookReceiver
from limen.domain.address_policy import AddressPolicy
from limen.domain.delivery import ChannelKind, Delivery, DeliveryState
from tests.unit.alerts.builders import SECRET, delivery

OTHER_SECRET = "whsec_" + "b3RoZXItdGVzdC1zZWNyZXQtMzItYnl0ZXMtbG9uZyE="
LOOPBACK = AddressPolicy(["127.0.0.1"])


def real_now() -> datetime:
    """Return the moment of the test: the receiver compares the signed time with the real clock."""
    return datetime.now(UTC)


def event(number: int = 1) -> Delivery:
    return delivery(delivery_id=f"msg_{number:04d}", channel=ChannelKind.WEBHOOK, recipient="desk")


@contextmanager
def scripted(*statuses: int, retry_after: str | None = None) -> Iterator[tuple[str, list[str]]]:
    """Serve the statuses one after the other, the last one for ever; yield the URL and the ids that were posted."""
    ids: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            ids.append(self.headers["webhook-id"])
            self.send_response(statuses[min(len(ids), len(statuses)) - 1])
            if retry_after is not None:
                self.send_header("retry-after", retry_after)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hook", ids
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_signed_event_arrives_once_however_often_it_is_sent() -> None:
    with WebhookReceiver(SECRET) as receiver:
        endpoint = WebhookEndpoint(name="desk", url=receiver.url, secret=SECRET)
        with WebhookChannel([endpoint], policy=LOOPBACK) as channel:
            channel.send(event(), now=real_now())
            channel.send(event(), now=real_now() + timedelta(seconds=5))
            channel.send(event(2), now=real_now())
        assert [one.id for one in receiver.events] == ["msg_0001", "msg_0002"]
        assert receiver.events[0].event["data"]["changes"][0]["new"]["value"] == 230
        assert receiver.rejected == ()


@pytest.mark.parametrize(
    ("secret", "shift"),
    [(OTHER_SECRET, timedelta(0)), (SECRET, timedelta(hours=-1)), (SECRET, timedelta(hours=1))],
)
def test_a_wrong_secret_or_an_old_time_is_turned_away(secret: str, shift: timedelta) -> None:
    with WebhookReceiver(SECRET) as receiver:
        endpoint = WebhookEndpoint(name="desk", url=receiver.url, secret=secret)
        with (
            WebhookChannel([endpoint], policy=LOOPBACK) as channel,
            pytest.raises(TemporaryFailure, match="answers 400"),
        ):
            channel.send(event(), now=real_now() + shift)
        assert receiver.events == ()
        assert len(receiver.rejected) == 1


def test_a_proxy_of_the_environment_does_not_get_calls_to_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    with WebhookReceiver(SECRET) as receiver:
        endpoint = WebhookEndpoint(name="desk", url=receiver.url, secret=SECRET)
        with WebhookChannel([endpoint], policy=LOOPBACK) as channel:
            channel.send(event(), now=real_now())
        assert len(receiver.events) == 1


def test_an_endless_answer_holds_nobody_up() -> None:
    hung_up = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 1000000000\r\n\r\nxxxx")
                connection.settimeout(5)
                try:
                    while connection.recv(65536):
                        pass
                except TimeoutError:
                    return
                except OSError:
                    pass
                hung_up.set()

        thread = threading.Thread(target=answer)
        thread.start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        with WebhookChannel(
            [WebhookEndpoint(name="desk", url=url, secret=SECRET, timeout_seconds=3)], policy=LOOPBACK
        ) as channel:
            channel.send(event(), now=real_now())
        thread.join()
    assert hung_up.is_set()


def test_no_receiver_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        port = reserved.getsockname()[1]
    endpoint = WebhookEndpoint(name="desk", url=f"http://127.0.0.1:{port}/", secret=SECRET)
    with (
        WebhookChannel([endpoint], policy=LOOPBACK) as channel,
        pytest.raises(Unreachable, match=r"127\.0\.0\.1 cannot be reached"),
    ):
        channel.send(event(), now=real_now())


def test_retries_carry_the_same_id_until_the_receiver_takes_it() -> None:
    moment = real_now()
    outbox = InMemoryOutbox([event()])
    waits: list[timedelta] = []
    with (
        scripted(503, 500, 200, retry_after="90") as (url, ids),
        WebhookChannel([WebhookEndpoint(name="desk", url=url, secret=SECRET)], policy=LOOPBACK) as channel,
    ):
        sender = Dispatcher(
            outbox=outbox,
            channels={ChannelKind.WEBHOOK: channel},
            clock=lambda: moment,
            retry=RetryPolicy(jitter=lambda: 0.0, first=timedelta(seconds=60), factor=4),
        )
        while outbox.deliveries["msg_0001"].state is DeliveryState.PENDING and len(ids) < 9:
            for failure in sender.run_once().failed:
                assert failure.next_attempt_at is not None
                waits.append(failure.next_attempt_at - moment)
                moment = failure.next_attempt_at
    assert ids == ["msg_0001"] * 3
    assert waits == [timedelta(seconds=90), timedelta(seconds=240)]
    assert outbox.deliveries["msg_0001"].state is DeliveryState.SENT


def test_a_gone_receiver_is_dead_at_once_and_others_are_served() -> None:
    outbox = InMemoryOutbox([event(), delivery(delivery_id="msg_0002", channel=ChannelKind.WEBHOOK, recipient="other")])
    with scripted(410) as (gone, ids), WebhookReceiver(SECRET) as receiver:
        endpoints = [
            WebhookEndpoint(name="desk", url=gone, secret=SECRET),
            WebhookEndpoint(name="other", url=receiver.url, secret=SECRET),
        ]
        with WebhookChannel(endpoints, policy=LOOPBACK) as channel:
            summary = Dispatcher(
                outbox=outbox,
                channels={ChannelKind.WEBHOOK: channel},
                clock=real_now,
                retry=RetryPolicy(jitter=lambda: 0.0),
            ).run_once()
        assert ids == ["msg_0001"]
        assert [one.delivery.id for one in summary.dead] == ["msg_0001"]
        assert [one.id for one in receiver.events] == ["msg_0002"]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_an_endpoint_on_this_machine_needs_leave(host: str) -> None:
    with scripted(200) as (url, ids):
        endpoint = WebhookEndpoint(name="desk", url=url.replace("127.0.0.1", host) + "?token=hush", secret=SECRET)
        with WebhookChannel([endpoint]) as channel, pytest.raises(Refused) as caught:
            channel.send(event(), now=real_now())
    assert ids == []
    assert str(caught.value).startswith(f"webhook 'desk' at {host}: {host} ")
    assert f'[network] allow = ["{host}"]' in str(caught.value)
    assert "hush" not in str(caught.value)
