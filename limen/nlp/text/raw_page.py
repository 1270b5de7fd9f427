"""What a reader is given."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RawPage:
    """The bytes of one page or file with what is known about them.

    `name` is a file name or URL. `charset` is what the server declared, None if nothing. `timezone` is the IANA zone of
    dates that the page states without one.
    """

    body: bytes
    name: str
    charset: str | None = None
    url: str | None = None
    timezone: str = "UTC"
