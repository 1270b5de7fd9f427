"""Dates as feeds, lists and sitemaps write them. What can be read in two ways is not read: no date is better than a wrong one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from dateutil import parser

_NUMERIC = re.compile(
    r"(?<!\d)(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)\s*日?(?:[T\s]*(\d{1,2}):(\d{2})(?::(\d{2}))?)?"
)
_DIGITS = "〇○零一二三四五六七八九"
_TO_DIGITS = str.maketrans(_DIGITS, "000123456789")
_CHINESE_YEAR = re.compile(rf"([{_DIGITS}]{{4}})\s*年")
_CHINESE_NUMBER = re.compile(r"([一二三四五六七八九]?)(十?)([一二三四五六七八九]?)(?=[月日])")
_ISO = re.compile(r"\d{4}-?\d{2}-?\d{2}(T|\s|$)")
_ZONED = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})")
_EMPTY_SECONDS = re.compile(r":(?=Z|[+-]\d\d:?\d\d$|$)")
_YEARS = range(1000, 3000)
"""Outside of them lie no dates: software writes 0001-01-01 or 9999-12-31 where it has none, and no zone can be reckoned there."""
_NAMED_MONTHS = ("%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y", "%B %d, %Y %H:%M", "%b %d, %Y %H:%M")


def parse_date(text: str, *, zone: str, formats: Sequence[str] = ()) -> datetime | None:
    """Return the first date in a list's text, zone-aware; None if there is none that can exist.

    `formats` are strptime forms tried first; after them only dates that begin with the year are understood. A date
    without a zone is in `zone`, one without a time is its midnight.
    """
    text = unicodedata.normalize("NFKC", text).strip()
    text = _CHINESE_YEAR.sub(lambda match: match[1].translate(_TO_DIGITS) + "年", text)
    text = _CHINESE_NUMBER.sub(_small_number, text)
    for form in formats:
        if (moment := in_form(text, form, zone=zone)) is not None:
            return moment
    match = _NUMERIC.search(text)
    if match is None:
        return None
    try:
        if _ZONED.fullmatch(text) is not None:
            return _aware(_from_iso(text), zone)
        return _aware(datetime(*(int(part or 0) for part in match.groups())), zone)  # type: ignore[arg-type]  # noqa: DTZ001 - the zone follows
    except ValueError:
        return None


def in_form(text: str, form: str, *, zone: str) -> datetime | None:
    """Return the moment that a text writes in a strptime form, in `zone` if it names none; None for anything else."""
    try:
        return _aware(datetime.strptime(text, form), zone)  # noqa: DTZ007 - the zone follows
    except ValueError:
        return None


def parse_timestamp(text: str, *, zone: str) -> datetime | None:
    """Return a feed's or sitemap's timestamp (ISO 8601, RFC 822, or nearly), zone-aware; None if it is no date.

    The zone's names are those of RFC 822 (`EST`). A weekday, a time or a year alone is no date, and neither is
    08/05/2024, which is May to some and August to others.
    """
    cleaned = _EMPTY_SECONDS.sub("", unicodedata.normalize("NFKC", text).strip())
    for read in (_from_iso, parsedate_to_datetime):
        try:
            return _aware(read(cleaned), zone)
        except (ValueError, OverflowError):
            continue
    return parse_date(cleaned, zone=zone, formats=_NAMED_MONTHS)


def parse_range_end(text: str, *, zone: str) -> datetime | None:
    """Return the last date of a range such as `2026-09-04至2026-10-04`."""
    found = [parse_date(match[0], zone=zone) for match in _NUMERIC.finditer(unicodedata.normalize("NFKC", text))]
    return found[-1] if found else None


def from_epoch_ms(text: str) -> datetime | None:
    """Return the moment of milliseconds since 1970; None for anything else."""
    try:
        return _aware(datetime.fromtimestamp(int(text.strip()) / 1000, tz=UTC), "UTC")
    except (ValueError, OverflowError, OSError):
        return None


def _from_iso(text: str) -> datetime:
    if _ISO.match(text) is None:
        raise ValueError(f"{text!r} is no whole ISO 8601 date")
    return parser.isoparse(text)


def _small_number(match: re.Match[str]) -> str:
    tens, ten, ones = match.groups()
    if not any(match.groups()):
        return ""
    digits = {character: value for value, character in enumerate("一二三四五六七八九", start=1)}
    if not ten:
        return str(digits[tens or ones])
    return str(digits.get(tens, 1) * 10 + digits.get(ones, 0))


def _aware(moment: datetime, zone: str) -> datetime:
    """Return a moment with a zone, its own before `zone`. Raises `ValueError` for what stands for none."""
    if moment.year not in _YEARS:
        raise ValueError(f"{moment.year} is no year of a date")
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=ZoneInfo(zone))
