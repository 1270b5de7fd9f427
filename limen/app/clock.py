"""Where the time comes from. Passed down; nothing below `app` asks the system for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]
"""Returns the present moment, zone-aware."""


def system_clock() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)


def shifted_clock(offset: timedelta) -> Clock:
    """Return a clock that runs at the usual speed, `offset` away from the system's: the demo plays days of the past."""
    return lambda: system_clock() + offset
