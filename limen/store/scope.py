"""Which version of a document, and which of its requirements, are looked at."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased

from limen.domain.history import end_of
from limen.domain.review import ReviewState
from limen.store.tables import DocumentVersionRow, RequirementRow


def is_newest(*, as_of: date | None = None, known_on: date | None = None) -> ColumnElement[bool]:
    """Return the condition that a version is the newest of its document; with `as_of`, as it was at the end of that day (UTC).

    With `known_on` only versions count that were fetched by the end of that day.
    """
    version, later = DocumentVersionRow, aliased(DocumentVersionRow)
    conditions: list[ColumnElement[bool]] = []
    replaced = [later.document_id == version.document_id, later.number > version.number]
    if as_of is not None:
        conditions.append(version.valid_from <= end_of(as_of))
        replaced.append(later.valid_from <= end_of(as_of))
    if known_on is not None:
        conditions.append(version.fetched_at <= end_of(known_on))
        replaced.append(later.fetched_at <= end_of(known_on))
    return and_(*conditions, ~select(later.id).where(*replaced).exists())


def is_reported() -> ColumnElement[bool]:
    """Return the condition that a requirement is of the newest reading of its version, and neither awaits its review nor
    was rejected."""
    row = RequirementRow
    return and_(row.current, or_(row.review.is_(None), row.review == ReviewState.ACCEPTED.value))
