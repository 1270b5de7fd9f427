"""Comparisons with their changes and notes, and the identity of requirements over versions."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from limen.domain.change import Alert, Difference
from limen.domain.requirement import Requirement
from limen.store.errors import NotStored
from limen.store.mapping import change_from_row, requirement_from_row, side_from_row, source_from_row
from limen.store.pieces import in_pieces
from limen.store.records import SavedComparison
from limen.store.repositories.documents import mark_compared
from limen.store.repositories.reviews import hand_down, is_held
from limen.store.tables import ChangeRow, ComparisonRow, NoteRow, RequirementRow


def save(
    session: Session,
    *,
    old_version_id: int,
    new_version_id: int,
    difference: Difference,
    detected_at: datetime,
    instrument_id: int | None = None,
) -> SavedComparison:
    """Keep what a comparison of two versions found, and mark the new version as compared.

    The requirements of the new version take over the keys of those they were paired with: in a change, in a note, or
    by saying exactly the same. Added ones keep the fresh key of their reading. A comparison of the same two versions
    that was saved before is returned as it is.

    Raises:
        NotStored: a requirement of the difference is not among the current ones of its version.
    """
    known = _known(session, old_version_id, new_version_id)
    if known is not None:
        return known
    comparison = ComparisonRow(
        old_version_id=old_version_id,
        new_version_id=new_version_id,
        instrument_id=instrument_id,
        detected_at=detected_at,
    )
    session.add(comparison)
    session.flush()
    old, new = _Side(session, old_version_id), _Side(session, new_version_id)
    fresh = new.keys
    changes = []
    for change in difference.changes:
        before = None if change.old is None else old.take(change.old)
        after = None if change.new is None else new.take(change.new)
        _inherit(before, after)
        changes.append(
            ChangeRow(
                comparison_id=comparison.id,
                kind=change.kind.value,
                direction=change.direction.value,
                old_requirement_id=None if before is None else before.id,
                new_requirement_id=None if after is None else after.id,
                held=is_held(before) or is_held(after),
            )
        )
    for note in difference.notes:
        before, after = old.take(note.old), new.take(note.new)
        _inherit(before, after)
        session.add(
            NoteRow(
                comparison_id=comparison.id,
                kind=note.kind.value,
                old_requirement_id=before.id,
                new_requirement_id=after.id,
            )
        )
    session.add_all(changes)
    for kept in difference.kept:
        _inherit(old.take(kept[0]), new.take(kept[1]))
    _carry_on(session, new_version_id, fresh, new.keys)
    mark_compared(session, new_version_id, at=detected_at)
    return _saved(comparison.id, changes)


def take_over(
    session: Session, *, old_version_id: int, new_version_id: int, difference: Difference, at: datetime
) -> None:
    """Let the re-reading of a version take over its keys and what a person decided, and mark it as compared.

    Nothing of the difference is kept: it tells of other readers, not of another text.

    Raises:
        NotStored: a requirement of the difference is not among the current ones of its version.
    """
    old, new = _Side(session, old_version_id), _Side(session, new_version_id)
    pairs = [
        *((change.old, change.new) for change in difference.changes),
        *((note.old, note.new) for note in difference.notes),
        *difference.kept,
    ]
    for pair in pairs:
        before, after = pair
        if before is None or after is None:
            continue
        former, heir = old.take(before), new.take(after)
        _inherit(former, heir)
        if before.threshold == after.threshold:
            hand_down(session, former.mark, heir)
    mark_compared(session, new_version_id, at=at)


def alert(
    session: Session, comparison_id: int, *, change_ids: Collection[int] | None = None, held: bool = False
) -> Alert:
    """Return a comparison with its changes, as a message needs it: with these, or all that are not held.

    `held` gives those that are held instead.

    Raises:
        NotStored: there is no such comparison.
    """
    row = session.get(ComparisonRow, comparison_id)
    if row is None:
        raise NotStored("comparison", comparison_id)
    query = (
        select(ChangeRow)
        .where(ChangeRow.comparison_id == comparison_id, ChangeRow.held == held)
        .order_by(ChangeRow.id)
        .options(joinedload(ChangeRow.old), joinedload(ChangeRow.new))
    )
    if change_ids is not None:
        query = query.where(ChangeRow.id.in_(change_ids))
    return Alert(
        comparison_id=row.id,
        source=source_from_row(row.new_version.document.source),
        instrument=row.new_version.title if row.instrument is None else row.instrument.title,
        old=side_from_row(row.old_version, with_text=True),
        new=side_from_row(row.new_version, with_text=True),
        changes=tuple(change_from_row(change) for change in session.scalars(query)),
        detected_at=row.detected_at,
    )


def compared(session: Session, *, since: datetime, until: datetime | None = None) -> tuple[tuple[int, int], ...]:
    """Return (comparison id, id of its new version) of what was compared in a time, oldest first. `until` is not in it."""
    row = ComparisonRow
    query = select(row.id, row.new_version_id).where(row.detected_at >= since)
    if until is not None:
        query = query.where(row.detected_at < until)
    return tuple((each, version) for each, version in session.execute(query.order_by(row.detected_at, row.id)))


class _Side:
    """The current requirements of a version, each to be taken once: two may be equal in every field."""

    def __init__(self, session: Session, version_id: int) -> None:
        row = RequirementRow
        query = select(row).where(row.version_id == version_id, row.current).order_by(row.ordinal)
        self._version_id = version_id
        self._rows = tuple(session.scalars(query))
        self._waiting: defaultdict[Requirement, deque[RequirementRow]] = defaultdict(deque)
        for each in self._rows:
            self._waiting[requirement_from_row(each)].append(each)

    def take(self, requirement: Requirement) -> RequirementRow:
        """Return the row of a requirement, which is then no longer waiting. Raises `NotStored`."""
        rows = self._waiting.get(requirement)
        if not rows:
            raise NotStored(f"requirement of version {self._version_id}", requirement.evidence.quote)
        return rows.popleft()

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of all rows as they are now, in the order of the text."""
        return tuple(row.key for row in self._rows)


def _inherit(old: RequirementRow | None, new: RequirementRow | None) -> None:
    if old is not None and new is not None:
        new.key = old.key


def _carry_on(session: Session, version_id: int, before: Iterable[str], after: Iterable[str]) -> None:
    """Pass on keys that a version has just taken over to the later versions that had inherited its own.

    There are such where an instrument was joined after they had been compared.
    """
    taken_over = {own: inherited for own, inherited in zip(before, after, strict=True) if own != inherited}
    row = RequirementRow
    elsewhere = (row.version_id != version_id) | ~row.current
    heirs = [
        heir
        for some in in_pieces(taken_over)
        for heir in session.scalars(select(row).where(row.key.in_(some), elsewhere))
    ]
    for heir in heirs:
        heir.key = taken_over[heir.key]
    session.flush()


def _known(session: Session, old_version_id: int, new_version_id: int) -> SavedComparison | None:
    row = ComparisonRow
    query = select(row.id).where(row.old_version_id == old_version_id, row.new_version_id == new_version_id)
    comparison_id = session.scalars(query).one_or_none()
    if comparison_id is None:
        return None
    changes = select(ChangeRow).where(ChangeRow.comparison_id == comparison_id).order_by(ChangeRow.id)
    return _saved(comparison_id, session.scalars(changes).all())


def _saved(comparison_id: int, changes: Iterable[ChangeRow]) -> SavedComparison:
    rows = list(changes)
    return SavedComparison(
        id=comparison_id,
        change_ids=tuple(row.id for row in rows),
        held_ids=frozenset(row.id for row in rows if row.held),
    )
