"""Sends what is due. At least once, and always under the same id.

A message is claimed, sent and only then marked. If the process dies between sending and marking, the claim's lease runs
out and the message goes out again with the same id (`webhook-id`, `Message-ID`), by which a receiver drops the repeat.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from limen.alerts.channel import Channel
from limen.alerts.errors import Refused, TemporaryFailure, Unreachable
from limen.alerts.retry import RetryPolicy
from limen.domain.delivery import ChannelKind, Delivery

logger = logging.getLogger(__name__)


class Outbox(Protocol):
    """The stored deliveries. Every call is a transaction of its own."""

    def claim_due(self, *, now: datetime, limit: int, lease: timedelta) -> Sequence[Delivery]:
        """Return up to `limit` pending deliveries due at `now`, oldest first, and keep them from other senders.

        A claim counts as a try (`attempts` of the returned values includes it), so that a message whose sending kills
        the process is given up some day. Until `now + lease` nobody else is given the delivery.
        """

    def mark_sent(self, delivery_id: str, *, at: datetime) -> None:
        """Record that the receiver took the message over."""

    def mark_failed(self, delivery_id: str, *, error: str, at: datetime, next_attempt_at: datetime | None) -> None:
        """Record why the try failed, and when the next one is due; None gives the message up (dead).

        A message that another sender got through meanwhile stays sent.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedDelivery:
    """A delivery that did not arrive in this run. `next_attempt_at` is None if it was given up."""

    delivery: Delivery
    error: str
    next_attempt_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchSummary:
    """What one run did, in the order of the deliveries."""

    sent: tuple[Delivery, ...]
    failed: tuple[FailedDelivery, ...]

    @property
    def dead(self) -> tuple[FailedDelivery, ...]:
        """The deliveries that were given up; each is worth an `Issue`."""
        return tuple(failure for failure in self.failed if failure.next_attempt_at is None)


class Dispatcher:
    """Takes due deliveries from the outbox to their channels. One failing recipient holds up no other."""

    def __init__(
        self,
        *,
        outbox: Outbox,
        channels: Mapping[ChannelKind, Channel],
        clock: Callable[[], datetime],
        retry: RetryPolicy,
        batch: int = 20,
        lease: timedelta = timedelta(minutes=15),
    ) -> None:
        """`batch` times the longest time-out of a channel must fit into `lease`."""
        self._outbox = outbox
        self._channels = channels
        self._clock = clock
        self._retry = retry
        self._batch = batch
        self._lease = lease

    def run_once(self) -> DispatchSummary:
        """Try every delivery that is due when the run starts, once, and return what became of them."""
        started = self._clock()
        down: dict[str, str] = {}
        sent: list[Delivery] = []
        failed: list[FailedDelivery] = []
        seen: set[str] = set()
        while batch := self._outbox.claim_due(now=started, limit=self._batch, lease=self._lease):
            fresh = [delivery for delivery in batch if delivery.id not in seen]
            if not fresh:  # an outbox that hands out what it just handed out would keep us here for ever
                break
            for delivery in fresh:
                seen.add(delivery.id)
                failure = self._attempt(delivery, down=down)
                if failure is None:
                    sent.append(delivery)
                else:
                    failed.append(failure)
        return DispatchSummary(sent=tuple(sent), failed=tuple(failed))

    def _attempt(self, delivery: Delivery, *, down: dict[str, str]) -> FailedDelivery | None:
        """Send one delivery and record the outcome. `down` holds the routes found unreachable in this run, with the reason."""
        channel = self._channels.get(delivery.channel)
        if channel is None:
            return self._give_up(delivery, f"channel {delivery.channel.value!r} is not configured: add its settings")
        route = channel.route(delivery)
        if route in down:
            return self._put_off(delivery, TemporaryFailure(down[route]))
        try:
            channel.send(delivery, now=self._clock())
        except Refused as error:
            return self._give_up(delivery, str(error))
        except TemporaryFailure as error:
            if isinstance(error, Unreachable):
                down[route] = str(error)
            return self._put_off(delivery, error)
        except Exception as error:
            logger.exception("delivery.broken", extra=_facts(delivery))
            return self._put_off(delivery, TemporaryFailure(f"unexpected {type(error).__name__}: {error}"))
        self._outbox.mark_sent(delivery.id, at=self._clock())
        logger.info("delivery.sent", extra=_facts(delivery))
        return None

    def _put_off(self, delivery: Delivery, error: TemporaryFailure) -> FailedDelivery:
        now = self._clock()
        due = self._retry.next_attempt(attempts=delivery.attempts, now=now, retry_after=error.retry_after)
        if due is None:
            return self._give_up(delivery, f"{error} (given up after {delivery.attempts} tries)")
        self._outbox.mark_failed(delivery.id, error=str(error), at=now, next_attempt_at=due)
        logger.info(
            "delivery.put_off", extra=_facts(delivery) | {"error": str(error), "next_attempt_at": due.isoformat()}
        )
        return FailedDelivery(delivery=delivery, error=str(error), next_attempt_at=due)

    def _give_up(self, delivery: Delivery, error: str) -> FailedDelivery:
        self._outbox.mark_failed(delivery.id, error=error, at=self._clock(), next_attempt_at=None)
        logger.warning("delivery.dead", extra=_facts(delivery) | {"error": error})
        return FailedDelivery(delivery=delivery, error=error, next_attempt_at=None)


def _facts(delivery: Delivery) -> dict[str, object]:
    """The log names the delivery, not the person: an address is found by its id."""
    return {
        "delivery": delivery.id,
        "subscription": delivery.subscription,
        "channel": delivery.channel.value,
        "attempts": delivery.attempts,
    }
