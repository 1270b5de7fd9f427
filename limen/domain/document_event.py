"""What a document does as a whole, apart from its requirements: it changes stage, moves a date, is withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from limen.domain.change import DocumentSide
from limen.domain.document import Stage
from limen.domain.requirement import Requirement
from limen.domain.source import Source
from limen.domain.title import edition, series_key

WITHDRAWN_STATES = frozenset({"withdrawn", "removed"})
"""The words (`Hints.status`) by which publishers list what they took back (GOV.UK, regulations.gov) or out of a code (eCFR)."""


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

    @property
    def is_of_press(self) -> bool:
        """True for what the news says, which is about a number and not about the document that says it."""
        return self in (EventKind.PRESS_CONTRADICTED, EventKind.PRESS_AHEAD)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentEvent:
    """An event with what stood before and after, as text: a stage, an ISO date, a title. None where there was nothing."""

    kind: EventKind
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PressNumber:
    """A number that the news gives, and the official one beside it with its document, if there is one."""

    claim: Requirement
    official: Requirement | None = None
    official_document: DocumentSide | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptEvent:
    """An event as it is kept, under its id. `number` is None but for events of the press."""

    id: int
    event: DocumentEvent
    number: PressNumber | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventAlert:
    """The events that were seen on one version and belong to one instrument: what a message is made of.

    `old` is the version that it was compared with; None for a withdrawal and for events of the press.
    """

    source: Source
    instrument: str
    jurisdiction: str
    """Of the instrument; the news about it may come from elsewhere."""
    old: DocumentSide | None
    new: DocumentSide
    events: tuple[KeptEvent, ...]
    detected_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFacts:
    """What events are told by: the facts that a version states about itself.

    `title` is the title by which it names its rule, `language` (ISO 639-1) that of the title, and `stands_from` the day
    from which the text stands.
    """

    title: str
    language: str
    stage: Stage
    comment_deadline: date | None
    effective_on: date | None
    stands_from: date
    withdrawn: bool = False


def document_events(old: DocumentFacts, new: DocumentFacts) -> tuple[DocumentEvent, ...]:
    """Return what happened between two versions of one document, or of one instrument, in the order of `EventKind`.

    A fact that the new text no longer states is no event, but for a comment deadline that was still to come and a text that
    is still a draft: other words would come and go with every reprint. A deadline that was over before the text stood is
    not news when it comes or goes. The next edition's deadline extends nothing. A title is another one only if it names
    another series: one that changes stage or edition (征求意见稿 dropped), or names no rule, is no event.
    """
    found: list[DocumentEvent] = []
    if new.stage is not old.stage and Stage.NONE not in (new.stage, old.stage):
        found.append(DocumentEvent(kind=EventKind.STAGE, before=old.stage.value, after=new.stage.value))
    if _deadline_moved(old, new):
        kind = EventKind.COMMENT_EXTENDED if _is_extension(old, new) else EventKind.COMMENT_DEADLINE
        found.append(DocumentEvent(kind=kind, before=_iso(old.comment_deadline), after=_iso(new.comment_deadline)))
    if new.effective_on is not None and new.effective_on != old.effective_on:
        found.append(
            DocumentEvent(
                kind=EventKind.EFFECTIVE_DATE, before=_iso(old.effective_on), after=new.effective_on.isoformat()
            )
        )
    before, after = (series_key(facts.title, facts.language) for facts in (old, new))
    if before and after and before != after:
        found.append(DocumentEvent(kind=EventKind.TITLE, before=old.title, after=new.title))
    if new.withdrawn and not old.withdrawn:
        found.append(DocumentEvent(kind=EventKind.WITHDRAWN, before=old.title, after=None))
    return tuple(found)


def _deadline_moved(old: DocumentFacts, new: DocumentFacts) -> bool:
    if new.comment_deadline == old.comment_deadline or new.stage not in (Stage.DRAFT, Stage.NONE):
        return False
    if old.comment_deadline is not None and new.comment_deadline is not None:
        return True
    only = old.comment_deadline or new.comment_deadline
    return only is not None and only >= new.stands_from


def _is_extension(old: DocumentFacts, new: DocumentFacts) -> bool:
    if old.comment_deadline is None or new.comment_deadline is None:
        return False
    same_edition = edition(old.title, old.language) == edition(new.title, new.language)
    return new.comment_deadline > old.comment_deadline and same_edition


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
