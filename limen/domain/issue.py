"""What Limen could not do, kept where a person can see it, instead of a guess."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class IssueKind(StrEnum):
    """What kind of trouble; each is shown with its count by `limen issue list`."""

    FETCH_FAILED = "fetch_failed"
    """A page or attachment could not be fetched (host, time-out, status, size, robots)."""
    SOURCE_CHANGED = "source_changed"
    """The source no longer looks as its TOML says (feed became HTML, selectors match nothing)."""
    BLOCKED = "blocked"
    """A challenge, a soft error or a refusal came in place of content; nothing of it was stored."""
    LIMIT_REACHED = "limit_reached"
    """A limit of the source cut a run short; the next one goes on from there."""
    GONE = "gone"
    """A document was found gone on two visits in a row; what was read of it stays."""
    HELD = "held"
    """A text that may be a stale copy or half a page was put by; it counts when a second visit finds it again."""
    SOURCE_HEALTH = "source_health"
    """A source turned for the worse, or has recovered."""
    UNREADABLE = "unreadable"
    """Bytes were fetched but no text could be read from them (broken, encrypted, a format that needs a missing tool)."""
    RECOGNISED = "recognised"
    """The text was recognised in pictures (OCR): letters and digits may be wrong."""
    UNSUPPORTED_LANGUAGE = "unsupported_language"
    """The text is in a language without a pipeline."""
    UNKNOWN_UNIT = "unknown_unit"
    """A number stands before a word that looks like a unit but is not known."""
    AMBIGUOUS = "ambiguous"
    """A number could be read in more than one way; nothing was reported for it."""
    DELIVERY_FAILED = "delivery_failed"
    """A message was given up after its last try."""


class Severity(StrEnum):
    """Whether a person must act."""

    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One trouble, with its place. `offset` counts code points of the stored text; None where there is no text yet."""

    kind: IssueKind
    message: str
    severity: Severity = Severity.WARNING
    source_id: str | None = None
    url: str | None = None
    offset: int | None = None
    seen_at: datetime | None = None
