"""What a document does as a whole, apart from its requirements: it changes stage, moves a date, is withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from limen.domain.document import Stage
from limen.domain.title import series_key


class EventKind(StrEnum):
    """What happened. The last two are of the news about a rule, beside what the rule says."""

    STAGE = "stage_changed"
    COMMENT_DEADLINE = "comment_deadline_changed"
    """The deadline came, went, or was moved forward."""
    COMMENT_EXTENDED = "comment_period_extended"
    EFFECTIVE_DATE = "effective_date_changed"
    TITLE = "title_changed"
    WITHDRAWN = "withdrawn"
    PRESS_CONTRADICTED = "press_contradicted"
    PRESS_AHEAD = "press_ahead"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentEvent:
    """An event with what stood before and after, as text: a stage, an ISO date, a title. None where there was nothing."""

    kind: EventKind
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFacts:
    """What events are told by: the facts that a version states about itself, and `language` (ISO 639-1) of its title."""

    title: str
    language: str
    stage: Stage
    comment_deadline: date | None
    effective_on: date | None
    withdrawn: bool = False


def document_events(old: DocumentFacts, new: DocumentFacts) -> tuple[DocumentEvent, ...]:
    """Return what happened between two versions of one document, or of one instrument, in the order of `EventKind`.

    A fact that the new text no longer states is no event, but for a comment deadline of a text that is still a draft:
    other words would come and go with every reprint. A title that only changes stage or edition (征求意见稿 dropped)
    is the stage's event.
    """
    found: list[DocumentEvent] = []
    if new.stage is not old.stage and Stage.NONE not in (new.stage, old.stage):
        found.append(DocumentEvent(kind=EventKind.STAGE, before=old.stage.value, after=new.stage.value))
    if new.comment_deadline != old.comment_deadline and new.stage in (Stage.DRAFT, Stage.NONE):
        found.append(_deadline(old.comment_deadline, new.comment_deadline))
    if new.effective_on is not None and new.effective_on != old.effective_on:
        found.append(
            DocumentEvent(
                kind=EventKind.EFFECTIVE_DATE, before=_iso(old.effective_on), after=new.effective_on.isoformat()
            )
        )
    if series_key(new.title, new.language) != series_key(old.title, old.language):
        found.append(DocumentEvent(kind=EventKind.TITLE, before=old.title, after=new.title))
    if new.withdrawn and not old.withdrawn:
        found.append(DocumentEvent(kind=EventKind.WITHDRAWN, before=old.title, after=None))
    return tuple(found)


def _deadline(old: date | None, new: date | None) -> DocumentEvent:
    extended = old is not None and new is not None and new > old
    kind = EventKind.COMMENT_EXTENDED if extended else EventKind.COMMENT_DEADLINE
    return DocumentEvent(kind=kind, before=_iso(old), after=_iso(new))


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
