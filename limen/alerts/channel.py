"""What the dispatcher asks of a way to reach people."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from limen.domain.delivery import Delivery


class Channel(Protocol):
    """One way of sending. An implementation keeps no state between messages and may be used from one thread at a time."""

    def route(self, delivery: Delivery) -> str:
        """Return the server behind the delivery: where it is down, all deliveries of the route are."""

    def send(self, delivery: Delivery, *, now: datetime) -> None:
        """Return once the receiver has taken the message over.

        Raises:
            Refused: no later try can succeed.
            TemporaryFailure: a later try may; `Unreachable` if that goes for the whole route.
        """
