"""When to try a message again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """Waits that grow by `factor` up to `longest`. The defaults spread twelve tries over some three days."""

    jitter: Callable[[], float]
    """Gives a number in [0, 1) at each call, for example `random.random`: keeps many senders from calling in step."""
    first: timedelta = timedelta(seconds=30)
    factor: float = 4.0
    longest: timedelta = timedelta(hours=12)
    spread: float = 0.2
    """Share of the wait that jitter may add."""
    max_attempts: int = 12

    def next_attempt(self, *, attempts: int, now: datetime, retry_after: timedelta | None = None) -> datetime | None:
        """Return the time of the next try after `attempts` tries, the last one at `now`; None if that was the last.

        A receiver that asks for a longer wait gets it.
        """
        if attempts >= self.max_attempts:
            return None
        growth = self.factor ** min(max(attempts - 1, 0), 64)
        seconds = min(self.first.total_seconds() * growth, self.longest.total_seconds())
        wait = timedelta(seconds=seconds * (1 + self.spread * self.jitter()))
        return now + max(wait, retry_after or timedelta(0))
