"""Processes that read and extract: a hostile file costs one of them, never the run."""

from __future__ import annotations

import faulthandler
import logging
import multiprocessing
import os
import resource
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import wait
from pathlib import Path
from types import FrameType, TracebackType
from typing import Generic, Self, TypeVar

from limen.domain.errors import LimenError

Job = TypeVar("Job")
Result = TypeVar("Result")

MEMORY_LIMIT = 6 * 2**30
"""Bytes of address space a worker may take; above it the document fails, not the machine."""

_log = logging.getLogger(__name__)


class WorkFailed(LimenError):
    """A document could not be worked on: it took too long, took too much memory, or killed its process."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome(Generic[Job, Result]):
    """What became of a job: exactly one of `result` and `error` is set."""

    job: Job
    result: Result | None = None
    error: LimenError | None = None


class Workers:
    """A pool of worker processes, started with the first job.

    `count` 0 works in the calling process, without limits. `timeout` is in seconds per job.
    """

    def __init__(self, *, count: int, timeout: float) -> None:
        self._count = count
        self._timeout = timeout
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None and issubclass(kind, KeyboardInterrupt):
            # Whoever presses Ctrl-C twice does not wait for the document at hand.
            for process in multiprocessing.active_children():
                process.terminate()
        self.close()

    def close(self) -> None:
        """End the processes; jobs that have not begun are dropped."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None

    def map(self, function: Callable[[Job], Result], jobs: Iterable[Job]) -> Iterator[Outcome[Job, Result]]:
        """Yield one outcome per job, in order. A job's foreseen errors (`LimenError`) are outcomes, others are raised."""
        if self._count == 0:
            for job in jobs:
                yield _outcome(job, lambda job=job: function(job))  # type: ignore[misc]
            return
        waiting: deque[tuple[Job, Future[Result]]] = deque()
        for job in jobs:
            waiting.append((job, self._submit_late(function, job)))
            if len(waiting) > 2 * self._count:
                yield from self._collect(function, waiting)
        while waiting:
            yield from self._collect(function, waiting)

    def _collect(
        self, function: Callable[[Job], Result], waiting: deque[tuple[Job, Future[Result]]]
    ) -> Iterator[Outcome[Job, Result]]:
        job, future = waiting.popleft()
        try:
            yield _outcome(job, future.result)
        except BrokenProcessPool:
            # One job killed its process and the pool with it. Find out which, one at a time.
            self._pool = None
            suspects = [job, *(other for other, _ in waiting)]
            waiting.clear()
            for suspect in suspects:
                yield self._alone(function, suspect)

    def _alone(self, function: Callable[[Job], Result], job: Job) -> Outcome[Job, Result]:
        try:
            return _outcome(job, self._submit(function, job).result)
        except BrokenProcessPool:
            self._pool = None
            _log.warning("worker_died", extra={"job": repr(job)[:200]})
            return Outcome(
                job=job,
                error=WorkFailed(
                    "the document killed the process that read it, or hung in it; look at the file by hand"
                ),
            )

    def _submit_late(self, function: Callable[[Job], Result], job: Job) -> Future[Result]:
        """Submit a job; if an earlier one has broken the pool, that is found out in the order of the jobs."""
        try:
            return self._submit(function, job)
        except BrokenProcessPool as error:
            broken: Future[Result] = Future()
            broken.set_exception(error)
            return broken

    def _submit(self, function: Callable[[Job], Result], job: Job) -> Future[Result]:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self._count, mp_context=multiprocessing.get_context("spawn"), initializer=_prepare_worker
            )
        with _uninterrupted():
            return self._pool.submit(_limited, function, job, self._timeout)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Keep Ctrl-C for later, and from the processes started meanwhile: they would die of it, loudly, in their imports."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _outcome(job: Job, call: Callable[[], Result]) -> Outcome[Job, Result]:
    try:
        return Outcome(job=job, result=call())
    except LimenError as error:
        return Outcome(job=job, error=error)


def _prepare_worker() -> None:
    # Ctrl-C reaches the whole process group; the parent decides what ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    threading.Thread(target=_end_with_parent, name="parent-watch", daemon=True).start()


def _end_with_parent() -> None:
    """End this process when its parent has died, even by `kill -9`: nobody else would ever end it."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    wait([parent.sentinel])
    os._exit(1)


def _limited(function: Callable[[Job], Result], job: Job, timeout: float) -> Result:
    """Call `function` in the worker, with a time limit."""

    def too_long(_number: int, _frame: FrameType | None) -> None:
        raise WorkFailed(f"reading took more than {timeout:g} s; raise [read] timeout, or look at the file by hand")

    signal.signal(signal.SIGALRM, too_long)
    signal.setitimer(signal.ITIMER_REAL, timeout)
    # A library in C that never comes back leaves no room for a signal handler. This watch needs no interpreter; it ends
    # the process, and leaves the handler half of the time more to come first.
    with Path(os.devnull).open("w") as nowhere:
        faulthandler.dump_traceback_later(1.5 * timeout + 1, exit=True, file=nowhere)
        return _called(function, job)


def _called(function: Callable[[Job], Result], job: Job) -> Result:
    try:
        return function(job)
    except MemoryError as error:
        raise WorkFailed(
            f"reading took more than {MEMORY_LIMIT >> 30} GiB of memory; look at the file by hand"
        ) from error
    finally:
        faulthandler.cancel_dump_traceback_later()
        signal.setitimer(signal.ITIMER_REAL, 0)
