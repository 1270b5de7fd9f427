"""Until when comments are open, by the rule of the source. One day off is the usual error, so zones are taken seriously."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta
from typing import assert_never
from zoneinfo import ZoneInfo

from limen.crawler.pages.dates import from_epoch_ms, parse_date, parse_range_end, parse_timestamp
from limen.crawler.pages.pattern import first_group
from limen.crawler.source_rules import DeadlineRule

LONGEST_PERIOD = timedelta(days=5 * 366)
"""A consultation that is open for longer is an error of whoever typed the year (one of GOV.UK closes in 2216)."""
LAST_YEAR = 2100
_DAYS = re.compile(r"\d{1,4}")
_LAST_SECOND = timedelta(days=1) - timedelta(seconds=1)


def read_deadline(text: str, *, rule: DeadlineRule, zone: str, published: datetime | None) -> datetime | None:
    """Return the deadline that a text states, zone-aware; None if it states none that can be.

    `zone` is the source's; the rule's own goes before it. A date without a time is the end of its day. A number of days is
    counted from `published`, and means nothing without it.
    """
    zone = rule.timezone or zone
    found = _find(text, rule=rule, zone=zone, published=published)
    return plausible(found, opened=published)


def plausible(deadline: datetime | None, *, opened: datetime | None) -> datetime | None:
    """Return a deadline unless it lies before the day on which comments opened, or years after it."""
    if deadline is None or deadline.year > LAST_YEAR:
        return None
    if opened is not None and not opened - timedelta(days=1) <= deadline <= opened + LONGEST_PERIOD:
        return None
    return deadline


def end_of_day(moment: datetime) -> datetime:
    """Return the last second of a day that was given without a time (its midnight); other moments as they are."""
    is_midnight = not (moment.hour or moment.minute or moment.second)
    return moment + _LAST_SECOND if is_midnight else moment


def _find(text: str, *, rule: DeadlineRule, zone: str, published: datetime | None) -> datetime | None:
    if rule.rule == "epoch_ms":
        found = from_epoch_ms(text)
        return found and found.astimezone(ZoneInfo(zone))
    if rule.pattern is not None:
        part = first_group(rule.pattern, unicodedata.normalize("NFKC", text))
        if part is None:
            return None
        text = part
    match rule.rule:
        case "relative_days":
            if published is None or _DAYS.fullmatch(text.strip()) is None:
                return None
            return end_of_day(_midnight(published, zone) + timedelta(days=int(text)))
        case "range_end":
            found = parse_range_end(text, zone=zone)
        case "field" | "regex":
            found = parse_date(text, zone=zone, formats=rule.date_formats) or parse_timestamp(text, zone=zone)
        case _:
            assert_never(rule.rule)
    return None if found is None else end_of_day(found)


def _midnight(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
