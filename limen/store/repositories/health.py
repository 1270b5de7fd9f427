"""How each source is doing, and the turns that its health took."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from limen.domain.health import Health, HealthState, Turn
from limen.store.records import CrawlRun
from limen.store.repositories.runs import run_from_row
from limen.store.tables import CrawlRunRow, DocumentRow, DocumentVersionRow, HealthTurnRow, SourceHealthRow, SourceRow


def load(session: Session, source_id: str) -> Health | None:
    """Return the health of a source; None if no run of it was judged yet."""
    row = session.get(SourceHealthRow, source_id)
    return None if row is None else _health(row)


def load_all(session: Session) -> dict[str, Health]:
    """Return the health of all sources of which a run was judged, by source id."""
    return {row.source_id: _health(row) for row in session.scalars(select(SourceHealthRow))}


def save(session: Session, source_id: str, health: Health) -> None:
    """Keep the health of a source, replacing the one before."""
    session.merge(
        SourceHealthRow(
            source_id=source_id,
            state=health.state.value,
            turned_at=health.turned_at,
            checked_at=health.checked_at,
            reasons=list(health.reasons),
            bad_runs=health.bad_runs,
            good_runs=health.good_runs,
            watched_since=health.watched_since,
            last_new_at=health.last_new_at,
        )
    )
    session.flush()


def unjudged_runs(session: Session) -> tuple[CrawlRun, ...]:
    """Return the finished runs that no health has taken account of yet, oldest first.

    Of a source that was never judged it is only the newest: what was long ago must not alert today.
    """
    run, judged = CrawlRunRow, load_all(session)
    found: list[CrawlRunRow] = []
    # One look into the index per source: the runs of years are not gone through.
    for source_id in session.scalars(select(SourceRow.id)).all():
        query = select(run).where(run.source_id == source_id, run.finished_at.is_not(None))
        if source_id in judged:
            since = judged[source_id].checked_at
            query = query.where(run.started_at >= since, run.finished_at > since)
        else:
            query = query.order_by(run.started_at.desc(), run.id.desc()).limit(1)
        found += session.scalars(query)
    return tuple(sorted(map(run_from_row, found), key=lambda each: (each.finished_at or each.started_at, each.id)))


def newest_document_at(session: Session, source_id: str) -> datetime | None:
    """Return when the newest document of a source came in for the first time; None if it has none."""
    version = DocumentVersionRow
    return session.scalar(
        select(func.max(version.fetched_at))
        .join(version.document)
        .where(DocumentRow.source_id == source_id, version.number == 1)
    )


def add_turn(session: Session, source_id: str, turn: Turn) -> int:
    """Keep a turn of a source's health, and return its id."""
    row = HealthTurnRow(
        source_id=source_id,
        at=turn.at,
        before=turn.before.value,
        after=turn.after.value,
        reasons=list(turn.reasons),
    )
    session.add(row)
    session.flush()
    return row.id


def turns(
    session: Session, *, source_id: str | None = None, since: datetime | None = None, limit: int = 50
) -> tuple[tuple[str, Turn], ...]:
    """Return source ids and turns, newest first, of one source or of all."""
    row = HealthTurnRow
    query = select(row).order_by(row.at.desc(), row.id.desc()).limit(limit)
    if source_id is not None:
        query = query.where(row.source_id == source_id)
    if since is not None:
        query = query.where(row.at >= since)
    return tuple(
        (
            each.source_id,
            Turn(
                at=each.at,
                before=HealthState(each.before),
                after=HealthState(each.after),
                reasons=tuple(each.reasons),
            ),
        )
        for each in session.scalars(query)
    )


def _health(row: SourceHealthRow) -> Health:
    return Health(
        state=HealthState(row.state),
        turned_at=row.turned_at,
        checked_at=row.checked_at,
        watched_since=row.watched_since,
        last_new_at=row.last_new_at,
        reasons=tuple(row.reasons),
        bad_runs=row.bad_runs,
        good_runs=row.good_runs,
    )
