"""Programs of the machine that read what no library reads. They get old and hostile files: each runs within limits."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from limen.domain.errors import LimenError

MAX_OUTPUT = 64 * 1024 * 1024
"""Bytes that a program may write into one file, its standard output included."""
_MEMORY_KIB = 4 * 1024 * 1024
_LIMITS = 'ulimit -v "$1" && ulimit -t "$2" && ulimit -f "$3" && ulimit -c 0 && shift 3 && exec "$@"'


class ToolFailed(LimenError):
    """A program was not able to read a file; the message says how it ended. Convert the file by hand."""


def find_tool(name: str) -> str | None:
    """Return the path of a program, None if this machine does not have it."""
    return shutil.which(name)


def run_tool(
    command: Sequence[str], *, body: bytes = b"", seconds: float, environment: Mapping[str, str] | None = None
) -> bytes:
    """Return what a program writes to its standard output, given `body` as its standard input.

    The program and whatever it starts are ended after `seconds`, and have limits for memory, processor time and the size
    of what they write.

    Raises:
        ToolFailed: it cannot be started, takes too long, or ends with an error.
    """
    tool = Path(command[0]).name
    limits = [str(_MEMORY_KIB), str(int(seconds) + 1), str(MAX_OUTPUT // 512)]
    with tempfile.TemporaryFile() as stdin, tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
        stdin.write(body)
        stdin.seek(0)
        try:
            process = subprocess.Popen(  # noqa: S603  # our own command line; the file is no part of it
                ["/bin/sh", "-c", _LIMITS, "sh", *limits, *command],
                stdin=stdin,
                stdout=stdout,
                stderr=stderr,
                env={**os.environ, **(environment or {})},
                start_new_session=True,
            )
        except OSError as error:
            raise ToolFailed(f"{tool} cannot be started ({error})") from error
        try:
            code = process.wait(timeout=seconds)
        except subprocess.TimeoutExpired as error:
            raise ToolFailed(f"{tool} took longer than {seconds:g} seconds") from error
        finally:
            _end(process)
        if code != 0:
            stderr.seek(0)
            said = " ".join(stderr.read(2000).decode("utf-8", "replace").split())[-200:]
            raise ToolFailed(f"{tool} ended with {code}" + (f" ({said})" if said else ""))
        stdout.seek(0)
        return stdout.read(MAX_OUTPUT)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a program with all that it has started; they form a group of their own."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
