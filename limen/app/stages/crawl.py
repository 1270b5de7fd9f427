"""Net to snapshots, in a process of its own: Scrapy's reactor starts once per process, and a crash there costs one batch."""

from __future__ import annotations

import json
import logging
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from limen.app.errors import CrawlFailed

GRACE = 60.0
"""Seconds the crawl process gets to finish what is in flight, once it is asked to stop."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlEvent:
    """One line of the crawl process.

    `kind` is source_started, fetched, unchanged, missing, duplicate (of another document, to which its address redirects),
    without_file, issue or source_finished, which has the counts.
    """

    kind: str
    source_id: str
    facts: Mapping[str, Any]


def crawl(
    job: Mapping[str, Any], *, source_ids: Sequence[str], log_file: Path, stop: threading.Event
) -> Generator[CrawlEvent, None, None]:
    """Run one batch of sources and yield what happens. When `stop` is set, the process is asked to end cleanly.

    Raises:
        CrawlFailed: the process ended with an error; the message quotes the end of its log.
    """
    lifeline, held = os.pipe()
    try:
        with _opened(log_file) as log:
            process = subprocess.Popen(  # noqa: S603 - our own module and a number
                [sys.executable, "-m", "limen.app.crawl_process", str(lifeline)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                # Ctrl-C in the terminal must reach the crawl once, through us, not a second time from the system.
                start_new_session=True,
                pass_fds=(lifeline,),
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
            )
        yield from _events(process, job=job, source_ids=source_ids, stop=stop)
    finally:
        os.close(lifeline)
        os.close(held)
    if process.returncode != 0 and not stop.is_set():
        raise CrawlFailed(f"the crawl process ended with code {process.returncode}; see {log_file}:\n{_tail(log_file)}")


def _events(
    process: subprocess.Popen[bytes], *, job: Mapping[str, Any], source_ids: Sequence[str], stop: threading.Event
) -> Iterator[CrawlEvent]:
    """Hand the process its job and yield what it tells; it has ended when this ends, however that comes about."""
    assert process.stdin is not None
    assert process.stdout is not None
    lines: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
    pump = threading.Thread(target=_pump, args=(process.stdout, lines), name="crawl-events", daemon=True)
    pump.start()
    try:
        with suppress(BrokenPipeError):  # a process that died at once is told of by its exit code
            process.stdin.write(json.dumps({**job, "source_ids": list(source_ids)}).encode())
            process.stdin.close()
        for line in _lines(process, lines, stop):
            if (event := _event(line)) is not None:
                yield event
    finally:
        _end(process)
        pump.join(GRACE)
        process.stdout.close()


def _pump(stream: IO[bytes], lines: queue.SimpleQueue[bytes | None]) -> None:
    for line in stream:
        lines.put(line)
    lines.put(None)


def _event(line: bytes) -> CrawlEvent | None:
    """Return the event that a line tells; None for half a line, the last word of a process that was killed."""
    try:
        event = json.loads(line)
        return CrawlEvent(kind=event.pop("event"), source_id=event.pop("source"), facts=event)
    except (ValueError, AttributeError, KeyError):
        _log.info("crawl_line_dropped", extra={"line": line[:200]})
        return None


def _lines(
    process: subprocess.Popen[bytes], lines: queue.SimpleQueue[bytes | None], stop: threading.Event
) -> Iterator[bytes]:
    """Yield the lines of a process, passing on a wish to stop while it is silent."""
    asked_at: float | None = None
    while True:
        if stop.is_set() and asked_at is None:
            asked_at = time.monotonic()
            process.send_signal(signal.SIGINT)
        if asked_at is not None and time.monotonic() - asked_at > GRACE:
            process.kill()
        try:
            line = lines.get(timeout=0.2)
        except queue.Empty:
            continue
        if line is None:
            return
        yield line


def _opened(log_file: Path) -> IO[bytes]:
    try:
        return log_file.open("ab")
    except OSError as error:
        raise CrawlFailed(
            f"cannot write {log_file} ({error.strerror}): correct the permissions of the data directory"
        ) from error


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
    try:
        process.wait(GRACE)
    except subprocess.TimeoutExpired:
        _log.warning("crawl_killed", extra={"pid": process.pid})
        process.kill()
        process.wait()


def _tail(path: Path, *, lines: int = 5) -> str:
    return "\n".join(path.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
