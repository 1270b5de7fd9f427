"""Issues: each trouble once, with how often it was seen."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from limen.domain.issue import Issue, IssueKind
from limen.store.mapping import issue_fingerprint, issue_from_row
from limen.store.records import StoredIssue
from limen.store.tables import IssueRow


def save(session: Session, issue: Issue, *, at: datetime) -> int:
    """Keep an issue, or count it once more if the same kind, source, URL and message are known. Returns its id.

    `at` stands in where the issue does not say when it was seen. Words, offset and severity are those of the newest sight.
    """
    seen = issue.seen_at or at
    fingerprint = issue_fingerprint(issue)
    row = session.scalars(select(IssueRow).where(IssueRow.fingerprint == fingerprint)).one_or_none()
    if row is None:
        row = IssueRow(
            fingerprint=fingerprint,
            kind=issue.kind.value,
            message=issue.message,
            severity=issue.severity.value,
            source_id=issue.source_id,
            url=issue.url,
            offset=issue.offset,
            count=1,
            first_seen=seen,
            last_seen=seen,
        )
        session.add(row)
    else:
        row.count += 1
        row.first_seen = min(row.first_seen, seen)
        row.last_seen = max(row.last_seen, seen)
        row.message = issue.message
        row.severity = issue.severity.value
        row.offset = issue.offset
    session.flush()
    return row.id


def load(
    session: Session,
    *,
    kind: IssueKind | None = None,
    source_id: str | None = None,
    since: datetime | None = None,
    limit: int = 100,
    offset: int = 0,
) -> tuple[StoredIssue, ...]:
    """Return issues, those seen last first. `since` bounds when they were last seen."""
    query = select(IssueRow).order_by(IssueRow.last_seen.desc(), IssueRow.id.desc()).limit(limit).offset(offset)
    if kind is not None:
        query = query.where(IssueRow.kind == kind.value)
    if source_id is not None:
        query = query.where(IssueRow.source_id == source_id)
    if since is not None:
        query = query.where(IssueRow.last_seen >= since)
    return tuple(issue_from_row(row) for row in session.scalars(query))
