"""`limen serve`: APScheduler as the clock, one worker, passes as the sources fall due."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta

from apscheduler.schedulers.background import BackgroundScheduler

from limen.app.bootstrap import Application
from limen.app.errors import CrawlFailed
from limen.app.passes import run_pass
from limen.app.report import Reporter
from limen.app.schedule import rest_after, trigger
from limen.store.errors import StoreError
from limen.store.repositories import health, sources

GATHER_SECONDS = 5.0
"""How long sources that fall due are gathered before a pass: one crawl process for all of them."""

RETRY_SECONDS = 30.0
"""How often unsent messages and unfinished work are looked at, when no source is due."""

BREATHER = timedelta(minutes=10)
"""How long a source is left alone before a run that was cut short is repeated: our own fault may not be mended at once."""

EARLY_TICK = 0.75
"""The part of its rest after which a source that falls due is crawled all the same."""

_log = logging.getLogger(__name__)


class Service:
    """Runs passes until `application.stop` is set. The caller holds the data directory's lock."""

    def __init__(self, application: Application, *, reporter: Reporter) -> None:
        self._application = application
        self._reporter = reporter
        self._due: dict[str, None] = {}
        self._guard = threading.Lock()
        self._something_due = threading.Event()

    def run(self) -> None:
        """Work by the schedules of all enabled sources; those never crawled are due at once. Returns when stopped."""
        scheduler = BackgroundScheduler(timezone="UTC", job_defaults={"coalesce": True, "misfire_grace_time": None})
        with self._application.store.reading() as session:
            states = sources.states(session)
        now = self._application.clock()
        for name, spec in self._application.catalogue.items():
            if not spec.enabled:
                continue
            state = states.get(name)
            last_run_at = None if state is None else state.last_run_at
            if state is None or state.next_due_at is None or state.next_due_at <= now:
                self._mark_due(name)
            scheduler.add_job(self._mark_due, trigger(spec, last_run_at=last_run_at), args=(name,), id=name)
        scheduler.start()
        _log.info("service_started", extra={"sources": len(scheduler.get_jobs())})
        try:
            while not self._application.stop.is_set():
                self._work()
        finally:
            scheduler.shutdown(wait=False)

    def _mark_due(self, source_id: str) -> None:
        with self._guard:
            self._due[source_id] = None
        self._something_due.set()

    def _work(self) -> None:
        """Wait for due sources or for the time of retries, then make one pass."""
        if self._something_due.wait(RETRY_SECONDS):
            self._application.stop.wait(GATHER_SECONDS)
        if self._application.stop.is_set():
            return
        with self._guard:
            fallen_due = list(self._due)
            self._due.clear()
            self._something_due.clear()
        try:
            chosen = dict.fromkeys([*self._awake(fallen_due), *self._to_repeat()])
            run_pass(self._application, list(chosen), reporter=self._reporter)
        except (CrawlFailed, StoreError):
            # The service outlives a bad pass; what was due comes again with its schedule.
            _log.exception("pass_failed", extra={"sources": fallen_due})

    def _awake(self, names: list[str]) -> list[str]:
        """Return the sources without those that fail and are left alone for longer than their schedule says."""
        now = self._application.clock()
        with self._application.store.reading() as session:
            known, states = health.load_all(session), sources.states(session)
        awake = []
        for name in names:
            rest = rest_after(known[name]) if name in known else None
            last_run_at = states[name].last_run_at if name in states else None
            # The clock ticks from one beginning to the next, and a rest begins at the end: a tick may come early.
            if rest is None or last_run_at is None or now - last_run_at >= rest * EARLY_TICK:
                awake.append(name)
        return awake

    def _to_repeat(self) -> list[str]:
        """Return the enabled sources that are due before their schedule says so, since their last run brought nothing."""
        now = self._application.clock()
        with self._application.store.reading() as session:
            due, states = sources.due(session, now), sources.states(session)
        enabled = [name for name, spec in self._application.catalogue.items() if spec.enabled and name in due]
        last_runs = {name: states[name].last_run_at for name in enabled if name in states}
        return [name for name, last in last_runs.items() if last is not None and now - last >= BREATHER]

    def wake(self) -> None:
        """Make a waiting service look at `application.stop` at once."""
        self._something_due.set()
