"""News beside its source: which rule an article reports on, and what the official text says to each of its numbers."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from limen.app.bootstrap import Application
from limen.app.press import Rules, article_of
from limen.app.report import Reporter
from limen.domain.press import AFTER, BEFORE, Article, Report, report_on
from limen.domain.press_check import Finding, Verdict, check, settle
from limen.store.records import StoredVersion
from limen.store.repositories import press, press_events
from limen.store.repositories.press import Claim, Link

BATCH = 50
"""Texts held in memory at a time."""

_log = logging.getLogger(__name__)


def set_beside(application: Application, *, reporter: Reporter) -> None:
    """Look at every article that is new, was read anew, or may be about an official text that is.

    Nobody is told of what only another reading of old texts brings to light, whatever pass was killed between the reading
    and the look. An article whose verdict waits for a visit of its source is looked at again in the next pass. Ends early,
    between two articles, when the pass is to stop.
    """
    reporter.begin("press")
    _reopen(application)
    rules: Rules | None = None
    last = 0
    while not application.stop.is_set():
        with application.store.reading() as session:
            pending = press.pending_news(session, limit=BATCH, after=last)
            if not pending:
                break
            rules = rules or Rules(session)
            articles = [(each, article_of(session, each.version)) for each in pending]
        for each, article in articles:
            _check(application, each.version, article, rules, silent=not each.is_news)
            last = each.version.id
            reporter.advance("press", each.version.version.title)
            if application.stop.is_set():
                break
    reporter.end("press")


def _reopen(application: Application) -> None:
    """Let the articles be looked at again that an official text may concern which is new, or belongs elsewhere now."""
    last = 0
    while not application.stop.is_set():
        with application.store.transaction() as session:
            pending = press.pending_official(session, limit=BATCH, after=last)
            if not pending:
                break
            for official in pending:
                press.reopen_news(session, official.version, before=BEFORE, after=AFTER, is_news=official.is_news)
                press.mark_checked(session, official.version, at=application.clock())
                last = official.version.id


def _check(application: Application, version: StoredVersion, article: Article, rules: Rules, *, silent: bool) -> None:
    """Keep what is found of one article, with its events, in one transaction. It stays open where a verdict has to wait."""
    with application.store.reading() as session:
        reports = report_on(article, rules.near(session, version.document_id, article))
    findings = settle({report.rule.number: check(article, report) for report in reports})
    waits = any(each.waits for of_rule in findings.values() for each in of_rule)
    now = application.clock()
    links = [Link(instrument_id=report.rule.number, reason=report.reason, score=report.score) for report in reports]
    claims = [_claim(rule, each) for rule, of_rule in findings.items() for each in of_rule]
    with application.store.transaction() as session:
        press.save(session, version.document_id, links=links, claims=claims, at=now)
        _tell(application, session, version, reports, findings, silent=silent)
        press.mark_checked(session, version, at=now, waits=waits)


def _tell(
    application: Application,
    session: Session,
    version: StoredVersion,
    reports: Sequence[Report],
    findings: Mapping[int, Sequence[Finding]],
    *,
    silent: bool,
) -> None:
    """Write the events of an article: each contradiction, and once that it has a number before its source."""
    now = application.clock()
    for report in reports:
        of_rule = findings[report.rule.number]
        for finding in of_rule:
            if finding.verdict is Verdict.CONTRADICTED:
                told = press_events.tell_of_contradiction(
                    session, version, _claim(report.rule.number, finding), at=now, silent=silent
                )
                _log.info("press_contradicted", extra={"version": version.id, "new": told})
        ahead = next((finding for finding in of_rule if finding.is_ahead), None)
        if ahead is not None:
            told = press_events.tell_of_lead(session, version, _claim(report.rule.number, ahead), at=now, silent=silent)
            _log.info("press_ahead", extra={"version": version.id, "new": told})


def _claim(instrument_id: int, finding: Finding) -> Claim:
    return Claim(
        instrument_id=instrument_id,
        requirement_id=finding.claim.number,
        verdict=finding.verdict,
        official_requirement_id=None if finding.official is None else finding.official.number,
    )
