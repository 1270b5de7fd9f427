"""The review of doubtful requirements: what awaits it, what was decided, and which changes that sets free."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session, aliased

from limen.domain.review import ReviewState
from limen.store.errors import NotStored
from limen.store.records import SavedComparison
from limen.store.tables import ChangeRow, RequirementRow, ReviewDecisionRow

_AT_ONCE = 500
"""Marks in one query: SQLite takes a limited number of values."""
_HELD = (ReviewState.AWAITING.value, ReviewState.REJECTED.value)


def settle(session: Session, rows: Iterable[RequirementRow], *, below: float) -> None:
    """Set where each of the fresh rows of a reading stands: as was decided, else by its confidence.

    Rows of earlier readings that a change still speaks of follow those of the same words.
    """
    fresh = list(rows)
    decided = _decisions(session, {row.mark for row in fresh})
    for row in fresh:
        awaits = ReviewState.AWAITING.value if row.confidence < below else None
        row.review = decided.get(row.mark, awaits)
    session.flush()
    states = {row.mark: row.review for row in fresh}
    replaced = select(RequirementRow).where(
        RequirementRow.version_id.in_({row.version_id for row in fresh}),
        RequirementRow.review == ReviewState.AWAITING.value,
        ~RequirementRow.current,
    )
    for old in session.scalars(replaced):
        old.review = states.get(old.mark, old.review)
    session.flush()


def decide(session: Session, mark: str, state: ReviewState, *, at: datetime) -> int:
    """Keep a decision, for this and every later reading of the same words, and return how many requirements it is about.

    A later decision takes the place of an earlier one. Only what was put up for review can be decided.

    Raises:
        NotStored: no requirement under this mark is, or was, put up for review.
    """
    session.flush()
    reviewed = update(RequirementRow).where(RequirementRow.mark == mark, RequirementRow.review.is_not(None))
    count = len(session.scalars(reviewed.values(review=state.value).returning(RequirementRow.id)).all())
    if not count:
        raise NotStored("requirement for review", mark)
    session.merge(ReviewDecisionRow(mark=mark, state=state.value, decided_at=at))
    session.flush()
    session.expire_all()
    return count


def hand_down(session: Session, mark: str, row: RequirementRow) -> None:
    """Let what was decided under a mark hold for the same requirement in other words, unless those were decided about."""
    decided = session.get(ReviewDecisionRow, mark)
    if decided is None or row.mark == mark or session.get(ReviewDecisionRow, row.mark) is not None:
        return
    session.add(ReviewDecisionRow(mark=row.mark, state=decided.state, decided_at=decided.decided_at))
    row.review = decided.state
    session.flush()


def lower_floor(session: Session, below: float) -> int:
    """Take out of the queue what is no longer under the floor, and return how much that was."""
    awaiting = RequirementRow.review == ReviewState.AWAITING.value, RequirementRow.confidence >= below
    freed = update(RequirementRow).where(*awaiting).values(review=None).returning(RequirementRow.id)
    count = len(session.scalars(freed).all())
    session.expire_all()
    return count


def is_held(row: RequirementRow | None) -> bool:
    """Tell whether nobody may be told of a requirement: it awaits its review, or was rejected."""
    return row is not None and row.review in _HELD


def is_free(row: type[RequirementRow]) -> ColumnElement[bool]:
    """Return the condition that a requirement of an outer join is not held, or not there."""
    return or_(row.review.is_(None), row.review.not_in(_HELD))


def take_released(session: Session) -> tuple[tuple[int, SavedComparison], ...]:
    """Return the changes that were held and no longer need to be, by comparison, each with the id of its new version.

    They are not held any more: each is returned once.
    """
    old, new = aliased(RequirementRow), aliased(RequirementRow)
    query = (
        select(ChangeRow)
        .outerjoin(old, ChangeRow.old_requirement_id == old.id)
        .outerjoin(new, ChangeRow.new_requirement_id == new.id)
        .where(ChangeRow.held, is_free(old), is_free(new))
        .order_by(ChangeRow.id)
    )
    found: dict[int, list[ChangeRow]] = {}
    for change in session.scalars(query):
        change.held = False
        found.setdefault(change.comparison_id, []).append(change)
    session.flush()
    return tuple(
        (
            changes[0].comparison.new_version_id,
            SavedComparison(id=comparison_id, change_ids=tuple(change.id for change in changes)),
        )
        for comparison_id, changes in found.items()
    )


def _decisions(session: Session, marks: Iterable[str]) -> dict[str, str]:
    wanted = sorted(marks)
    found: dict[str, str] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        row = ReviewDecisionRow
        query = select(row).where(row.mark.in_(wanted[start : start + _AT_ONCE]))
        found.update({each.mark: each.state for each in session.scalars(query)})
    return found
