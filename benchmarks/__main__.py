"""`make bench`: every benchmark, one after the other. Each measures its yardstick in the same run and prints ratios."""

from __future__ import annotations

from benchmarks import crawl, diff, extraction, linear, reading, workers

if __name__ == "__main__":
    for benchmark in (crawl, reading, extraction, workers, linear, diff):
        benchmark.main()
        print()
