"""Until when an American notice takes comments, as its DATES paragraph words it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from limen.crawler.pages.deadline import end_of_day, plausible

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)
_DAY = rf"{_MONTH}\.? (?P<day>\d{{1,2}}),? (?P<year>\d{{4}})"
_HOUR = r"(?:(?:\d{1,2}(?:[:.]\d\d)? ?[ap]\.?m\.?|midnight|noon|close of business),?(?: \(?[A-Z][\w ().]{0,40}?)?,? (?:on )?)?"
_WEEKDAY = r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,? )?"
_CUE = (
    r"\b(?:on or before|(?:no|not) later than|by|before|until|through|to|ending|closing|received on|submitted on"
    r"|(?:is|are) due(?: on| by)?|due(?: date)?(?: is|:)?|(?:end|close|expire)s?(?: on| at)?|deadline(?: is|:)?)"
)
_CLOSES = re.compile(rf"{_CUE} {_HOUR}{_WEEKDAY}{_DAY}", re.IGNORECASE)
_PERIOD = re.compile(
    r"\b(?P<days>\d{1,3})\)? (?:calendar )?days (?:after|from|of|following) (?:the )?(?:date of )?(?:its |this )?publication",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<!\.[A-Za-z])(?<!\bNo)(?<!\bNos)[.;]\s+(?=[A-Z(])")
_COMMENTS = re.compile(r"\bcomments?\b", re.IGNORECASE)
_VIEWS = re.compile(r"\b(?:submissions?|views|feedback|written responses)\b", re.IGNORECASE)
_OTHER = re.compile(r"\b(?:hearing|meeting|webinar|to speak|to testify|comply|compliance|effective)\b", re.IGNORECASE)
_RENEWED = re.compile(r"\b(?:exten(?:d|sion)|re-?open)", re.IGNORECASE)


def closing_moment(text: str, *, published: datetime | None, zone: str) -> datetime | None:
    """Return the end of the last day for comments that a text names, in `zone`; None if it names none that can be.

    The last date of a sentence that extends or reopens the period goes before the first date elsewhere. A number of days
    is counted from `published` and means nothing without it.
    """
    sentences = [each for each in _SENTENCE.split(" ".join(text.split())) if _asks(each)]
    for sentence in filter(_RENEWED.search, sentences):
        if named := _named(sentence, zone=zone, published=published):
            return named[-1]
    for sentence in sentences:
        if named := _named(sentence, zone=zone, published=published):
            return named[0]
    return None


def _asks(sentence: str) -> bool:
    if _COMMENTS.search(sentence):
        return True
    return _VIEWS.search(sentence) is not None and _OTHER.search(sentence) is None


def _named(sentence: str, *, zone: str, published: datetime | None) -> list[datetime]:
    days = [_day(match, zone=zone) for match in _CLOSES.finditer(sentence)]
    if published is not None and (period := _PERIOD.search(sentence)) is not None:
        start = published.astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
        days.append(start + timedelta(days=int(period["days"])))
    closing = (plausible(end_of_day(day), opened=published) for day in days if day is not None)
    return [each for each in closing if each is not None]


def _day(match: re.Match[str], *, zone: str) -> datetime | None:
    month = _MONTHS.index(match["month"][:3].lower()) + 1
    try:
        return datetime(int(match["year"]), month, int(match["day"]), tzinfo=ZoneInfo(zone))
    except ValueError:
        return None
