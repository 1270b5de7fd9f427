"""Documents read and extracted by one worker process and by two, as `limen run` spreads them.

    python -m benchmarks.workers

Goal: two workers do at least 1.7 times what one does on a machine with two idle cores. With other load on the machine the
figure says little, so the load is printed with it.
"""

from __future__ import annotations

import os
import statistics
import time

from benchmarks import texts
from limen.app.assembly import ExtractionJob, extract
from limen.app.workers import Workers

JOBS = 60
ROUNDS = 3


def main() -> None:
    """Print documents per second with one and two workers, turn by turn, and the ratio."""
    jobs = [
        ExtractionJob(language=language, title="", text=texts.document(language, seed=seed))
        for seed in range(JOBS // 2)
        for language in ("en", "zh")
    ]
    print(f"load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    ratios = []
    with Workers(count=1, timeout=600) as one, Workers(count=2, timeout=600) as two:
        for pool in (one, two):
            _seconds(pool, jobs[:8])  # processes started, grammars compiled
        for _ in range(ROUNDS):
            alone, together = _seconds(one, jobs), _seconds(two, jobs)
            ratios.append(alone / together)
            print(f"  one worker {JOBS / alone:.1f} documents/s, two {JOBS / together:.1f}")
    print(f"two workers / one: {statistics.median(ratios):.2f} (goal 1.7)")


def _seconds(workers: Workers, jobs: list[ExtractionJob]) -> float:
    began = time.perf_counter()
    for outcome in workers.map(extract, jobs):
        assert outcome.error is None, outcome.error
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
