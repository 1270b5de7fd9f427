"""What a document does as a whole, apart from its requirements: it changes stage, moves a date, is withdrawn."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from limen.domain.change import DocumentSide
from limen.domain.delivery import Silence
from limen.domain.document import Stage
from limen.domain.requirement import Requirement
from limen.domain.source import Source
from limen.domain.title import edition, series_key

_SEPARATOR = re.compile(r"\s[-–—·:]+\s|\s*[|_»]\s*|(?<=[\u3400-\u9fff》）])-+(?=[\u3400-\u9fff《])")
"""Between the title of a document and the name of its site, in the title of a page."""
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
    """An event as it is kept, under its id. `number` is None but for events of the press.

    `silence` is why nobody is told, where that was clear when it was found; None where its version and the subscriptions
    decide.
    """

    id: int
    event: DocumentEvent
    number: PressNumber | None = None
    silence: Silence | None = None


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

    `url` is that of its document, `title` the title by which it names its rule, `language` (ISO 639-1) that of the title,
    and `stands_from` the day from which the text stands.
    """

    url: str
    title: str
    language: str
    stage: Stage
    comment_deadline: date | None
    effective_on: date | None
    stands_from: date
    withdrawn: bool = False


def document_events(old: DocumentFacts, new: DocumentFacts) -> tuple[DocumentEvent, ...]:
    """Return what happened between two versions of one document, or of one instrument, in the order of `EventKind`.

    A fact that the new text no longer states is no event, but for a comment deadline that was still to come, in a document
    that is still a draft: other words would come and go with every reprint. A deadline that was over before the text stood
    is not news when it comes or goes. The next edition's deadline extends nothing. A title is another one only if it names
    another series: one that changes stage or edition (征求意见稿 dropped), names no rule, or has the site's name beside it is
    no event.
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
    if _is_renamed(old, new):
        found.append(DocumentEvent(kind=EventKind.TITLE, before=old.title, after=new.title))
    if new.withdrawn and not old.withdrawn:
        found.append(DocumentEvent(kind=EventKind.WITHDRAWN, before=old.title, after=None))
    return tuple(found)


def _deadline_moved(old: DocumentFacts, new: DocumentFacts) -> bool:
    if new.comment_deadline == old.comment_deadline or new.stage not in (Stage.DRAFT, Stage.NONE):
        return False
    if old.comment_deadline is not None and new.comment_deadline is not None:
        return True
    if old.comment_deadline is not None:
        return old.url == new.url and old.comment_deadline >= new.stands_from
    return new.comment_deadline is not None and new.comment_deadline >= new.stands_from


def _is_extension(old: DocumentFacts, new: DocumentFacts) -> bool:
    if old.comment_deadline is None or new.comment_deadline is None:
        return False
    same_edition = edition(old.title, old.language) == edition(new.title, new.language)
    return new.comment_deadline > old.comment_deadline and same_edition


def _is_renamed(old: DocumentFacts, new: DocumentFacts) -> bool:
    before, after = (series_key(facts.title, facts.language) for facts in (old, new))
    if not before or not after:
        return False
    return before not in _names(new) and after not in _names(old)


def _names(facts: DocumentFacts) -> frozenset[str]:
    """Return the series that a title may name: its own, and those of its parts, of which one may be the name of the site."""
    return frozenset(series_key(part, facts.language) for part in (facts.title, *_SEPARATOR.split(facts.title)))


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
