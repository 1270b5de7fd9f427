"""Finished runs to the health of their sources, and its turns to messages: judged once, told once."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from sqlalchemy.orm import Session

from limen.alerts.health import deliveries_for, headline
from limen.alerts.payload import Coverage
from limen.app.bootstrap import Application
from limen.app.report import PassSummary, Reporter
from limen.app.schedule import next_due
from limen.crawler.source_rules import interval_of
from limen.crawler.source_spec import SourceSpec, State
from limen.domain.health import Health, HealthRules, HealthState, Turn, begin, judge
from limen.domain.issue import Issue, IssueKind, Severity
from limen.domain.run_faults import FEWEST_PAGES, CrawlReport, Expected, RunOutcome
from limen.store.records import CrawlRun
from limen.store.repositories import deliveries, health, issues, runs, sources

FEWEST_DOCUMENTS = 10
"""The share of documents with text is taken over so many of the newest, in as many runs as that needs."""

RUNS_LOOKED_AT = 30

_TELLING = (RunOutcome.COMPLETED.value, RunOutcome.FAILED.value)
"""The outcomes that say something about the source; others say something about us."""

_log = logging.getLogger(__name__)


def assess(application: Application, *, summary: PassSummary, reporter: Reporter) -> None:
    """Judge every run that was not judged yet, from this pass or one that was killed before it could."""
    reporter.begin("assess")
    with application.store.reading() as session:
        waiting = health.unjudged_runs(session)
    judged = [run for run in waiting if run.source_id in application.catalogue and run.outcome in _TELLING]
    newest = {run.source_id: run.id for run in judged}
    coverage = summary.coverage()
    for run in judged:
        read = _read_counts(summary, run) if newest[run.source_id] == run.id else {}
        turn = _assess(application, run, read=read, coverage=coverage)
        if turn is not None:
            summary.turns.append(headline(run.source_id, turn))
        reporter.advance("assess", run.source_id)
    reporter.end("assess")


def start_state(spec: SourceSpec) -> HealthState:
    """Return the state in which a source begins, by its catalogue entry."""
    return HealthState.HEALTHY if spec.state is State.CHECKED else HealthState.PROBE


def expected_of(spec: SourceSpec) -> Expected:
    """Return what a healthy run of a source yields."""
    expect = spec.expect
    return Expected(
        min_items=expect.min_items,
        min_yield=expect.min_yield,
        cadence=None if expect.cadence is None else interval_of(expect.cadence),
    )


def _assess(application: Application, run: CrawlRun, *, read: dict[str, int], coverage: Coverage | None) -> Turn | None:
    """Judge one run, and write the state, the turn and its messages in one transaction."""
    spec = application.catalogue[run.source_id]
    with application.store.transaction() as session:
        runs.add_counters(session, run.id, read)
        report = _report(session, run)
        before = health.load(session, run.source_id) or begin(
            checked=start_state(spec) is HealthState.HEALTHY,
            at=report.at,
            last_new_at=health.newest_document_at(session, run.source_id),
        )
        after, turn = judge(before, report, expected=expected_of(spec), rules=_rules(application))
        health.save(session, run.source_id, after)
        _make_due(session, spec, run, after)
        if turn is not None:
            _save_turn(application, session, spec, turn, after, coverage=coverage)
    if turn is not None:
        _log.info("source_turned", extra={"source": run.source_id, "before": turn.before, "after": turn.after})
    return turn


def _save_turn(
    application: Application,
    session: Session,
    spec: SourceSpec,
    turn: Turn,
    after: Health,
    *,
    coverage: Coverage | None,
) -> None:
    health.add_turn(session, spec.id, turn)
    if turn.is_promotion:
        return
    now = application.clock()
    issue = Issue(
        kind=IssueKind.SOURCE_HEALTH,
        message="; ".join((headline(spec.id, turn), *turn.reasons)),
        severity=Severity.INFO if turn.is_recovery else Severity.WARNING,
        source_id=spec.id,
    )
    issues.save(session, issue, at=now)
    config = application.config.health
    messages = deliveries_for(
        spec.to_source(),
        turn,
        last_new_at=after.last_new_at,
        emails=config.emails,
        webhooks=config.webhooks,
        coverage=coverage,
        now=now,
        new_id=lambda: uuid4().hex,
    )
    deliveries.add(session, messages)


def _make_due(session: Session, spec: SourceSpec, run: CrawlRun, after: Health) -> None:
    """Set when the source is due again, which its new health may put off or bring forward, if the run is its last."""
    state = sources.state(session, spec.id)
    if state.last_run_at is None or state.last_run_at != run.finished_at:
        return
    failed = run.outcome != RunOutcome.COMPLETED
    due = next_due(spec, last_run_at=state.last_run_at, failed=failed, health=after)
    sources.save_state(session, replace(state, next_due_at=due))


def _report(session: Session, run: CrawlRun) -> CrawlReport:
    """Return what came of a run. What its crawl did not count is taken from what it did."""
    assert run.outcome is not None
    assert run.finished_at is not None
    counted, outcome = run.counters, RunOutcome(run.outcome)
    return CrawlReport(
        outcome=outcome,
        at=run.finished_at,
        lists_read=counted.get("lists", 1 if outcome is RunOutcome.COMPLETED else 0),
        lists_failed=counted.get("lists_failed", 0),
        listed=counted.get("listed"),
        new=counted.get("new", counted.get("fetched", 0)),
        fetched=counted.get("fetched", 0),
        unchanged=counted.get("unchanged", 0),
        failed=counted.get("failed", 0),
        blocked=counted.get("blocked", 0),
        gone=counted.get("gone", 0),
        limited=bool(counted.get("limits")),
        text_yield=_text_yield(session, run.source_id),
    )


def _text_yield(session: Session, source_id: str) -> float | None:
    """Return the share of the source's last documents in which there was text; None if they are too few to tell.

    Most runs bring one document or none, so one run alone proves nothing.
    """
    read = with_text = 0
    for run in runs.latest(session, source_id=source_id, limit=RUNS_LOOKED_AT):
        read += run.counters.get("read", 0)
        with_text += run.counters.get("with_text", 0)
        if read >= FEWEST_DOCUMENTS:
            break
    return with_text / read if read >= FEWEST_PAGES else None


def _read_counts(summary: PassSummary, run: CrawlRun) -> dict[str, int]:
    """Return what the pass has read for the source of a run, to be kept with the run."""
    tally = summary.sources.get(run.source_id)
    return {} if tally is None else {"read": tally.read, "with_text": tally.with_text}


def _rules(application: Application) -> HealthRules:
    config = application.config.health
    return HealthRules(
        failing_after=config.failing_after,
        blind_after=config.blind_after,
        dead_after=timedelta(days=config.dead_after_days),
    )
