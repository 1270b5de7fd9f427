"""The founding story, played: three days of the demo's world, watched by a real Limen."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import tomli_w

from limen.app.bootstrap import Application, open_application
from limen.app.clock import shifted_clock, system_clock
from limen.app.config import Config, load_config
from limen.app.demo.loopback import HOST
from limen.app.demo.receivers import MailReceiver, ReceivedEvent, ReceivedMail, WebhookReceiver
from limen.app.demo.site import DemoSite
from limen.app.demo.sources import SOURCE_IDS, write_sources
from limen.app.demo.world import DAYS, opening
from limen.app.errors import InputError
from limen.app.passes import run_pass
from limen.app.report import PassSummary, Reporter
from limen.store import queries
from limen.store.queries import ChangeEntry, VersionEntry

SECRET = "whsec_ZGVtby1vbmx5LW5vLXNlY3JldC1hdC1hbGwh"  # noqa: S105 - signs nothing but the demo's own events
READER = "analyst@limen.example"
WEBHOOK = "compliance-desk"
MARK = ".limen-demo"
"""File by which a directory is known as the demo's own, to be emptied at the next run."""

LATER = timedelta(hours=4)
"""How long after a day's opening Limen looks: everything of the day has been published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What Limen saw and sent on one day."""

    number: int
    moment: datetime
    summary: PassSummary
    documents: tuple[VersionEntry, ...]
    """Versions that the day brought."""
    changes: tuple[ChangeEntry, ...]
    mails: tuple[ReceivedMail, ...]
    events: tuple[ReceivedEvent, ...]
    rejected: tuple[str, ...]
    """Webhook calls that the receiver turned away; there should be none."""


def play(directory: Path, *, reporter: Reporter) -> Iterator[Day]:
    """Play the three days in a fresh database in `directory` and yield each day as it ends.

    Raises:
        InputError: the directory holds something that is not the demo's.
    """
    _prepare(directory)
    with ExitStack() as world:
        site = world.enter_context(DemoSite())
        mailbox = world.enter_context(MailReceiver())
        desk = world.enter_context(WebhookReceiver(SECRET))
        config = _configuration(directory, site=site, mailbox=mailbox, desk=desk)
        application = world.enter_context(open_application(config))
        for number in DAYS:
            site.set_day(number)
            seen_mails, seen_events = len(mailbox.mails), len(desk.events)
            today = _on_day(application, number)
            moment = today.clock()
            summary = run_pass(today, SOURCE_IDS, reporter=reporter)
            yield Day(
                number=number,
                moment=moment,
                summary=summary,
                documents=_documents(today, since=moment),
                changes=_changes(today, since=moment),
                mails=mailbox.mails[seen_mails:],
                events=desk.events[seen_events:],
                rejected=desk.rejected,
            )


def _prepare(directory: Path) -> None:
    if directory.exists():
        if not (directory / MARK).exists() and any(directory.iterdir()):
            raise InputError(
                f"{directory}: is not empty and not the demo's; name another with --directory, or remove it"
            )
        shutil.rmtree(directory)
    directory.mkdir(parents=True)
    (directory / MARK).touch()


def _configuration(directory: Path, *, site: DemoSite, mailbox: MailReceiver, desk: WebhookReceiver) -> Config:
    """Write the demo's configuration where the user can go on with it, and return it as Limen reads it."""
    write_sources(directory / "sources", base_url=site.base_url)
    table = {
        "data_dir": ".",
        "crawl": {"contact": f"mailto:{READER}", "sources": ["sources"], "builtin_sources": False},
        "network": {"allow": [HOST]},
        "smtp": {
            "host": mailbox.host,
            "port": mailbox.port,
            "security": "none",
            "sender": "limen@limen.example",
            "helo": "localhost",
        },
        "webhooks": [{"name": WEBHOOK, "url": desk.url, "secret": SECRET}],
        "subscriptions": [
            {"name": "everything in China", "jurisdictions": ["CN"], "webhooks": [WEBHOOK]},
            {"name": "energy density", "metrics": ["energy_density", "energy density", "能量密度"], "emails": [READER]},
            {
                "name": "drafts that become law",
                "jurisdictions": ["CN"],
                "changes": False,
                "events": ["stage_changed", "comment_period_extended", "withdrawn"],
                "emails": [READER],
            },
        ],
    }
    path = directory / "limen.toml"
    path.write_text(tomli_w.dumps(table), encoding="utf-8")
    return load_config(path)


def _on_day(application: Application, number: int) -> Application:
    offset = opening(number) + LATER - system_clock()
    return replace(application, clock=shifted_clock(offset), clock_offset_seconds=offset.total_seconds())


def _documents(application: Application, *, since: datetime) -> tuple[VersionEntry, ...]:
    with application.store.reading() as session:
        newest = queries.documents(session, limit=1000)
    return tuple(entry for entry in reversed(newest) if entry.fetched_at >= since.astimezone(UTC))


def _changes(application: Application, *, since: datetime) -> tuple[ChangeEntry, ...]:
    with application.store.reading() as session:
        return queries.changes(session, since=since, limit=1000)
