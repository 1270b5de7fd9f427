"""What moved between two readings of a rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from limen.domain.document import Stage
from limen.domain.requirement import Requirement
from limen.domain.source import Source


class ChangeKind(StrEnum):
    """What about a requirement changed."""

    ADDED = "added"
    REMOVED = "removed"
    VALUE = "value_changed"
    OPERATOR = "operator_changed"
    SCOPE = "scope_changed"
    DEADLINE = "deadline_changed"
    MODALITY = "modality_changed"


class Direction(StrEnum):
    """Whether those who must comply have it harder or easier than before."""

    TIGHTENED = "tightened"
    LOOSENED = "loosened"
    NEUTRAL = "neutral"


class NoteKind(StrEnum):
    """A difference in form that never alerts."""

    MOVED = "moved"
    REWORDED = "reworded"
    UNIT_RESTATED = "unit_restated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One changed requirement. `old` is None exactly for `added`, `new` exactly for `removed`."""

    kind: ChangeKind
    direction: Direction
    old: Requirement | None
    new: Requirement | None

    def __post_init__(self) -> None:
        if (self.old is None) != (self.kind is ChangeKind.ADDED) or (self.new is None) != (
            self.kind is ChangeKind.REMOVED
        ):
            raise ValueError(f"a change of kind {self.kind.value} has the wrong sides")

    @property
    def subject_requirement(self) -> Requirement:
        """The side to show first: the new one, or the old one if it was removed."""
        requirement = self.new or self.old
        assert requirement is not None
        return requirement


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """The same requirement in another form."""

    kind: NoteKind
    old: Requirement
    new: Requirement


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A requirement that only one reading has, though a like sentence of the other text states its number.

    Most likely the extractor missed it there: a person should look, and nobody is alerted. `kind` is what it would be
    otherwise, added or removed.
    """

    kind: ChangeKind
    requirement: Requirement


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The result of comparing two readings: changes, which alert, and notes and doubts, which do not.

    `kept` holds the pairs that say exactly the same on both sides, wherever they stand. Every requirement of either
    reading is in one of the four once.
    """

    changes: tuple[Change, ...]
    notes: tuple[Note, ...]
    doubts: tuple[Doubt, ...] = ()
    kept: tuple[tuple[Requirement, Requirement], ...] = ()

    def apply(self, old: Iterable[Requirement]) -> tuple[Requirement, ...]:
        """Return the newer reading, in the order of its text, from the older one.

        Raises:
            ValueError: `old` is not the reading that the difference starts from.
        """
        left = Counter(old)
        left.subtract(Counter(before for before, _ in self._sides() if before is not None))
        stray = next((requirement for requirement, count in left.items() if count), None)
        if stray is not None:
            raise ValueError(
                f"the difference starts from another reading: it says otherwise of “{stray.evidence.quote}”"
            )
        found = [after for _, after in self._sides() if after is not None]
        return tuple(sorted(found, key=lambda each: (each.evidence.start, each.evidence.end)))

    def _sides(self) -> Iterator[tuple[Requirement | None, Requirement | None]]:
        yield from self.kept
        yield from ((change.old, change.new) for change in self.changes)
        yield from ((note.old, note.new) for note in self.notes)
        for doubt in self.doubts:
            is_new = doubt.kind is ChangeKind.ADDED
            yield (None, doubt.requirement) if is_new else (doubt.requirement, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentSide:
    """One side of a comparison as a person needs to see it. `text` is the stored text; None where it is not at hand."""

    title: str
    url: str
    stage: Stage
    version_id: int
    fetched_at: datetime
    comment_deadline: date | None = None
    effective_on: date | None = None
    text: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """All changes that one new document version brought, with their context: what a message is made of."""

    comparison_id: int
    source: Source
    instrument: str
    """Title of the instrument both sides belong to."""
    old: DocumentSide
    new: DocumentSide
    changes: tuple[Change, ...]
    detected_at: datetime
