"""The shape of the event that webhooks receive and mails are rendered from. `docs/webhooks.md` describes it for receivers.

Version 1. Fields may be added under the same version; removing or redefining one raises it.
"""

from __future__ import annotations

import json
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Literal, TypeAlias, TypedDict, cast

from limen.domain.threshold import plain

VERSION = 1
CHANGED: Literal["requirement.changed"] = "requirement.changed"
TEST: Literal["limen.test"] = "limen.test"
HEALTH: Literal["source.health"] = "source.health"
DOCUMENT: Literal["document.event"] = "document.event"


class QuoteEvent(TypedDict):
    """Evidence: half-open offsets in code points of the stored text, and the letters that stand there."""

    quote: str
    start: int
    end: int


class SideEvent(TypedDict):
    """One side of a change, a requirement. Numbers keep every digit (`Decimal` here, a JSON number on the way)."""

    op: str
    value: Decimal
    value_max: Decimal | None
    unit: str
    metric: str
    metric_id: str | None
    subject: str | None
    condition: str | None
    modality: str
    by: str | None
    previous: Decimal | None
    section: str | None
    evidence: QuoteEvent


class RunEvent(TypedDict):
    """A stretch of words of a redline; `mark` is `kept`, `deleted` or `inserted`."""

    mark: str
    text: str


class ChangeEvent(TypedDict):
    """A change with both sides and a sentence for people. `old` is None exactly for `added`, `new` for `removed`.

    `redline` is how the sentence around it was rewritten; None where the texts are not at hand.
    """

    kind: str
    direction: str
    sentence: str
    old: SideEvent | None
    new: SideEvent | None
    redline: list[RunEvent] | None


class DocumentEvent(TypedDict):
    """One of the two documents that were compared."""

    title: str
    url: str
    stage: str
    version_id: int
    fetched_at: str
    comment_deadline: str | None
    effective_on: str | None


class SourceEvent(TypedDict):
    """Who publishes."""

    id: str
    name: str
    publisher: str
    jurisdiction: str
    language: str
    document_class: str
    homepage: str


class InstrumentEvent(TypedDict):
    """The rule that both documents belong to."""

    title: str


class CoverageEvent(TypedDict):
    """How much of what was due was read in the pass that the event is of."""

    sources_read: int
    sources_due: int
    unread: list[str]


class DataEvent(TypedDict):
    """What changed in a document."""

    headline: str
    comparison_id: int
    subscription: str
    source: SourceEvent
    instrument: InstrumentEvent
    old: DocumentEvent
    new: DocumentEvent
    changes: list[ChangeEvent]
    other_changes: int
    coverage: CoverageEvent | None


class ChangedEvent(TypedDict):
    """The envelope of the Standard Webhooks specification (type, timestamp, data) and our version, for changes."""

    type: Literal["requirement.changed", "limen.test"]
    version: int
    timestamp: str
    data: DataEvent


class NumberEvent(TypedDict):
    """A number that the news gives; the official one beside it, and the document that has it, are None if there is none."""

    claim: SideEvent
    official: SideEvent | None
    official_document: DocumentEvent | None


class HappeningEvent(TypedDict):
    """One thing that a document did, with a sentence for people. `number` is None but for events of the press."""

    kind: str
    sentence: str
    before: str | None
    after: str | None
    number: NumberEvent | None


class HappenedDataEvent(TypedDict):
    """What a document did as a whole. `old` is None where it was compared with no other."""

    headline: str
    subscription: str
    source: SourceEvent
    instrument: InstrumentEvent
    old: DocumentEvent | None
    new: DocumentEvent
    events: list[HappeningEvent]
    other_events: int
    coverage: CoverageEvent | None


class HappenedEvent(TypedDict):
    """The same envelope, for what a document did."""

    type: Literal["document.event"]
    version: int
    timestamp: str
    data: HappenedDataEvent


class HealthDataEvent(TypedDict):
    """How a source has turned. `reasons` are sentences, never none; `since` is when it turned."""

    headline: str
    source: SourceEvent
    before: str
    after: str
    since: str
    reasons: list[str]
    last_new_at: str | None
    coverage: CoverageEvent | None


class HealthEvent(TypedDict):
    """The same envelope, for the health of a source."""

    type: Literal["source.health"]
    version: int
    timestamp: str
    data: HealthDataEvent


Event: TypeAlias = ChangedEvent | HappenedEvent | HealthEvent
"""Told apart by `type`."""


def dump(event: Event) -> str:
    """Return the event as one line of JSON: fixed key order, no spaces, letters unescaped, decimals with all their digits."""
    return _json(event)


def load(payload: str) -> Event:
    """Return the event that `dump` wrote, with `Decimal` for numbers that have a point. Raises `ValueError` on other text."""
    event = json.loads(payload, parse_float=Decimal)
    if not isinstance(event, dict) or event.get("version") != VERSION:
        raise ValueError(f"not a Limen event of version {VERSION}")
    if event.get("type") not in (CHANGED, TEST, HEALTH, DOCUMENT):
        raise ValueError(f"not a Limen event of a type this program knows: {event.get('type')!r}")
    return cast("Event", event)


def _json(value: object) -> str:
    """The standard encoder turns decimals into floats or strings, and both would lose or disguise a number."""
    if isinstance(value, str):
        # text from broken files may hold halves of surrogate pairs, which no encoding carries
        return encode_basestring(value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8"))
    if isinstance(value, dict):
        return "{" + ",".join([f"{encode_basestring(key)}:{_json(entry)}" for key, entry in value.items()]) + "}"
    if isinstance(value, list):
        return "[" + ",".join([_json(entry) for entry in value]) + "]"
    if isinstance(value, Decimal):
        return plain(value)
    if value is None or isinstance(value, int):  # and bool, which is an int
        return json.dumps(value)
    raise TypeError(f"{type(value).__name__} has no place in an event")
