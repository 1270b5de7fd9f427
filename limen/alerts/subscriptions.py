"""Who wants to hear of what."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fnmatch import fnmatchcase

from limen.alerts.errors import InvalidAlertSetting
from limen.alerts.settings import check_address
from limen.domain.change import Alert, Change, ChangeKind, Direction
from limen.domain.document_event import EventAlert, EventKind, KeptEvent
from limen.domain.requirement import Requirement
from limen.domain.source import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """Filters over changes and events, and those who are told. Filters are joined by "and".

    An empty filter lets everything through, but for `events`, which names those that are asked for. Metrics, subjects,
    directions and kinds are about requirements: of the events they only choose among those of the press.

    Raises:
        InvalidAlertSetting: it has no name, reaches nobody, asks for nothing, or an address is none.
    """

    name: str
    emails: tuple[str, ...] = ()
    webhooks: tuple[str, ...] = ()
    """Names of configured webhook endpoints."""
    jurisdictions: tuple[str, ...] = ()
    """ISO 3166-1 alpha-2, `EU` or `XX`, in either case."""
    sources: tuple[str, ...] = ()
    """Source ids; `*` stands for any letters (`cn-*`)."""
    metrics: tuple[str, ...] = ()
    """Metric ids (`energy_density`), or words that all begin a word of the metric (Chinese: that it contains)."""
    subjects: tuple[str, ...] = ()
    """Words sought like those of `metrics` in subject and condition."""
    directions: tuple[Direction, ...] = ()
    kinds: tuple[ChangeKind, ...] = ()
    languages: tuple[str, ...] = ()
    """ISO 639-1, the usual language of the source."""
    changes: bool = True
    """Whether changed requirements are asked for."""
    events: tuple[EventKind, ...] = ()
    """What documents do as a whole."""

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise InvalidAlertSetting("a subscription has no name: give each one its own")
        if not self.emails and not self.webhooks:
            raise InvalidAlertSetting(f"subscription {self.name!r} reaches nobody: give it emails or webhooks")
        if not self.changes and not self.events:
            raise InvalidAlertSetting(
                f"subscription {self.name!r} asks for nothing: give it events, or leave changes on"
            )
        for address in self.emails:
            check_address(address, place=f"subscription {self.name!r}")


def select(subscription: Subscription, alert: Alert) -> tuple[Change, ...]:
    """Return the changes of the alert that the subscription asks for, in their order.

    A change counts if either of its sides matches: whoever watches cells hears that a limit moved from cells to packs.
    """
    if not subscription.changes or not _right_source(subscription, alert.source, alert.source.jurisdiction):
        return ()
    return tuple(change for change in alert.changes if _wanted(subscription, change))


def select_events(subscription: Subscription, alert: EventAlert) -> tuple[KeptEvent, ...]:
    """Return the events of the alert that the subscription asks for, in their order.

    An event of the press counts for the jurisdiction of the rule and for that of the news, and if either number matches.
    """
    if not _right_source(subscription, alert.source, alert.jurisdiction):
        return ()
    return tuple(each for each in alert.events if _wanted_event(subscription, each))


def _right_source(subscription: Subscription, source: Source, jurisdiction: str) -> bool:
    if not any(_among(each, subscription.jurisdictions) for each in (source.jurisdiction, jurisdiction)):
        return False
    if not _among(source.language, subscription.languages):
        return False
    return not subscription.sources or any(fnmatchcase(source.id, pattern) for pattern in subscription.sources)


def _wanted_event(subscription: Subscription, kept: KeptEvent) -> bool:
    if kept.event.kind not in subscription.events:
        return False
    if kept.number is None:
        return True
    return _right_requirement(subscription, kept.number.claim, kept.number.official)


def _wanted(subscription: Subscription, change: Change) -> bool:
    if subscription.directions and change.direction not in subscription.directions:
        return False
    if subscription.kinds and change.kind not in subscription.kinds:
        return False
    return _right_requirement(subscription, change.old, change.new)


def _right_requirement(subscription: Subscription, *sides: Requirement | None) -> bool:
    there = [side for side in sides if side is not None]
    return any(_right_metric(subscription, side) and _right_subject(subscription, side) for side in there)


def _right_metric(subscription: Subscription, requirement: Requirement) -> bool:
    if not subscription.metrics:
        return True
    return any(
        wanted.casefold() == requirement.metric_id or _holds(requirement.metric, wanted)
        for wanted in subscription.metrics
    )


def _right_subject(subscription: Subscription, requirement: Requirement) -> bool:
    if not subscription.subjects:
        return True
    scope = " ".join(part for part in (requirement.subject, requirement.condition) if part)
    return any(_holds(scope, wanted) for wanted in subscription.subjects)


def _among(value: str, wanted: tuple[str, ...]) -> bool:
    return not wanted or value.casefold() in {entry.casefold() for entry in wanted}


def _holds(text: str, words: str) -> bool:
    """Tell whether every one of `words` begins a word of `text`. Chinese has no spaces: there the word may start anywhere."""
    folded = _fold(text)
    sought = _fold(words).split()
    return bool(sought) and all(
        re.search((r"(?<![a-z0-9])" if word[0].isascii() else "") + re.escape(word), folded) for word in sought
    )


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
