"""What a feed, list or service says of one document."""

from __future__ import annotations

from dataclasses import dataclass

from limen.domain.snapshot import Hints


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Something listed: the absolute address to fetch, with what was said of it.

    `document_url` is the address that people know and the document is kept under; None where it is `url`. `revision` is
    the publisher's own mark of its version (a time of modification, a date of issue): while it stays the same nothing is
    fetched, for a week at the most. `headers` are sent with the request.
    """

    url: str
    hints: Hints
    document_url: str | None = None
    revision: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
