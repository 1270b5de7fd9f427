"""Worker processes: order, errors as outcomes, limits, and a job that kills its process."""

from __future__ import annotations

import ctypes
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from limen.app.workers import Workers
from limen.domain.errors import EvidenceMismatch, UnknownUnit


def double(number: int) -> int:
    return 2 * number


def misbehave(job: str) -> str:
    match job:
        case "unit":
            raise UnknownUnit("furlong/egg")
        case "evidence":
            raise EvidenceMismatch(3, 5, "ab")
        case "die":
            os._exit(9)
        case "sleep":
            time.sleep(20)
        case "stick":
            # A deadlock that keeps the interpreter's lock, as a library in C can: no signal handler runs.
            library, mutex = ctypes.PyDLL(None), ctypes.create_string_buffer(256)
            library.pthread_mutex_lock(mutex)
            library.pthread_mutex_lock(mutex)
        case "eat":
            bytearray(64 * 2**30)
        case "bug":
            raise KeyError(job)
    return job.upper()


def sleep_and_leave_a_note(path: Path) -> None:
    path.with_suffix(".begun").touch()
    time.sleep(10)
    path.touch()


def test_an_interrupt_does_not_wait_for_the_document_at_hand(tmp_path: Path) -> None:
    def interrupt() -> None:
        with Workers(count=1, timeout=60) as workers:
            workers._submit(sleep_and_leave_a_note, tmp_path / "note")
            while not (tmp_path / "note.begun").exists():
                time.sleep(0.02)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupt()
    assert not (tmp_path / "note").exists()


def is_deaf_to_interrupts(_: int) -> bool:
    return signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, ())


def test_a_worker_is_deaf_to_ctrl_c_from_its_start() -> None:
    """Before its first own line runs: what it imports until then takes a second, in which people press Ctrl-C."""
    with Workers(count=1, timeout=10) as workers:
        (outcome,) = workers.map(is_deaf_to_interrupts, [0])
    assert outcome.result is True
    assert not is_deaf_to_interrupts(0)


@pytest.mark.parametrize("count", [0, 2])
def test_outcomes_keep_the_order_of_the_jobs(count: int) -> None:
    with Workers(count=count, timeout=10) as workers:
        assert [outcome.result for outcome in workers.map(double, range(20))] == [2 * n for n in range(20)]


@pytest.mark.parametrize("count", [0, 1])
def test_a_foreseen_error_is_an_outcome(count: int) -> None:
    with Workers(count=count, timeout=10) as workers:
        first, second, third = workers.map(misbehave, ["unit", "fine", "evidence"])
    assert isinstance(first.error, UnknownUnit)
    assert first.error.unit == "furlong/egg"
    assert second.result == "FINE"
    assert isinstance(third.error, EvidenceMismatch)
    assert third.error.quote == "ab"


@pytest.mark.slow
def test_one_job_that_kills_its_process_costs_only_itself() -> None:
    with Workers(count=2, timeout=10) as workers:
        outcomes = list(workers.map(misbehave, ["a", "b", "die", "c", "d"]))
    assert [outcome.result for outcome in outcomes] == ["A", "B", None, "C", "D"]
    assert "killed the process" in str(outcomes[2].error)


@pytest.mark.slow
def test_a_pool_that_breaks_while_jobs_are_still_handed_in_loses_none() -> None:
    def jobs() -> Iterator[str]:
        yield from ("a", "die", "b")
        time.sleep(1)  # the pool is known to be broken when the next job comes
        yield from ("c", "d", "e")

    with Workers(count=1, timeout=10) as workers:
        outcomes = list(workers.map(misbehave, jobs()))
    assert [outcome.result for outcome in outcomes] == ["A", None, "B", "C", "D", "E"]


@pytest.mark.slow
def test_a_job_that_never_comes_back_from_c_is_ended_too() -> None:
    with Workers(count=1, timeout=0.5) as workers:
        stuck, fine = workers.map(misbehave, ["stick", "fine"])
    assert "hung in it" in str(stuck.error)
    assert fine.result == "FINE"


@pytest.mark.slow
def test_time_and_memory_are_limited() -> None:
    with Workers(count=1, timeout=0.5) as workers:
        slow, greedy, fine = workers.map(misbehave, ["sleep", "eat", "fine"])
    assert "more than 0.5 s" in str(slow.error)
    assert "GiB of memory" in str(greedy.error)
    assert fine.result == "FINE"


@pytest.mark.slow
def test_a_bug_is_raised() -> None:
    with Workers(count=1, timeout=10) as workers, pytest.raises(KeyError):
        list(workers.map(misbehave, ["bug"]))
