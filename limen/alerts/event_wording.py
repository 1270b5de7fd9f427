"""What documents do, as sentences and headlines: no letter of a sentence comes from anywhere but the event."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from limen.alerts.event import HappeningEvent, NumberEvent
from limen.alerts.wording import ARROW, LONGEST_TITLE, amount, name, shorten, stage_word
from limen.domain.document import Stage
from limen.domain.document_event import EventKind

_LOUDEST = (
    EventKind.WITHDRAWN,
    EventKind.STAGE,
    EventKind.COMMENT_EXTENDED,
    EventKind.COMMENT_DEADLINE,
    EventKind.EFFECTIVE_DATE,
    EventKind.PRESS_CONTRADICTED,
    EventKind.PRESS_AHEAD,
    EventKind.TITLE,
)


def sentence(kind: EventKind, before: str | None, after: str | None, number: NumberEvent | None) -> str:
    """Return the event in one line: `comment period extended: 2024-05-13 -> 2024-06-13`."""
    match kind:
        case EventKind.STAGE:
            lead = "a revision is proposed" if after == Stage.DRAFT else "stage"
            return f"{lead}: {stage_word(before or '')}{ARROW}{stage_word(after or '')}"
        case EventKind.COMMENT_EXTENDED:
            return f"comment period extended: {before}{ARROW}{after}"
        case EventKind.COMMENT_DEADLINE:
            return _deadline(before, after)
        case EventKind.EFFECTIVE_DATE:
            return f"in force from: {before}{ARROW}{after}" if before else f"in force from {after}"
        case EventKind.TITLE:
            return f"renamed: {before}{ARROW}{after}"
        case EventKind.WITHDRAWN:
            return f"withdrawn: {before}"
        case EventKind.PRESS_CONTRADICTED:
            official = None if number is None else number["official"]
            told = amount(official) if official is not None else before
            return f"the news contradicts the official text: {_claim(number, after)}; official is {told}"
        case EventKind.PRESS_AHEAD:
            return f"the news has a number before the official text: {_claim(number, after)}"
        case _:
            assert_never(kind)


def headline(events: Sequence[HappeningEvent], *, instrument: str) -> str:
    """Return the essential in one line: `Stage: draft for comment -> final text - Battery conditions (+1 more)`."""
    loudest = min(events, key=lambda each: _LOUDEST.index(EventKind(each["kind"])))
    said = loudest["kind"] if loudest["kind"] == EventKind.WITHDRAWN else loudest["sentence"]
    lead = shorten(said[:1].upper() + said[1:], LONGEST_TITLE)
    more = f" (+{len(events) - 1} more)" if len(events) > 1 else ""
    return f"{lead} - {shorten(instrument, LONGEST_TITLE)}{more}"


def _deadline(before: str | None, after: str | None) -> str:
    if before is None:
        return f"comments until {after}"
    if after is None:
        return f"comment deadline {before}: not stated any more"
    return f"comment deadline: {before}{ARROW}{after}"


def _claim(number: NumberEvent | None, after: str | None) -> str:
    return f"{name(number['claim'])}: {amount(number['claim'])}" if number is not None else after or ""
