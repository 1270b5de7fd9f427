"""Answers of services in JSON, with what they say when they refuse."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from limen.crawler.errors import PageError
from limen.crawler.pages.canonical import absolute_url
from limen.crawler.pages.dates import parse_date, parse_timestamp
from limen.crawler.pages.deadline import LAST_YEAR

Item = Mapping[str, Any]
"""One object of an answer, with whatever it holds."""

FIRST_YEAR = 1900
"""No date of a rule that is watched lies before it, nor after `LAST_YEAR`: those are slips of the pen."""

_LONGEST = 300


def read_answer(body: bytes, *, url: str, key: str, kind: type = list) -> Item:
    """Return the object that a service answered, in which `key` holds a list (or an object, with `kind=dict`).

    Raises:
        PageError: the bytes are no such answer; the message has the service's own words where it gives some.
    """
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as error:
        what = "an HTML page" if b"<html" in body[:4096].lower() else "no JSON" if body.strip() else "empty"
        raise PageError(
            f"{url}: expected an answer in JSON, but it is {what}; look for a change of the service"
        ) from error
    if isinstance(answer, dict) and isinstance(answer.get(key), kind):
        return answer
    words = "; ".join(dict.fromkeys(_words(answer)))[:_LONGEST]
    if words:
        raise PageError(f"{url}: the service refuses: {words}; correct the query or the key of the source")
    raise PageError(f"{url}: the answer has no {key!r}; the service has changed: look at its documentation")


def items_of(answer: Item, key: str) -> tuple[Item, ...]:
    """Return the objects of a list; whatever else stands in it is left out."""
    found = answer.get(key)
    return tuple(each for each in found if isinstance(each, dict)) if isinstance(found, list) else ()


def part_of(item: Item, key: str) -> Item:
    """Return the object under a key; an empty one where there is none."""
    found = item.get(key)
    return found if isinstance(found, dict) else {}


def text_of(item: Item, key: str) -> str | None:
    """Return the text under a key on one line; None where there is none."""
    found = item.get(key)
    return _one_line(found) or None if isinstance(found, str) else None


def texts_of(item: Item, key: str) -> tuple[str, ...]:
    """Return the texts of a list; a single text is a list of one."""
    found = item.get(key)
    listed = found if isinstance(found, list) else [found]
    return tuple(line for each in listed if isinstance(each, str) and (line := _one_line(each)))


def address_of(item: Item, key: str, *, url: str) -> str | None:
    """Return the absolute address under a key, on the answer's host if it names none; None where there is none."""
    stated = text_of(item, key)
    return absolute_url(url, stated) if stated else None


def day_of(item: Item, key: str, *, zone: str) -> datetime | None:
    """Return the midnight of the day under a key, in `zone`; None where there is none of our time."""
    stated = text_of(item, key)
    return _of_our_time(parse_date(stated, zone=zone)) if stated else None


def moment_of(item: Item, key: str, *, zone: str) -> datetime | None:
    """Return the moment under a key, told in `zone`; None where there is none of our time."""
    stated = text_of(item, key)
    moment = _of_our_time(parse_timestamp(stated, zone=zone)) if stated else None
    return moment and moment.astimezone(ZoneInfo(zone))


def _of_our_time(moment: datetime | None) -> datetime | None:
    return moment if moment is not None and FIRST_YEAR <= moment.year <= LAST_YEAR else None


def _one_line(text: str) -> str:
    # half a surrogate pair is no character, and no database takes it or a NUL
    return " ".join(text.encode(errors="ignore").decode().replace("\0", "").split())


def _words(answer: Any) -> Iterator[str]:
    """Yield what a refusal says: the forms of Rails, JSON:API, api.data.gov and GOV.UK."""
    if not isinstance(answer, dict):
        return
    for key in ("errors", "error", "message", "detail", "title", "code"):
        yield from _sentences(answer.get(key))


def _sentences(found: Any) -> Iterator[str]:
    if isinstance(found, str) and found.strip():
        yield _one_line(found)
    elif isinstance(found, list):
        for each in found:
            yield from _sentences(each)
    elif isinstance(found, dict):
        for name, each in found.items():
            for sentence in _sentences(each):
                yield f"{name}: {sentence}"
