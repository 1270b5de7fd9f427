"""Which version of a document, and which of its requirements, are looked at."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased

from limen.domain.review import ReviewState
from limen.store.tables import DocumentVersionRow, RequirementRow


def is_newest(*, as_of: date | None = None) -> ColumnElement[bool]:
    """Return the condition that a version is the newest of its document; with `as_of`, as it was at the end of that day (UTC)."""
    version, later = DocumentVersionRow, aliased(DocumentVersionRow)
    replaced = [later.document_id == version.document_id, later.number > version.number]
    if as_of is None:
        return ~select(later.id).where(*replaced).exists()
    end = datetime.combine(as_of, time.max, tzinfo=UTC)
    replaced.append(later.valid_from <= end)
    return and_(version.valid_from <= end, ~select(later.id).where(*replaced).exists())


def is_reported() -> ColumnElement[bool]:
    """Return the condition that a requirement is of the newest reading of its version, and neither awaits its review nor
    was rejected."""
    row = RequirementRow
    return and_(row.current, or_(row.review.is_(None), row.review == ReviewState.ACCEPTED.value))
