"""When a host may be asked again: one gate for all sources of a process, so that their politeness adds up to one visitor's."""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

LONGEST_DELAY = 120.0
"""Seconds of a Crawl-delay that are kept to; a site that asks for more is crawled at this pace."""
_STEP = 0.5
"""Seconds after which a waiting request looks whether the crawl still goes on."""


class GateClosed(Exception):
    """The host wants more peace than a run can give it: `seconds` more."""

    def __init__(self, host: str, seconds: float) -> None:
        super().__init__(f"{host} asks for {seconds:.0f} seconds of peace")
        self.seconds = seconds


class GateAbandoned(Exception):
    """The crawl was asked to end while a request waited."""


@dataclass(slots=True)
class _Host:
    """What is known of a host. Times are those of the event loop; `delay` and `concurrency` are the gentlest asked for."""

    active: int = 0
    delay: float = 0.0
    concurrency: float = math.inf
    last_start: float = -math.inf
    rests_until: float = 0.0
    refusals: int = 0
    waiters: deque[asyncio.Future[None]] = field(default_factory=deque)


class HostGate:
    """Lets requests through to each host one after the other, with the delays it was promised or has asked for.

    Used from one event loop. A copy of Scrapy's settings shares the gate in it.
    """

    def __init__(self, *, longest_rest: float) -> None:
        """`longest_rest` is the seconds of peace that a run waits for; a host that wants more is closed to it."""
        self._hosts: dict[str, _Host] = {}
        self._longest = longest_rest

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    def knows(self, host: str) -> bool:
        """Tell whether a host was ever asked or told of."""
        return host in self._hosts

    async def enter(self, host: str, *, delay: float, concurrency: int, alive: Callable[[], bool]) -> None:
        """Return when a request may start; `leave` must follow when it is over.

        `delay` is the seconds since the start of the last request to the host, whoever made it, and `concurrency` how many
        may be on their way. The gentlest of all who ask for a host rules it for all, so that nobody's gentleness is made
        nothing by others, and nobody waits for ever behind them. With a Crawl-delay requests go one by one.

        Raises:
            GateClosed: the host wants more peace than a run waits for.
            GateAbandoned: `alive` says that the crawl is over.
        """
        state = self._state(host)
        state.delay = max(state.delay, delay)
        state.concurrency = min(state.concurrency, concurrency)
        while True:
            now = asyncio.get_running_loop().time()
            rest = state.rests_until - now
            if rest > self._longest:
                raise GateClosed(host, rest)
            if not alive():
                raise GateAbandoned(host)
            wait = max(rest, state.last_start + state.delay - now)
            if wait > 0:
                await asyncio.sleep(min(wait, _STEP))
            elif state.active >= state.concurrency:
                await _turn(state)
            else:
                break
        state.active += 1
        state.last_start = now

    def leave(self, host: str) -> None:
        """Record that a request is over."""
        state = self._state(host)
        state.active -= 1
        while state.waiters:
            waiter = state.waiters.popleft()
            if not waiter.done():
                waiter.set_result(None)
                break

    def slow_down(self, host: str, *, crawl_delay: float) -> None:
        """Keep a host's Crawl-delay (robots.txt), up to `LONGEST_DELAY`."""
        state = self._state(host)
        state.delay = max(state.delay, min(crawl_delay, LONGEST_DELAY))
        state.concurrency = 1
        state.last_start = asyncio.get_running_loop().time()  # the rules themselves were a request

    def rest(self, host: str, *, seconds: float) -> None:
        """Leave a host alone for some time."""
        state = self._state(host)
        state.rests_until = max(state.rests_until, asyncio.get_running_loop().time() + seconds)

    def refused(self, host: str) -> int:
        """Count a refusal (429, 503) and return how many there were in a row."""
        state = self._state(host)
        state.refusals += 1
        return state.refusals

    def answered(self, host: str) -> None:
        """Forget the refusals: the host answers again."""
        self._state(host).refusals = 0

    def _state(self, host: str) -> _Host:
        return self._hosts.setdefault(host, _Host())


async def _turn(state: _Host) -> None:
    """Return when a request to the host is over, or after a step."""
    waiter = asyncio.get_running_loop().create_future()
    state.waiters.append(waiter)
    await asyncio.wait([waiter], timeout=_STEP)
    waiter.cancel()
