"""One worker per data directory: two passes at once would compare and send twice."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from limen.app.errors import Busy


@contextmanager
def exclusive(data_dir: Path, *, what: str) -> Iterator[None]:
    """Hold the data directory's lock while the block runs; the system drops it if the process dies.

    `what` ("limen serve", "limen run") is shown to the process that has to wait.

    Raises:
        Busy: another process holds it.
    """
    path = data_dir / "limen.lock"
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            raise Busy(path, file.read().strip() or "unknown") from error
        file.truncate(0)
        file.write(f"{what}, process {os.getpid()}")
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)
