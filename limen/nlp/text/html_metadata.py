"""What a page states about itself in its head: title and publication time. Visible dates are never read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lxml.html import HtmlElement

from limen.nlp.text.html_blocks import text_of
from limen.nlp.text.markdown import one_line

_TITLE_META = ("articletitle", "og:title", "dc.title", "dcterms.title", "citation_title", "twitter:title")
_DATE_META = (
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "pubdate",
    "publishdate",
    "publish_date",
    "publication_date",
    "publicationdate",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dcterms.date",
    "dc.date",
    "dc.date.created",
    "citation_publication_date",
    "parsely-pub-date",
    "sailthru.date",
    "date",
)
_DATE = re.compile(
    r"(?P<year>(?:19|20)\d\d)[-/.年](?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?"
    r"(?:[T\s]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?"
)
# A site's name after the title, by the signs that sites put before it.
_SITE_NAME = re.compile(r"\s+[|–—·»-]\s+[^|–—·»]{2,60}$|\s*[_|｜][^_|｜]{2,30}$")
_ARTICLE_TYPES = re.compile(r"article|posting|report|webpage|legislation|document", re.IGNORECASE)
_MAX_TITLE = 500
_SHORTEST = 10
_SHORTEST_CJK = 4
_FILE_NAME = re.compile(r"\S+\.[A-Za-z]{3,4}")
# EUR-Lex has its titles in the text only.
_TITLE_CLASSES = ("eli-main-title", "oj-doc-ti", "doc-ti")
_MAX_DEPTH = 12


def title_of(root: HtmlElement) -> str | None:
    """Return the title of the document on a page: of its metadata, else its only `h1`, else `title` without the site's name."""
    metas = _metas(root)
    stated = next((metas[name] for name in _TITLE_META if metas.get(name)), None)
    heads = [text for text in (_text(each) for each in root.iter("h1")) if text]
    whole = next((_text(each) for each in root.iter("title")), "")
    if _FILE_NAME.fullmatch(whole):
        whole = _marked_title(root)
    head = heads[0] if len(heads) == 1 else next((text for text in heads if text and whole.startswith(text)), "")
    if stated and head and stated.startswith(head):
        return head[:_MAX_TITLE]
    chosen = _clean(stated) if stated else head or _clean(whole)
    return chosen[:_MAX_TITLE] or None


def published_of(root: HtmlElement, *, timezone: str) -> datetime | None:
    """Return when the page says that it was published: by its metadata, JSON-LD or a `time` element marked as such.

    A date without a zone is in `timezone` (IANA); one without a time is the beginning of that day there. None where the
    page states nothing or nothing that is a date.
    """
    zone = zone_of(timezone)
    metas = _metas(root)
    candidates = (metas[name] for name in _DATE_META if metas.get(name))
    for text in (*candidates, *_linked_data_dates(root), *_time_elements(root)):
        found = parse_time(text, zone=zone)
        if found is not None:
            return found
    return None


def parse_time(text: str, *, zone: tzinfo) -> datetime | None:
    """Return the time that a text begins with, in UTC; None if it is none. Only year-month-day orders are read."""
    match = _DATE.match(text.strip())
    if match is None:
        return None
    named = match["zone"]
    if named and match["hour"]:
        offset = "+00:00" if named in {"Z", "UTC", "GMT"} else named
        zone = datetime.strptime(offset.replace(":", ""), "%z").tzinfo or UTC
    year, month, day, hour, minute, second = (
        int(match[part] or 0) for part in ("year", "month", "day", "hour", "minute", "second")
    )
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def zone_of(timezone: str) -> tzinfo:
    """Return the IANA zone of that name. Raises `ValueError` if there is none."""
    try:
        return ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, OSError, ValueError) as error:
        raise ValueError(f"unknown time zone {timezone!r}: use an IANA name like Asia/Shanghai") from error


def _marked_title(root: HtmlElement) -> str:
    for name in _TITLE_CLASSES:
        found = root.xpath("//*[contains(concat(' ', normalize-space(@class), ' '), $name)]", name=f" {name} ")
        text = " ".join(_text(element) for element in found)
        if text:
            return text
    return ""


def _metas(root: HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for meta in root.iter("meta"):
        content = one_line(meta.get("content") or "")
        for key in ("property", "name", "itemprop"):
            name = (meta.get(key) or "").strip().lower()
            if name and content:
                found.setdefault(name, content)
    return found


def _linked_data_dates(root: HtmlElement) -> Iterator[str]:
    for script in root.iter("script"):
        if (script.get("type") or "").lower() == "application/ld+json":
            try:
                data = json.loads(script.text or "", strict=False)
            except (ValueError, RecursionError):
                continue
            yield from _dates_in(data, depth=0)


def _dates_in(data: Any, *, depth: int) -> Iterator[str]:
    """Yield `datePublished` of the articles of linked data, outermost first."""
    if depth > _MAX_DEPTH:
        return
    if isinstance(data, list):
        for each in data:
            yield from _dates_in(each, depth=depth + 1)
    elif isinstance(data, dict):
        kinds = data.get("@type", "")
        date = data.get("datePublished")
        if isinstance(date, str) and any(_ARTICLE_TYPES.search(str(kind)) for kind in _listed(kinds)):
            yield date
        yield from _dates_in(data.get("@graph", []), depth=depth + 1)
        yield from _dates_in(data.get("mainEntity", []), depth=depth + 1)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _time_elements(root: HtmlElement) -> Iterator[str]:
    """Yield the `datetime` of `time` elements that are marked as the publication time, then of the only one of an article."""
    inside = []
    for element in root.iter("time"):
        stamp = element.get("datetime")
        if not stamp:
            continue
        names = f"{element.get('class') or ''} {element.get('itemprop') or ''}".lower()
        if "publish" in names or element.get("pubdate") is not None:
            yield stamp
        elif next(element.iterancestors("article"), None) is not None:
            inside.append(stamp)
    if len(set(inside)) == 1:
        yield inside[0]


def _clean(text: str) -> str:
    shorter = _SITE_NAME.sub("", text)
    # A short rest would be the site's name with the title cut off; Chinese says more in fewer letters.
    return shorter if len(shorter) >= (_SHORTEST_CJK if shorter[:1] > "\u2e80" else _SHORTEST) else text


def _text(element: HtmlElement) -> str:
    return one_line(element.text or "") if element.tag == "title" else text_of(element)
