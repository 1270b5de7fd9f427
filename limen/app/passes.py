"""One full pass: crawl what is due, read, group, extract, compare, set the news beside it, tell of events, judge, notify."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from difflib import get_close_matches
from typing import Any

from limen.app.bootstrap import Application, blob_directory
from limen.app.errors import CrawlFailed, UnknownSource
from limen.app.report import BROKEN_OFF, COMPLETED, PassSummary, Reporter
from limen.app.schedule import next_due
from limen.app.stages.compare import compare
from limen.app.stages.crawl import CrawlEvent, crawl
from limen.app.stages.events import tell_events
from limen.app.stages.extract import extract_pending
from limen.app.stages.group import group
from limen.app.stages.health import assess, start_state
from limen.app.stages.notify import notify
from limen.app.stages.press import set_beside
from limen.app.stages.read import read
from limen.crawler.catalogue import Catalogue
from limen.domain.health import HealthState
from limen.domain.run_faults import RunOutcome
from limen.store.records import SourceState
from limen.store.repositories import health, runs, sources

COUNTED = ("lists", "lists_failed", "listed", "new", "failed", "blocked", "gone")
"""What the crawl tells of a source at its end, beside what is counted while it runs."""

_log = logging.getLogger(__name__)


def run_pass(
    application: Application, source_ids: Sequence[str], *, reporter: Reporter, max_items: int | None = None
) -> PassSummary:
    """Crawl the sources and do all the work that waits, from this pass or an interrupted one; return what was done.

    What a crash or Ctrl-C leaves undone is the first thing that the next pass does. `max_items` bounds the documents
    that are fetched per source; None leaves it to the source.

    Raises:
        CrawlFailed: the crawl process broke; the stages after it have run on what was stored.
    """
    summary = PassSummary()
    failure: CrawlFailed | None = None
    if source_ids:
        try:
            _crawl(application, source_ids, max_items=max_items, summary=summary, reporter=reporter)
        except CrawlFailed as error:
            failure = error
    read(application, summary=summary, reporter=reporter)
    group(application, summary=summary, reporter=reporter)
    extract_pending(application, summary=summary, reporter=reporter)
    compare(application, summary=summary, reporter=reporter)
    set_beside(application, reporter=reporter)
    tell_events(application, summary=summary, reporter=reporter)
    assess(application, summary=summary, reporter=reporter)
    if not application.stop.is_set():
        notify(application, summary=summary, reporter=reporter)
    summary.interrupted = application.stop.is_set()
    _log.info("pass_finished", extra={"sources": len(source_ids), "sent": summary.sent})
    if failure is not None:
        raise failure
    return summary


def choose_sources(application: Application, wanted: Sequence[str]) -> list[str]:
    """Return the sources to crawl: those named, else all enabled ones that are due.

    Raises:
        UnknownSource: a name is not in the catalogue.
    """
    require_known(application.catalogue, wanted)
    if wanted:
        return list(dict.fromkeys(wanted))
    with application.store.reading() as session:
        due = set(sources.due(session, application.clock()))
    return [name for name, spec in application.catalogue.items() if spec.enabled and name in due]


def require_known(catalogue: Catalogue, wanted: Sequence[str]) -> None:
    """Raise `UnknownSource`, with the nearest names, for the first that is not in the catalogue."""
    for name in wanted:
        if name not in catalogue:
            nearest = get_close_matches(name, catalogue, n=3)
            hint = f"did you mean {', '.join(nearest)}?" if nearest else "see: limen source list"
            raise UnknownSource(f"there is no source {name!r}; {hint}")


def _crawl(
    application: Application,
    source_ids: Sequence[str],
    *,
    max_items: int | None,
    summary: PassSummary,
    reporter: Reporter,
) -> None:
    config = application.config
    job = {
        "catalogue_dirs": [str(path) for path in config.crawl.sources],
        "builtin": config.crawl.builtin_sources,
        "ledger": "limen.app.ledger:open_ledger",
        "ledger_args": {
            "database_url": config.database_url,
            "blobs": str(blob_directory(config)),
            "clock_offset_seconds": application.clock_offset_seconds,
        },
        "contact": config.crawl.contact,
        "allow_addresses": list(config.network.allow),
        "settings": dict(config.crawl.settings),
        "max_items": max_items,
        "probing": _probing(application, source_ids),
        "clock_offset_seconds": application.clock_offset_seconds,
    }
    log_file = config.data_dir / "crawl.log"
    events = crawl(job, source_ids=source_ids, log_file=log_file, stop=application.stop)
    reporter.begin("crawl")
    bookkeeper = _Bookkeeper(application, summary)
    try:
        for event in events:
            bookkeeper.note(event)
            reporter.advance("crawl", str(event.facts.get("url", event.source_id)))
    finally:
        # Closed by hand: a traceback would keep the process waiting for as long as it is kept itself.
        events.close()
        broken_off = bookkeeper.close()
        reporter.end("crawl")
    if broken_off and not application.stop.is_set():
        raise CrawlFailed(
            f"the crawl of {', '.join(broken_off)} broke off, or could not keep what it fetched: see {log_file} and "
            "`limen issue list`; the next run takes it up again"
        )


def _probing(application: Application, source_ids: Sequence[str]) -> list[str]:
    """Return the sources that have yet to show that they are as the catalogue says: they are crawled gently."""
    with application.store.reading() as session:
        known = health.load_all(session)
    return [
        name
        for name in source_ids
        if (known[name].state if name in known else start_state(application.catalogue[name])) is HealthState.PROBE
    ]


class _Bookkeeper:
    """Keeps the runs and the states of the sources while the crawl process tells what it does."""

    def __init__(self, application: Application, summary: PassSummary) -> None:
        self._application = application
        self._summary = summary
        self._open: dict[str, int] = {}

    def note(self, event: CrawlEvent) -> None:
        """Count an event, and record where a source's run begins and ends."""
        tally = self._summary.tally(event.source_id)
        match event.kind:
            case "source_started":
                with self._application.store.transaction() as session:
                    self._open[event.source_id] = runs.start(session, event.source_id, at=self._application.clock())
            case "fetched":
                tally.fetched += 1
            case "unchanged":
                tally.unchanged += 1
            case "issue":
                tally.issues += 1
            case "source_finished":
                self._finish(event.source_id, str(event.facts.get("outcome", COMPLETED)), event.facts)

    def close(self) -> tuple[str, ...]:
        """End the runs of which no end was heard, and return their sources: the crawl was interrupted or died."""
        outcome = RunOutcome.INTERRUPTED.value if self._application.stop.is_set() else BROKEN_OFF
        unfinished = tuple(self._open)
        for source_id in unfinished:
            self._finish(source_id, outcome, {})
        return unfinished

    def _finish(self, source_id: str, outcome: str, facts: Mapping[str, Any]) -> None:
        run_id = self._open.pop(source_id, None)
        if run_id is None:
            return
        tally = self._summary.tally(source_id)
        tally.outcome = outcome
        now = self._application.clock()
        counters = {key: value for key, value in asdict(tally).items() if isinstance(value, int)} | _counted(facts)
        with self._application.store.transaction() as session:
            runs.finish(session, run_id, at=now, outcome=outcome, counters=counters)
            before = sources.state(session, source_id)
            done = outcome == COMPLETED
            # What was interrupted, or broke off on our side, is due at once.
            ours = outcome in (RunOutcome.INTERRUPTED, BROKEN_OFF)
            state = SourceState(
                source_id=source_id,
                last_run_at=now,
                last_success_at=now if done else before.last_success_at,
                next_due_at=now
                if ours
                else next_due(
                    self._application.catalogue[source_id],
                    last_run_at=now,
                    failed=not done,
                    health=health.load(session, source_id),
                ),
            )
            sources.save_state(session, state)


def _counted(facts: Mapping[str, Any]) -> dict[str, int]:
    """Return the counts among the facts of a source's end; what the crawl does not count is left out."""
    counts = {name: facts[name] for name in COUNTED if isinstance(facts.get(name), int)}
    return counts | ({"limits": len(facts["limits"])} if "limits" in facts else {})
