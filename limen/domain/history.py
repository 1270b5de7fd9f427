"""The life of each requirement over the documents of its rule, and what held on a day, by what was known on a day.

Two times are kept apart. `as_of` is about the rule: what held on that day. `known_on` is about Limen: only texts that
were fetched by the end of that day (UTC) count. All days are those of UTC.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from enum import StrEnum

from limen.domain.change import Change, ChangeKind
from limen.domain.document import Stage
from limen.domain.requirement import Requirement

_LAW = (Stage.FINAL, Stage.IN_FORCE)


class MilestoneKind(StrEnum):
    """What happened to a requirement. Whether a change or a removal is law or only proposed, the text's stage tells."""

    STATED = "stated"
    """First seen, in a text that does not say where it stands."""
    PROPOSED = "proposed"
    """First seen, in a draft."""
    CHANGED = "changed"
    FINAL = "final"
    IN_FORCE = "in_force"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleText:
    """One version of an official document of a rule, with its requirements by their keys.

    `changes` are those that the text brought against the one before it, each with the key of its requirement. `number`
    counts the versions of its document from 1. A text that `is_amending` only says what changes in the rule.
    """

    version_id: int
    document_id: int
    number: int
    title: str
    url: str
    stage: Stage
    edition: str | None
    valid_from: datetime
    fetched_at: datetime
    effective_on: date | None
    requirements: tuple[tuple[str, Requirement], ...] = ()
    changes: tuple[tuple[str, Change], ...] = ()
    is_amending: bool = False

    @property
    def is_law(self) -> bool:
        """True for final texts and those in force, False for drafts and for texts that do not say where they stand."""
        return self.stage in _LAW

    @property
    def published_on(self) -> date:
        """Since which day the text stood there."""
        return self.valid_from.date()

    @property
    def holds_from(self) -> date:
        """The day it takes effect by its own words, else that of its publication; a later version holds no earlier."""
        if self.number > 1:
            return max(self.effective_on or self.published_on, self.published_on)
        return self.effective_on or self.published_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeal:
    """A text of another rule that puts this one out of force, or one edition of it if it names one."""

    on: date
    title: str
    url: str
    version_id: int
    fetched_at: datetime
    edition: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """One step in the life of a requirement: on which day, by which text, and when that was learned.

    `requirement` is how the text states it, with its evidence; of a removed one, how the text before did. `previous` is
    what a change replaced.
    """

    kind: MilestoneKind
    on: date
    text: RuleText
    requirement: Requirement
    previous: Requirement | None = None

    @property
    def learned_at(self) -> datetime:
        """When the text was fetched."""
        return self.text.fetched_at


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementHistory:
    """A requirement with its milestones, oldest text first. `holds` is how it stands in the text in force on the day.

    `latest` is how it was stated last, be it in a draft.
    """

    key: str
    latest: Requirement
    holds: Requirement | None
    milestones: tuple[Milestone, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """A rule as of a day: its known texts in order, the one that was in force, and the life of each requirement.

    Requirements that hold come first, in the order of the text in force, then the others as they were first seen.
    `repealed` is what put the rule out of force by that day. `amended` are texts that had changed the one in force by then:
    what they say is not worked into it.
    """

    as_of: date
    texts: tuple[RuleText, ...]
    in_force: RuleText | None
    repealed: Repeal | None
    amended: tuple[RuleText, ...]
    requirements: tuple[RequirementHistory, ...]

    @property
    def holding(self) -> tuple[RequirementHistory, ...]:
        """The requirements that held on the day."""
        return tuple(each for each in self.requirements if each.holds is not None)


def end_of(day: date) -> datetime:
    """Return the last moment of a day (UTC)."""
    return datetime.combine(day, time.max, tzinfo=UTC)


def history(
    texts: Iterable[RuleText], *, as_of: date, known_on: date | None = None, repeals: Iterable[Repeal] = ()
) -> History:
    """Return what was known of a rule on one day about another; `known_on` None takes all that is known now."""
    known = sorted(
        (text for text in texts if known_on is None or text.fetched_at <= end_of(known_on)),
        key=lambda text: (text.valid_from, text.version_id),
    )
    said = [repeal for repeal in repeals if known_on is None or repeal.fetched_at <= end_of(known_on)]
    law = text_in_force(known, as_of)
    repealed = None if law is None else _repeal_of(law, said, as_of)
    holding = {} if law is None or repealed is not None else _holding(law, as_of)
    lives = _lives(known)
    order = [*holding, *(key for key in lives if key not in holding)]
    return History(
        as_of=as_of,
        texts=tuple(known),
        in_force=None if repealed is not None else law,
        repealed=repealed,
        amended=() if law is None or repealed is not None else _amendments(law, known, as_of),
        requirements=tuple(
            RequirementHistory(
                key=key,
                latest=lives[key].latest,
                holds=holding.get(key),
                milestones=tuple(lives[key].milestones),
            )
            for key in order
        ),
    )


def text_in_force(texts: Sequence[RuleText], day: date) -> RuleText | None:
    """Return the text that was law on a day, None where there was none.

    Of each document counts the version that stood on that day (of one published later, its first), if it is law and had
    taken effect. Of several documents the one of the latest edition counts, of these the one that took effect last. A
    text without any requirement (a notice that only announces another one) or one that only amends takes the place of none,
    unless there is no other.
    """
    standing: dict[int, RuleText] = {}
    for text in sorted(texts, key=lambda text: text.number):
        if text.document_id not in standing or text.published_on <= day:
            standing[text.document_id] = text
    laws = [text for text in standing.values() if text.is_law and text.holds_from <= day]
    laws = [text for text in laws if not text.is_amending] or laws
    laws = [text for text in laws if text.requirements] or laws
    newest = max(filter(None, map(_year, laws)), default=None)
    current = (text for text in laws if _year(text) in (None, newest))
    return max(current, key=lambda text: (text.holds_from, text.valid_from, text.version_id), default=None)


def _year(text: RuleText) -> int | None:
    """Return the year of an edition; editions that are counted otherwise (`second`, `1.2`) have no order among years."""
    return int(text.edition) if text.edition is not None and re.fullmatch(r"\d{4}", text.edition) else None


def first_day(period: str) -> date | None:
    """Return the first day of an ISO date or period (`2027-12-31`, `2027-12`, `2027`, `2027-28`); None for another form."""
    match = re.fullmatch(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", period)
    if match is None:
        return None
    year, month, day = int(match[1]), int(match[2] or 1), int(match[3] or 1)
    try:
        # 2027-28 is two years, not a month
        return date(year, month if month <= 12 else 1, day)
    except ValueError:
        return None


def in_force_on(text: RuleText, requirement: Requirement) -> date:
    """Return from which day a requirement of a text of law is in force: with the text, or when its own time has come."""
    own = None if requirement.by is None else first_day(requirement.by)
    return text.holds_from if own is None else max(text.holds_from, own)


def _holding(law: RuleText, day: date) -> dict[str, Requirement]:
    return {key: each for key, each in law.requirements if in_force_on(law, each) <= day}


def _amendments(law: RuleText, texts: Iterable[RuleText], day: date) -> tuple[RuleText, ...]:
    """Return the newest version of each amendment that took effect after a text and by a day."""
    found = {
        text.document_id: text
        for text in texts
        if text.is_amending and text.is_law and law.holds_from < text.holds_from <= day
    }
    return tuple(found.values())


def _repeal_of(law: RuleText, repeals: Iterable[Repeal], day: date) -> Repeal | None:
    """Return the first repeal that had ended a text by a day: of its edition or of all, and not before it took effect."""
    meant = (
        repeal
        for repeal in repeals
        if law.holds_from <= repeal.on <= day
        and (None in (repeal.edition, law.edition) or repeal.edition == law.edition)
    )
    return min(meant, key=lambda repeal: (repeal.on, repeal.version_id), default=None)


@dataclass(slots=True)
class _Life:
    """A requirement while its texts are gone through. `open` is true while its wording is no law yet."""

    latest: Requirement
    milestones: list[Milestone] = field(default_factory=list)
    open: bool = True
    is_law: bool = False
    removal: Change | None = None
    """A removal that is only proposed."""


def _lives(texts: Iterable[RuleText]) -> Mapping[str, _Life]:
    lives: dict[str, _Life] = {}
    effective: dict[int, date | None] = {}
    for text in texts:
        moved = {key for key, change in text.changes if change.new is not None and change.old is not None}
        for key, requirement in text.requirements:
            life = lives.get(key)
            if life is None:
                life = lives[key] = _Life(latest=requirement)
            life.milestones += _steps(
                life, text, requirement, has_changed=key in moved, postponed=_is_postponed(text, effective)
            )
            life.latest, life.removal = requirement, None
        _end(lives, text)
        effective[text.document_id] = text.effective_on
    return lives


def _is_postponed(text: RuleText, effective: Mapping[int, date | None]) -> bool:
    """Tell whether a later version of a document gives another day on which it takes effect."""
    before = effective.get(text.document_id)
    return before is not None and text.effective_on is not None and text.effective_on != before


def _steps(
    life: _Life, text: RuleText, requirement: Requirement, *, has_changed: bool, postponed: bool
) -> Iterator[Milestone]:
    """Yield what a text does for a requirement that it states.

    A comparison says whether it has changed. Where that was with an older text than the last one, what the last one
    stated tells whether this text is the one that brings it.
    """

    def milestone(kind: MilestoneKind, on: date, previous: Requirement | None = None) -> Milestone:
        return Milestone(kind=kind, on=on, text=text, requirement=requirement, previous=previous)

    is_first = not life.milestones
    if has_changed and not is_first and _wording(requirement) != _wording(life.latest):
        life.open = True
        yield milestone(MilestoneKind.CHANGED, text.published_on, life.latest)
    if not text.is_law:
        if is_first:
            kind = MilestoneKind.PROPOSED if text.stage is Stage.DRAFT else MilestoneKind.STATED
            yield milestone(kind, text.published_on)
        return
    if life.open:
        yield milestone(MilestoneKind.FINAL, text.published_on)
    if life.open or postponed:
        yield milestone(MilestoneKind.IN_FORCE, in_force_on(text, requirement))
    life.open, life.is_law = False, True


def _wording(requirement: Requirement) -> tuple[object, ...]:
    return (
        requirement.threshold,
        requirement.subject,
        requirement.condition,
        requirement.modality,
        requirement.by,
    )


def _end(lives: Mapping[str, _Life], text: RuleText) -> None:
    """Add what a text does to requirements that it no longer states.

    Only a comparison says that one is removed: a requirement that is merely not found may have been missed. A draft's
    removal becomes law with the next text of law that does not state it either.
    """
    stated = {key for key, _ in text.requirements}
    removed = {key: change for key, change in text.changes if change.kind is ChangeKind.REMOVED}
    if text.is_law:
        removed |= {
            key: life.removal
            for key, life in lives.items()
            if life.removal is not None and life.is_law and key not in stated
        }
    for key, change in removed.items():
        life = lives.get(key)
        if life is None or change.old is None or key in stated:
            continue
        on = text.holds_from if text.is_law else text.published_on
        life.milestones.append(Milestone(kind=MilestoneKind.REMOVED, on=on, text=text, requirement=change.old))
        life.removal = None if text.is_law else change
