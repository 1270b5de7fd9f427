"""What is remembered of bytes that were fetched, and what a later visit says of them that brings no others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from limen.domain.snapshot import Attachment, Hints


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What is remembered of the newest bytes of a document or attachment.

    `url` is the address it is kept under. `fetched_at` is when these bytes came, `confirmed_at` when they were seen last.
    `missing_since` is when the page was found gone for the first time in a row, and `gone_at` when a second visit has
    confirmed it; None while it answers.
    """

    url: str
    etag: str | None
    last_modified: str | None
    sha256: str | None
    """None where the bytes are lost: then there are no validators and no revision either, and it is to be fetched anew."""
    attachments: tuple[Attachment, ...]
    fetched_at: datetime
    confirmed_at: datetime
    revision: str | None = None
    missing_since: datetime | None = None
    held: bool = False
    """Whether the reader waits for a second visit before it believes the text of these bytes."""
    gone_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """A document or attachment that was seen unchanged (304, the same bytes, the same text, the same revision).

    `hints` is what its list says now; None where it was not listed. `revision`, and the validators `etag` and
    `last_modified`, replace those of before, unless None.
    """

    url: str
    at: datetime
    hints: Hints | None = None
    revision: str | None = None
    etag: str | None = None
    last_modified: str | None = None
