from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from limen.alerts.channel import Channel
from limen.alerts.errors import Refused, TemporaryFailure, Unreachable
from limen.alerts.outbox import Dispatcher, Outbox
from limen.alerts.retry import RetryPolicy
from limen.alerts.testing import InMemoryOutbox
from limen.domain.delivery import ChannelKind, Delivery, DeliveryState
from tests.unit.alerts.builders import NOW, delivery


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


class RecordingChannel:
    """Takes everything but what `faults` raise for a recipient."""

    def __init__(self, faults: dict[str, Exception] | None = None, *, one_server: bool = False) -> None:
        self.faults = faults or {}
        self.tried: list[str] = []
        self.one_server = one_server

    def route(self, delivery: Delivery) -> str:
        return "server" if self.one_server else delivery.recipient

    def send(self, delivery: Delivery, *, now: datetime) -> None:
        self.tried.append(delivery.id)
        if delivery.recipient in self.faults:
            raise self.faults[delivery.recipient]


def dispatcher(outbox: Outbox, channel: Channel, clock: Clock, *, max_attempts: int = 3, batch: int = 2) -> Dispatcher:
    retry = RetryPolicy(
        jitter=lambda: 0.0, first=timedelta(minutes=1), factor=2, longest=timedelta(hours=1), max_attempts=max_attempts
    )
    return Dispatcher(
        outbox=outbox,
        channels={ChannelKind.EMAIL: channel},
        clock=clock,
        retry=retry,
        batch=batch,
        lease=timedelta(minutes=5),
    )


def messages(*recipients: str) -> list[Delivery]:
    return [delivery(delivery_id=f"msg_{number}", recipient=name) for number, name in enumerate(recipients, start=1)]


def test_everything_due_is_sent_once_over_several_batches() -> None:
    outbox, channel, clock = InMemoryOutbox(messages("a", "b", "c", "d", "e")), RecordingChannel(), Clock()
    summary = dispatcher(outbox, channel, clock).run_once()
    assert channel.tried == ["msg_1", "msg_2", "msg_3", "msg_4", "msg_5"]
    assert [one.id for one in summary.sent] == channel.tried
    assert summary.failed == ()
    assert outbox.sent_at == dict.fromkeys(channel.tried, NOW)
    assert dispatcher(outbox, channel, clock).run_once().sent == ()
    assert len(channel.tried) == 5


@pytest.mark.parametrize(
    "fault", [Refused("no"), TemporaryFailure("later"), Unreachable("down"), RuntimeError("defect")]
)
def test_one_failing_recipient_holds_up_no_other(fault: Exception) -> None:
    outbox, clock = InMemoryOutbox(messages("a", "bad", "c")), Clock()
    summary = dispatcher(outbox, RecordingChannel({"bad": fault}), clock).run_once()
    assert [one.recipient for one in summary.sent] == ["a", "c"]
    assert [one.delivery.recipient for one in summary.failed] == ["bad"]


def test_tries_are_spaced_out_until_the_message_is_dead(caplog: pytest.LogCaptureFixture) -> None:
    outbox, clock = InMemoryOutbox(messages("bad")), Clock()
    sender = dispatcher(outbox, RecordingChannel({"bad": TemporaryFailure("mailbox full")}), clock)
    waits = []
    for _ in range(3):
        [failure] = sender.run_once().failed
        waits.append(failure.next_attempt_at and failure.next_attempt_at - clock.now)
        assert sender.run_once().failed == ()  # not due yet, or dead
        clock.now += timedelta(minutes=5)
    assert waits == [timedelta(minutes=1), timedelta(minutes=2), None]
    stored = outbox.deliveries["msg_1"]
    assert stored.state is DeliveryState.DEAD
    assert stored.last_error == "mailbox full (given up after 3 tries)"
    [warning] = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert warning.getMessage() == "delivery.dead"


def test_a_refusal_is_dead_at_once() -> None:
    outbox = InMemoryOutbox(messages("bad"))
    summary = dispatcher(outbox, RecordingChannel({"bad": Refused("no such mailbox")}), Clock()).run_once()
    assert summary.dead == summary.failed
    assert outbox.deliveries["msg_1"].last_error == "no such mailbox"


def test_the_wait_a_receiver_asks_for_is_kept() -> None:
    outbox = InMemoryOutbox(messages("busy"))
    busy = TemporaryFailure("429", retry_after=timedelta(minutes=30))
    dispatcher(outbox, RecordingChannel({"busy": busy}), Clock()).run_once()
    assert outbox.deliveries["msg_1"].next_attempt_at == NOW + timedelta(minutes=30)


def test_a_server_that_is_down_is_asked_once_a_run() -> None:
    outbox = InMemoryOutbox(messages("a", "b", "c"))
    channel = RecordingChannel(dict.fromkeys("abc", Unreachable("server is down")), one_server=True)
    summary = dispatcher(outbox, channel, Clock()).run_once()
    assert channel.tried == ["msg_1"]
    assert [(one.error, one.next_attempt_at) for one in summary.failed] == [
        ("server is down", NOW + timedelta(minutes=1))
    ] * 3


def test_a_channel_without_settings_is_said_so() -> None:
    outbox = InMemoryOutbox([delivery(channel=ChannelKind.WEBHOOK, recipient="desk")])
    [dead] = dispatcher(outbox, RecordingChannel(), Clock()).run_once().dead
    assert dead.error == "channel 'webhook' is not configured: add its settings"


class ForgettingOutbox(InMemoryOutbox):
    """Dies before it marks the first message, as a killed process would."""

    died = False

    def mark_sent(self, delivery_id: str, *, at: datetime) -> None:
        if not self.died:
            self.died = True
            raise KeyboardInterrupt
        super().mark_sent(delivery_id, at=at)


def test_a_death_between_send_and_mark_repeats_the_same_id_after_the_lease() -> None:
    outbox, channel, clock = ForgettingOutbox(messages("a", "b")), RecordingChannel(), Clock()
    sender = dispatcher(outbox, channel, clock)
    with pytest.raises(KeyboardInterrupt):
        sender.run_once()
    assert sender.run_once().sent == ()  # still leased
    clock.now += timedelta(minutes=5)
    assert [one.id for one in sender.run_once().sent] == ["msg_1", "msg_2"]
    assert channel.tried == ["msg_1", "msg_1", "msg_2"]


def test_a_message_that_kills_its_sender_every_time_is_given_up() -> None:
    class Killer(RecordingChannel):
        def send(self, delivery: Delivery, *, now: datetime) -> None:
            super().send(delivery, now=now)
            if len(self.tried) < 3:
                raise KeyboardInterrupt
            raise TemporaryFailure("still bad")

    outbox, clock = InMemoryOutbox(messages("a")), Clock()
    sender = dispatcher(outbox, Killer(), clock)
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            sender.run_once()
        clock.now += timedelta(minutes=6)
    assert len(sender.run_once().dead) == 1


def test_an_outbox_that_repeats_itself_does_not_trap_the_run() -> None:
    class Stuck(InMemoryOutbox):
        def claim_due(self, *, now: datetime, limit: int, lease: timedelta) -> tuple[Delivery, ...]:
            return tuple(self.deliveries.values())

    channel = RecordingChannel()
    assert len(dispatcher(Stuck(messages("a")), channel, Clock()).run_once().sent) == 1
    assert channel.tried == ["msg_1"]


def test_logs_name_no_address(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    outbox = InMemoryOutbox(messages("someone@example.org", "other@example.org"))
    dispatcher(outbox, RecordingChannel(), Clock()).run_once()
    assert len(caplog.records) == 2
    assert not any("@" in str(vars(record)) for record in caplog.records)


def test_an_id_is_taken_once() -> None:
    with pytest.raises(ValueError, match="already"):
        InMemoryOutbox(messages("a") * 2)


def test_the_fake_satisfies_the_protocol() -> None:
    factory: Callable[[], Outbox] = InMemoryOutbox
    assert factory().claim_due(now=NOW, limit=1, lease=timedelta(1)) == ()
