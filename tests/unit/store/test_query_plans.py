"""What is looked up by its id is looked up: SQLite goes through no whole table of texts for a few rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from limen.domain.document_event import DocumentEvent, EventKind
from limen.store import event_queries, queries
from limen.store.repositories import document_events
from tests.unit.store.samples import DAY_1, a_version, keep

READS = {
    "events": event_queries.events,
    "event of a message": lambda session: document_events.alert(session, [1]),
    "changes": queries.changes,
}


@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_versions_are_looked_up_by_id(session: Session, read: Callable[[Session], Any]) -> None:
    version, _ = keep(session, a_version("text"))
    moved = DocumentEvent(kind=EventKind.WITHDRAWN, before="Rule", after=None)
    document_events.save(session, version.id, [moved], old_version_id=version.id, at=DAY_1)
    session.expire_all()
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        asked.append((statement, parameters))

    event.listen(session.get_bind(), "before_cursor_execute", note)
    read(session)
    event.remove(session.get_bind(), "before_cursor_execute", note)
    plans = [
        row[3]
        for statement, parameters in asked
        for row in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
    ]
    assert plans
    assert [step for step in plans if step.startswith("SCAN document_versions")] == []
