"""A data directory with a configuration and sources of a test's own, and everything that works on it."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import tomli_w
from sqlalchemy import text

from limen.app.bootstrap import Application, open_application
from limen.app.clock import system_clock
from limen.app.config import Config, load_config
from limen.app.demo.receivers import MailReceiver, WebhookReceiver
from limen.app.ledger import StoreLedger
from limen.app.passes import run_pass
from limen.app.report import PassSummary, Silent
from limen.crawler.ports import Saved
from limen.domain.delivery import Delivery
from limen.domain.issue import Issue
from limen.domain.snapshot import Attachment, Hints, Snapshot
from limen.store import queries
from limen.store.queries import ChangeEntry, VersionEntry
from limen.store.repositories import deliveries, issues
from tests.support.command_line import Result, limen

ROOT = Path(__file__).parents[3]
SECRET = "whsec_ZW5vdWdoLWJ5dGVzLWZvci1hLXRlc3Qtc2VjcmV0IQ=="
READER = "analyst@reader.example"
HOOK = "desk"
SOURCE = "ministry"
SITE = "http://ministry.example"

RULE = """<html lang="{lang}"><head><title>{title}</title></head><body><main><h1>{title}</h1>
<p>{text}</p>{links}</main></body></html>"""


def rule_page(number: int, *, title: str = "Battery Production Rules (draft for comment)", links: str = "") -> bytes:
    """Return a page with one requirement, so that another `number` is a change."""
    text = (
        "This notice sets out the conditions for makers of lithium batteries and is open for comment. "
        f"Energy storage cells shall have an energy density of at least {number} Wh/kg. "
        "The ministry will publish the final text after the comments have been read."
    )
    return RULE.format(lang="en", title=title, text=text, links=links).encode()


class Workspace:
    """A directory with `limen.toml`, `sources/` and `data/`; what a test says in `settings` goes into the TOML."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.sources = directory / "sources"
        self.sources.mkdir(parents=True)
        self._started: list[subprocess.Popen[str]] = []
        self.settings: dict[str, Any] = {
            "data_dir": "data",
            "crawl": {
                "contact": "mailto:test@limen.example",
                "sources": ["sources"],
                "builtin_sources": False,
                "settings": {"RETRY_TIMES": 0, "DOWNLOAD_TIMEOUT": 10},
            },
            "network": {"allow": ["127.0.0.1"]},
            # Documents are read in this process, but for the tests of the workers themselves.
            "read": {"workers": 0},
            "alerts": {"first_retry_seconds": 0.001},
        }

    @property
    def path(self) -> Path:
        return self.directory / "limen.toml"

    @property
    def data(self) -> Path:
        return self.directory / "data"

    def config(self) -> Config:
        self.path.write_text(tomli_w.dumps(self.settings), encoding="utf-8")
        return load_config(self.path)

    def source(
        self,
        name: str = SOURCE,
        *,
        kind: str = "feed",
        entry: str = f"{SITE}/feed.xml",
        extra: str = "",
        schedule: str = "1h",
        politeness: bool = True,
    ) -> None:
        """Write a TOML; `politeness` adds a table that makes the crawl of a local server fast."""
        fast = "politeness = { delay = 0 }\n" if politeness else ""
        (self.sources / f"{name}.toml").write_text(
            f'id = "{name}"\nname = "{name}"\npublisher = "Test"\njurisdiction = "XX"\nlanguage = "en"\nkind = "{kind}"\n'
            f'document_class = "draft"\nhomepage = "{SITE}/"\nentry = ["{entry}"]\ntimezone = "UTC"\n'
            f'schedule = {{ every = "{schedule}" }}\n{fast}{extra}\n',
            encoding="utf-8",
        )

    def subscribe(self, *, mail: MailReceiver | int | None = None, hook: WebhookReceiver | str | None = None) -> None:
        """Let one reader hear of everything, by mail (a receiver or a port) and by webhook (a receiver or a URL)."""
        entry: dict[str, Any] = {"name": "all"}
        if mail is not None:
            port = mail if isinstance(mail, int) else mail.port
            self.settings["smtp"] = {
                "host": "127.0.0.1",
                "port": port,
                "security": "none",
                "sender": "limen@limen.example",
                "helo": "localhost",
                "timeout": 5,
            }
            entry["emails"] = [READER]
        if hook is not None:
            url = hook if isinstance(hook, str) else hook.url
            self.settings["webhooks"] = [{"name": HOOK, "url": url, "secret": SECRET, "timeout": 5}]
            entry["webhooks"] = [HOOK]
        self.settings["subscriptions"] = [entry]

    @contextmanager
    def open(self, **changes: Any) -> Iterator[Opened]:
        """Yield the application over the directory; `changes` replace its parts."""
        with open_application(self.config()) as application:
            yield Opened(replace(application, **changes))

    def keep_change(self, url: str) -> None:
        """Put two versions of a page, 160 read and 165 still to be read, where a crawl would; nothing is to be crawled."""
        self.source(extra="enabled = false")
        with self.open() as opened:
            opened.keep(url, rule_page(160), ago=timedelta(hours=2))
            opened.run()
            opened.keep(url, rule_page(165))

    def run(self, *arguments: str) -> Result:
        """Call `limen` in this process."""
        self.config()
        return limen(*arguments, config=self.path)

    def start(self, *arguments: str, **options: Any) -> subprocess.Popen[str]:
        """Start `limen` as a process of its own."""
        self.config()
        process = subprocess.Popen(
            [sys.executable, "-c", "from limen.app.cli import main; main()", "--config", str(self.path), *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            **options,
        )
        self._started.append(process)
        return process

    def close(self) -> None:
        """End the processes that a failed test has left."""
        for process in self._started:
            if process.poll() is None:
                process.kill()
            process.communicate()


class Opened:
    """An open application, with the few things that tests do to it."""

    def __init__(self, application: Application) -> None:
        self.application = application

    def keep(
        self,
        url: str,
        body: bytes,
        *,
        media_type: str = "text/html; charset=utf-8",
        attachments: Sequence[tuple[str, str]] = (),
        page_url: str | None = None,
        ago: timedelta = timedelta(0),
        source: str = SOURCE,
        hints: Hints | None = None,
    ) -> None:
        """Store bytes as the crawl does. `attachments` are (URL, label); `ago` is when they were fetched."""
        ledger = StoreLedger(store=self.application.store, blobs=self.application.blobs, clock=system_clock)
        snapshot = Snapshot(
            source_id=source,
            url=url,
            final_url=url,
            fetched_at=datetime.now(UTC) - ago,
            status=200,
            headers=(("content-type", media_type),),
            sha256=hashlib.sha256(body).hexdigest(),
            size=len(body),
            page_url=page_url,
            attachments=tuple(Attachment(url=each, label=label) for each, label in attachments),
            hints=hints or Hints(),
            identity=url,
        )
        ledger.write(source, [Saved(snapshot=snapshot, body=body)])

    def run(self, *sources: str) -> PassSummary:
        """Make a pass; without sources nothing is crawled."""
        return run_pass(self.application, sources, reporter=Silent())

    @property
    def documents(self) -> tuple[VersionEntry, ...]:
        with self.application.store.reading() as session:
            return queries.documents(session, limit=1000)

    @property
    def changes(self) -> tuple[ChangeEntry, ...]:
        with self.application.store.reading() as session:
            return queries.changes(session, limit=1000)

    @property
    def issues(self) -> tuple[Issue, ...]:
        with self.application.store.reading() as session:
            return tuple(stored.issue for stored in issues.load(session))

    @property
    def deliveries(self) -> tuple[Delivery, ...]:
        with self.application.store.reading() as session:
            return deliveries.load(session)

    def count(self, table: str) -> int:
        with self.application.store.reading() as session:
            found = session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
        assert isinstance(found, int)
        return found

    def text_of(self, url: str) -> str:
        from limen.store.repositories import documents

        with self.application.store.reading() as session:
            entry = next(each for each in self.documents if each.url == url)
            return documents.by_id(session, entry.id).version.text


def wait_for(condition: Callable[[], bool], *, seconds: float = 30) -> None:
    """Wait until something is so, or fail."""
    import time

    limit = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > limit:
            raise AssertionError("it did not happen in time")
        time.sleep(0.05)
