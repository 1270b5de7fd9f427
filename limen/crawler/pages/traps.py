"""Addresses that a site can make without end: loops of directories, calendars, sessions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from urllib.parse import parse_qsl, unquote, urlsplit

LONGEST = 2000
"""Characters of an address."""
DEEPEST = 25
"""Segments of a path."""
_REPEATS = 3
_LONGEST_CYCLE = 4
_MOST_SAME = 10

_CALENDAR_AHEAD, _CALENDAR_BACK, _PATH_AHEAD = 2, 30, 10
"""Years from today: what a calendar may show, and what any path may name that looks like a date."""

_SESSION_KEYS = frozenset(
    {"jsessionid", "phpsessid", "sessionid", "session_id", "sessid", "aspsessionid", "cftoken", "zenid", "oscsid"}
)
_SESSION_PATH = re.compile(r";\s*jsessionid=|/\(s\([a-z0-9]{16,}\)\)/", re.IGNORECASE)
_SESSION_VALUE = re.compile(r"[0-9a-f]{16,}", re.IGNORECASE)
_CALENDAR = re.compile(
    r"\b(calendars?|events?|agenda|kalender|calendrier|calendario|diary|schedule|ical)\b|日历|日程", re.IGNORECASE
)
_DATE_KEYS = frozenset(
    {"date", "day", "month", "year", "yr", "start", "from", "tribe-bar-date", "eventdate", "calendar"}
)
_YEAR = re.compile(r"(?<!\d)([12]\d{3})(?:[-/.]?(?:0[1-9]|1[0-2])(?:[-/.]?(?:0[1-9]|[12]\d|3[01]))?)?(?!\d)")
_DATED_PATH = re.compile(r"/([12]\d{3})[-/](?:0?[1-9]|1[0-2])(?=[-/]|$)")


def is_trap(url: str, *, today: date) -> str | None:
    """Return why an address looks like one of endlessly many; None for all others.

    It is a sentence without the address, and says what to do. In doubt an address is none: what a limit of the source
    would stop anyway costs less than a document that is never seen.
    """
    if len(url) > LONGEST:
        return _advice(f"has {len(url)} characters, more than {LONGEST}")
    try:
        parts = urlsplit(url)
    except ValueError:
        return None  # no address at all: whoever fetches it says so
    path = unquote(parts.path)
    segments = [segment for segment in path.split("/") if segment]
    query = parse_qsl(parts.query, keep_blank_values=True)
    if len(segments) > DEEPEST:
        return _advice(f"is {len(segments)} directories deep")
    if (cycle := _cycle(segments)) is not None:
        return _advice(f"repeats {cycle!r} {_REPEATS} times")
    if (doubled := _doubled(query)) is not None:
        return _advice(f"names the parameter {doubled!r} more than {_MOST_SAME} times")
    if _has_session(parts.path, query):
        return _advice("holds the number of a session, which is another at each visit")
    if (year := _far_year(path, query, today=today)) is not None:
        return _advice(f"is of a calendar that has come to the year {year}")
    return None


def _advice(what: str) -> str:
    return f"the address {what}, so there may be no end of such; exclude them in the source's TOML"


def _cycle(segments: Sequence[str]) -> str | None:
    """Return the directories that follow each other again and again; numbers alone are no names of directories."""
    for length in range(1, _LONGEST_CYCLE + 1):
        for start in range(len(segments) - length * _REPEATS + 1):
            unit = segments[start : start + length]
            if not any(character.isalpha() for character in "".join(unit)):
                continue
            if all(
                segments[start + length * each : start + length * (each + 1)] == unit for each in range(1, _REPEATS)
            ):
                return "/".join(unit)
    return None


def _doubled(query: Sequence[tuple[str, str]]) -> str | None:
    names = [name for name, _ in query if not name.endswith("[]")]
    return next((name for name in names if names.count(name) > _MOST_SAME), None)


def _has_session(path: str, query: Sequence[tuple[str, str]]) -> bool:
    if _SESSION_PATH.search(path) is not None:
        return True
    for name, value in query:
        key = name.lower()
        if (key in _SESSION_KEYS or key.startswith("aspsessionid")) and value:
            return True
        if key in ("sid", "s", "session") and _SESSION_VALUE.fullmatch(value) is not None:
            return True
    return False


def _far_year(path: str, query: Sequence[tuple[str, str]], *, today: date) -> int | None:
    """Return a year that only a calendar without end shows. Old years are fine elsewhere: laws are old."""
    in_calendar = _CALENDAR.search(path) is not None
    stated = [value for name, value in query if name.lower() in _DATE_KEYS]
    years = [int(match[1]) for value in stated if (match := _YEAR.match(value)) is not None]
    if in_calendar:
        years += [int(match[1]) for match in _DATED_PATH.finditer(path)]
    for year in years:
        if year > today.year + _CALENDAR_AHEAD or (in_calendar and year < today.year - _CALENDAR_BACK):
            return year
    dated = (int(match[1]) for match in _DATED_PATH.finditer(path))
    return next((year for year in dated if year > today.year + _PATH_AHEAD), None)
