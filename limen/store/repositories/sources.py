"""Sources, and when each was crawled and is due."""

from __future__ import annotations

import dataclasses
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from limen.domain.source import Source
from limen.store.mapping import source_from_row
from limen.store.records import SourceState
from limen.store.tables import SourceRow, SourceStateRow


def save(session: Session, source: Source) -> None:
    """Keep a source of the catalogue, or bring its row up to date. Everything else refers to it, so it comes first."""
    values = dataclasses.asdict(source) | {"document_class": source.document_class.value}
    row = session.get(SourceRow, source.id)
    if row is None:
        session.add(SourceRow(**values))
    else:
        for name, value in values.items():
            setattr(row, name, value)
    session.flush()


def get(session: Session, source_id: str) -> Source | None:
    """Return a source, or None if it was never saved."""
    row = session.get(SourceRow, source_id)
    return None if row is None else source_from_row(row)


def load_all(session: Session) -> tuple[Source, ...]:
    """Return all sources, by id."""
    return tuple(source_from_row(row) for row in session.scalars(select(SourceRow).order_by(SourceRow.id)))


def state(session: Session, source_id: str) -> SourceState:
    """Return when a source was crawled; all None if it never was."""
    row = session.get(SourceStateRow, source_id)
    return SourceState(source_id=source_id) if row is None else _state(row)


def states(session: Session) -> dict[str, SourceState]:
    """Return the states of all sources that have one, by source id."""
    return {row.source_id: _state(row) for row in session.scalars(select(SourceStateRow))}


def save_state(session: Session, state: SourceState) -> None:
    """Keep the state of a source, replacing the one before."""
    session.merge(SourceStateRow(**dataclasses.asdict(state)))
    session.flush()


def due(session: Session, now: datetime) -> tuple[str, ...]:
    """Return the ids of the saved sources that were never crawled or whose time has come, longest overdue first."""
    query = (
        select(SourceRow.id)
        .outerjoin(SourceStateRow, SourceStateRow.source_id == SourceRow.id)
        .where(SourceStateRow.next_due_at.is_(None) | (SourceStateRow.next_due_at <= now))
        .order_by(SourceStateRow.next_due_at.is_not(None), SourceStateRow.next_due_at, SourceRow.id)
    )
    return tuple(session.scalars(query))


def _state(row: SourceStateRow) -> SourceState:
    return SourceState(
        source_id=row.source_id,
        last_run_at=row.last_run_at,
        last_success_at=row.last_success_at,
        next_due_at=row.next_due_at,
    )
