"""When a host may be asked again, in the time of a loop that needs none."""

from __future__ import annotations

import asyncio
import copy
import itertools
import selectors
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from limen.crawler.host_gate import LONGEST_DELAY, GateAbandoned, GateClosed, HostGate

HOST = "site.example"


class _Leap(selectors.SelectSelector):
    """Waits for nothing: the time it should have waited has passed at once."""

    now = 1000.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        assert timeout is not None, "everybody waits, and nothing will ever happen"
        self.now += timeout
        return super().select(0)


def run(main: Callable[[HostGate], Coroutine[Any, Any, None]], *, longest_rest: float = 100) -> None:
    selector = _Leap()
    loop = asyncio.SelectorEventLoop(selector)
    loop.time = lambda: selector.now  # type: ignore[method-assign]
    try:
        loop.run_until_complete(main(HostGate(longest_rest=longest_rest)))
    finally:
        loop.close()


async def ask(
    gate: HostGate,
    *,
    host: str = HOST,
    delay: float = 0.0,
    concurrency: int = 1,
    takes: float = 0.0,
    alive: Callable[[], bool] = lambda: True,
) -> float:
    """Return when a request started that takes some seconds."""
    await gate.enter(host, delay=delay, concurrency=concurrency, alive=alive)
    started = asyncio.get_running_loop().time()
    await asyncio.sleep(takes)
    gate.leave(host)
    return started


def gaps(starts: list[float]) -> list[float]:
    ordered = sorted(starts)
    return [round(after - before, 3) for before, after in itertools.pairwise(ordered)]


def test_requests_to_a_host_start_a_delay_apart_and_those_to_others_at_once() -> None:
    async def main(gate: HostGate) -> None:
        began = asyncio.get_running_loop().time()
        starts = await asyncio.gather(*(ask(gate, delay=3, concurrency=9) for _ in range(4)))
        assert gaps(starts) == [3, 3, 3]
        assert min(starts) == began
        began = asyncio.get_running_loop().time()
        others = await asyncio.gather(*(ask(gate, host=f"{name}.example", delay=3) for name in "abc"))
        assert others == [began] * 3

    run(main)


@pytest.mark.parametrize("delays", [(3, 0), (0, 3)])
def test_whoever_wants_the_longer_delay_has_it(delays: tuple[float, float]) -> None:
    async def main(gate: HostGate) -> None:
        first = await ask(gate, delay=delays[0])
        assert await ask(gate, delay=delays[1]) == pytest.approx(first + 3)
        assert await ask(gate, delay=0) == pytest.approx(first + 6)

    run(main)


def test_the_gentlest_is_not_kept_waiting_by_the_hasty() -> None:
    async def main(gate: HostGate) -> None:
        began = asyncio.get_running_loop().time()
        hasty = [asyncio.create_task(ask(gate, delay=1, concurrency=9, takes=5)) for _ in range(20)]
        await asyncio.sleep(0.1)
        assert await ask(gate, delay=3) < began + 70
        starts = list(await asyncio.gather(*hasty))
        assert min(gaps(starts)[1:]) >= 3
        assert max(sum(0 <= start - each < 5 for start in starts) for each in starts) == 1

    run(main)


@pytest.mark.parametrize(("concurrency", "expected"), [(1, [0, 10, 20, 30]), (2, [0, 0, 10, 10])])
def test_no_more_at_once_than_allowed(concurrency: int, expected: list[float]) -> None:
    async def main(gate: HostGate) -> None:
        began = asyncio.get_running_loop().time()
        starts = await asyncio.gather(*(ask(gate, concurrency=concurrency, takes=10) for _ in range(4)))
        assert sorted(round(start - began, 3) for start in starts) == expected

    run(main)


def test_a_crawl_delay_goes_before_a_shorter_one_and_lets_one_in_at_a_time() -> None:
    async def main(gate: HostGate) -> None:
        gate.slow_down(HOST, crawl_delay=20)
        gate.slow_down(HOST, crawl_delay=5)  # the rules as another source has read them
        began = asyncio.get_running_loop().time()
        starts = await asyncio.gather(*(ask(gate, delay=1, concurrency=8, takes=30) for _ in range(3)))
        assert min(starts) == began + 20  # the rules themselves were a request
        assert gaps(starts) == [30, 30]
        assert await ask(gate, delay=40) == pytest.approx(max(starts) + 40)

    run(main)


def test_an_absurd_crawl_delay_is_kept_as_far_as_a_crawl_can() -> None:
    async def main(gate: HostGate) -> None:
        first = await ask(gate)
        gate.slow_down(HOST, crawl_delay=86_400)
        assert await ask(gate) == pytest.approx(first + LONGEST_DELAY)

    run(main)


def test_a_host_rests_for_all() -> None:
    async def main(gate: HostGate) -> None:
        began = asyncio.get_running_loop().time()
        gate.rest(HOST, seconds=60)
        gate.rest(HOST, seconds=5)  # the longer wish holds
        starts = await asyncio.gather(*(ask(gate, delay=2) for _ in range(2)))
        assert [start - began for start in starts] == [60, 62]

    run(main)


def test_a_host_that_wants_too_much_rest_is_closed_until_it_has_had_enough() -> None:
    async def main(gate: HostGate) -> None:
        gate.rest(HOST, seconds=150)
        with pytest.raises(GateClosed, match=r"site\.example asks for 150 seconds of peace") as closed:
            await ask(gate)
        assert closed.value.seconds == pytest.approx(150)
        await asyncio.sleep(50.001)
        await ask(gate)

    run(main)


def test_those_who_wait_are_sent_away_when_a_host_closes_or_a_crawl_ends() -> None:
    async def main(gate: HostGate) -> None:
        ending = False
        first = asyncio.create_task(ask(gate, takes=500))
        second = asyncio.create_task(ask(gate))
        third = asyncio.create_task(ask(gate, alive=lambda: not ending))
        await asyncio.sleep(1)
        ending = True
        with pytest.raises(GateAbandoned):
            await third
        assert not second.done()
        gate.rest(HOST, seconds=7200)
        with pytest.raises(GateClosed):
            await second
        await first

    run(main)


def test_refusals_in_a_row_are_counted_until_the_host_answers() -> None:
    gate = HostGate(longest_rest=1)
    assert not gate.knows(HOST)
    assert [gate.refused(HOST), gate.refused(HOST)] == [1, 2]
    gate.answered(HOST)
    assert gate.refused(HOST) == 1
    assert gate.knows(HOST)


def test_a_copy_of_the_settings_shares_the_gate() -> None:
    gate = HostGate(longest_rest=1)
    assert copy.deepcopy({"gate": gate})["gate"] is gate
