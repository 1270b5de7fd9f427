"""The crawl process as the application starts it: when the application dies, even by `kill -9`, it ends as well.

Otherwise it would go on fetching with nobody to read what it tells, beside the crawl of the next run.
"""

from __future__ import annotations

import os
import signal
import sys
import threading

from limen.crawler import process

GRACE = 5.0
"""Seconds to finish what is in flight; whatever is lost of it, the next run fetches."""


def main() -> None:
    """Run `limen.crawler.process`. The first argument is the reading end of a pipe that the application holds open."""
    lifeline = int(sys.argv[1])
    threading.Thread(target=_end_with, args=(lifeline,), name="lifeline", daemon=True).start()
    process.main()


def _end_with(lifeline: int) -> None:
    os.read(lifeline, 1)  # nothing is ever written: this comes back when the other end is gone
    os.kill(os.getpid(), signal.SIGTERM)
    threading.Event().wait(GRACE)
    os._exit(1)


if __name__ == "__main__":
    main()
