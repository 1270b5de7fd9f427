"""What a feed, list or sitemap says of one document."""

from __future__ import annotations

from dataclasses import dataclass

from limen.domain.snapshot import Hints


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An absolute address, with what was said of it. `hints.published` is a sitemap's or feed's own date."""

    url: str
    hints: Hints
