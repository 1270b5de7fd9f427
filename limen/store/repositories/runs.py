"""Crawl runs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from limen.store.errors import NotStored
from limen.store.records import CrawlRun
from limen.store.tables import CrawlRunRow


def start(session: Session, source_id: str, *, at: datetime) -> int:
    """Record that a crawl of a source began, and return the id of the run."""
    row = CrawlRunRow(source_id=source_id, started_at=at, counters={})
    session.add(row)
    session.flush()
    return row.id


def finish(session: Session, run_id: int, *, at: datetime, outcome: str, counters: Mapping[str, int]) -> None:
    """Record how a crawl ended: `outcome` in one word, and what was counted. Raises `NotStored`."""
    row = session.get(CrawlRunRow, run_id)
    if row is None:
        raise NotStored("crawl run", run_id)
    row.finished_at = at
    row.outcome = outcome
    row.counters = dict(counters)
    session.flush()


def latest(session: Session, *, source_id: str | None = None, limit: int = 50) -> tuple[CrawlRun, ...]:
    """Return the newest runs first, of one source or of all."""
    query = select(CrawlRunRow).order_by(CrawlRunRow.started_at.desc(), CrawlRunRow.id.desc()).limit(limit)
    if source_id is not None:
        query = query.where(CrawlRunRow.source_id == source_id)
    return tuple(run_from_row(row) for row in session.scalars(query))


def add_counters(session: Session, run_id: int, counters: Mapping[str, int]) -> None:
    """Keep with a run what later stages counted. Raises `NotStored`."""
    row = session.get(CrawlRunRow, run_id)
    if row is None:
        raise NotStored("crawl run", run_id)
    row.counters = {**row.counters, **counters}
    session.flush()


def run_from_row(row: CrawlRunRow) -> CrawlRun:
    """Return the run."""
    return CrawlRun(
        id=row.id,
        source_id=row.source_id,
        started_at=row.started_at,
        finished_at=row.finished_at,
        outcome=row.outcome,
        counters=dict(row.counters),
    )
