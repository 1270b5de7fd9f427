"""The crawl process: one job from standard input, one reactor, progress as lines of JSON on standard output.

The reactor cannot start twice in a process and starting one costs a second, so a process takes a batch of sources. Those
that begin at the same host run one after the other, lest they only wait for each other at its gate; hosts run side by side.
"""

from __future__ import annotations

import asyncio
import json
import logging
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy.crawler import AsyncCrawlerRunner
from scrapy.settings import Settings
from scrapy.utils.defer import deferred_from_coro
from scrapy.utils.log import configure_logging
from scrapy.utils.reactor import install_reactor
from twisted.internet.task import LoopingCall, react

from limen.crawler import settings as defaults
from limen.crawler.catalogue import load_catalogue
from limen.crawler.resolver import GuardedResolver, policy_of
from limen.crawler.source_spec import SourceSpec

HOSTS_AT_ONCE = 8

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What to crawl, with whose memory. `clock_offset_seconds` lets the demo play another day."""

    source_ids: Sequence[str]
    catalogue_dirs: Sequence[str] = ()
    builtin: bool = True
    ledger: str = defaults.LIMEN_LEDGER
    ledger_args: Mapping[str, Any]
    contact: str = ""
    settings: Mapping[str, Any]
    allow_addresses: Sequence[str] = ()
    """Hosts, addresses and networks that may be called although they are not public."""
    max_items: int | None = None
    probing: Sequence[str] = ()
    """Sources that nobody has seen live: they are crawled gently."""
    clock_offset_seconds: float = 0.0


def main() -> None:
    """Run the job on standard input. Exit code 0 if every source of the batch was crawled, whatever it answered."""
    job = Job(**json.load(sys.stdin))
    install_reactor(defaults.TWISTED_REACTOR)
    settings = build_settings(job)
    configure_logging(settings)
    _guard_addresses(settings)
    react(lambda _reactor: deferred_from_coro(_crawl(job, settings)))


def build_settings(job: Job) -> Settings:
    """Return Scrapy's settings for a job: ours, then what the user overrides, then what must not be overridden."""
    settings = Settings()
    settings.setmodule(defaults, priority="project")
    if job.contact:
        settings.set("USER_AGENT", f"{defaults.USER_AGENT} (+{job.contact})", priority="project")
    settings.setdict(dict(job.settings), priority="cmdline")
    settings.setdict(
        {
            "TWISTED_REACTOR": defaults.TWISTED_REACTOR,
            "TELNETCONSOLE_ENABLED": False,
            "REMOTE_CONTROL_ENABLED": False,
            "LIMEN_ALLOW_ADDRESSES": list(job.allow_addresses),
            "LIMEN_LEDGER": job.ledger,
            "LIMEN_LEDGER_ARGS": dict(job.ledger_args),
            "LIMEN_CATALOGUE_DIRS": list(job.catalogue_dirs),
            "LIMEN_BUILTIN_SOURCES": job.builtin,
            "LIMEN_CLOCK_OFFSET": job.clock_offset_seconds,
            "LIMEN_MAX_ITEMS": job.max_items,
            "LIMEN_PROBING": list(job.probing),
            "LIMEN_PROGRESS": True,
        },
        priority="cmdline",
    )
    return settings


def _guard_addresses(settings: Settings) -> None:
    """Install the resolver, which a runner, unlike `scrapy crawl`, does not do by itself."""
    from twisted.internet import reactor  # importing it earlier would install another one

    GuardedResolver(reactor, policy_of(settings)).install_on_reactor()


async def _crawl(job: Job, settings: Settings) -> None:
    catalogue = load_catalogue([Path(directory) for directory in job.catalogue_dirs], builtin=job.builtin)
    runner = AsyncCrawlerRunner(settings)
    forget_cancelled_timers()
    stopping = asyncio.Event()

    def stop() -> None:
        stopping.set()
        for crawler in runner.crawlers:
            asyncio.ensure_future(crawler.stop_async())  # noqa: RUF006 - the crawler itself is awaited below

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    at_once = asyncio.Semaphore(HOSTS_AT_ONCE)
    faults: list[Exception] = []

    async def crawl_host(specs: Sequence[SourceSpec]) -> None:
        async with at_once:
            for spec in specs:
                if stopping.is_set():
                    return
                try:
                    await runner.crawl(spec.kind.value, source=spec.id)
                except Exception as error:  # told at the end: the other sources are not to blame
                    logger.exception("source_not_crawled", extra={"source": spec.id})
                    faults.append(error)

    await asyncio.gather(*map(crawl_host, by_host([catalogue[name] for name in job.source_ids])))
    if faults:
        raise faults[0]


def forget_cancelled_timers() -> None:
    """Let the reactor look at its timers every second.

    It lets go of those that were cancelled only when one is due. A crawl that is fast enough has no other timers than the
    time limits of its requests, and would hold each of them until the limit is over: tens of thousands.
    """
    LoopingCall(lambda: None).start(1)


def by_host(specs: Sequence[SourceSpec]) -> list[list[SourceSpec]]:
    """Return the sources grouped by the host of their first entry point, in the order in which the hosts appear."""
    groups: dict[str, list[SourceSpec]] = {}
    for spec in specs:
        groups.setdefault(urlsplit(spec.entry[0]).hostname or "", []).append(spec)
    return list(groups.values())


if __name__ == "__main__":
    main()
