"""Crawling: pages stored per second against plain Scrapy that stores none, the price of a recrawl, the memory of a large site."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from limen.domain.source import DocumentClass, Source
from limen.store.repositories import sources
from limen.store.session import Store

ROOT = Path(__file__).parents[1]
CONCURRENCY = 16
ROUNDS = 3

TOML = """id = "bench"
name = "bench"
publisher = "bench"
jurisdiction = "XX"
language = "en"
kind = "sitemap"
document_class = "news"
homepage = "{address}/"
entry = ["{address}/sitemap.xml"]
timezone = "UTC"
schedule = {{ every = "1d" }}
politeness = {{ delay = 0, concurrency = {concurrency} }}
limits = {{ max_items = 1_000_000, max_rechecks = 1_000_000, max_minutes = 240 }}
sitemap = {{ max_sitemaps = 100 }}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawl:
    """What one crawl process did: seconds from the start of the source to its end, pages, peak memory in MiB, bytes sent."""

    seconds: float
    fetched: int
    unchanged: int
    peak: float
    sent: int


@contextmanager
def page_server(*, count: int, size: int) -> Iterator[str]:
    """Yield the address of a site of `count` pages of `size` bytes."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.page_server", str(count), str(size)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
    )
    assert process.stdout is not None
    assert process.stdin is not None
    try:
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.stdin.close()
        process.wait()


def prepare(directory: Path, address: str) -> None:
    """Make the database and the source of a crawl in a directory."""
    (directory / "sources").mkdir(parents=True)
    (directory / "blobs").mkdir()
    text = TOML.format(address=address, concurrency=CONCURRENCY)
    (directory / "sources" / "bench.toml").write_text(text, encoding="utf-8")
    source = Source(
        id="bench",
        name="bench",
        publisher="bench",
        jurisdiction="XX",
        language="en",
        document_class=DocumentClass.NEWS,
        timezone="UTC",
        homepage=address,
    )
    with Store.open(f"sqlite:///{directory / 'limen.db'}") as store:
        store.upgrade()
        with store.transaction() as session:
            sources.save(session, source)


def crawl(directory: Path, address: str) -> Crawl:
    """Crawl the site into a prepared directory, as `limen run` does."""
    job = {
        "source_ids": ["bench"],
        "catalogue_dirs": [str(directory / "sources")],
        "builtin": False,
        "ledger": "limen.app.ledger:open_ledger",
        "ledger_args": {"database_url": f"sqlite:///{directory / 'limen.db'}", "blobs": str(directory / "blobs")},
        "settings": {},
        "allow_addresses": ["127.0.0.1"],
    }
    before = _sent(address)
    with (directory / "crawl.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "limen.crawler.process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            cwd=ROOT,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(job).encode())
        process.stdin.close()
        began = ended = 0.0
        finished: dict[str, int] = {}
        peak = 0
        for line in process.stdout:
            if line.startswith(b'{"event": "source_started"'):
                began = time.monotonic()
            elif line.startswith(b'{"event": "source_finished"'):
                ended = time.monotonic()
                finished = json.loads(line)
                peak = _peak(process.pid)
        if process.wait() != 0 or finished.get("outcome") != "completed":
            raise SystemExit(f"the crawl failed: {finished}; see {directory / 'crawl.log'}")
    return Crawl(
        seconds=ended - began,
        fetched=finished.get("fetched", 0),
        unchanged=finished.get("unchanged", 0),
        peak=peak / 1024,
        sent=_sent(address) - before,
    )


def plain(address: str, count: int) -> float:
    """Return the seconds that plain Scrapy takes for the same pages."""
    answer = subprocess.run(
        [sys.executable, "-m", "benchmarks.plain_scrapy", address, str(count), str(CONCURRENCY)],
        stdout=subprocess.PIPE,
        check=True,
        cwd=ROOT,
    )
    return float(answer.stdout)


def speed(*, count: int = 3000, size: int = 45_000) -> None:
    """Compare first crawl and recrawl with plain Scrapy, turn by turn."""
    ratios, again, shares = [], [], []
    with page_server(count=count, size=size) as address:
        for _ in range(ROUNDS):
            yardstick = plain(address, count)
            with tempfile.TemporaryDirectory(prefix="limen-bench-") as scratch:
                directory = Path(scratch)
                prepare(directory, address)
                first = crawl(directory, address)
                second = crawl(directory, address)
            assert first.fetched == second.unchanged == count
            assert second.fetched == 0
            ratios.append(yardstick / first.seconds)
            again.append(first.seconds / second.seconds)
            shares.append(second.sent / first.sent)
            print(
                f"  plain Scrapy {count / yardstick:4.0f} pages/s; crawl and store {count / first.seconds:4.0f}; "
                f"recrawl {count / second.seconds:4.0f}, {shares[-1]:.2%} of the bytes"
            )
    print(
        f"crawl and store {count:,} pages of {size / 1000:.0f} kB / plain Scrapy: {statistics.median(ratios):.2f} (goal 0.80)"
    )
    print(f"recrawl of the unchanged site / first crawl: {statistics.median(again):.2f} (goal 1.30)")
    print(f"bytes of the recrawl: {max(shares):.2%} (goal under 2 %)")


def memory(*, counts: tuple[int, int] = (10_000, 100_000), size: int = 4_000) -> None:
    """Print the peak memory of crawls of a large and a ten times larger site."""
    for count in counts:
        with (
            page_server(count=count, size=size) as address,
            tempfile.TemporaryDirectory(prefix="limen-bench-") as scratch,
        ):
            prepare(Path(scratch), address)
            done = crawl(Path(scratch), address)
        assert done.fetched == count
        print(f"crawl of {count:,} URLs: peak {done.peak:.0f} MiB, {count / done.seconds:.0f} pages/s")


def main() -> None:
    """Run all."""
    print("Crawling")
    speed()
    memory()


def _peak(pid: int) -> int:
    """Return the largest resident size of a process so far, in KiB."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1])
    return 0


def _sent(address: str) -> int:
    with urllib.request.urlopen(f"{address}/sent") as answer:
        return int(answer.read())


if __name__ == "__main__":
    main()
