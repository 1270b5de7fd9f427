"""JSON answers that carry a document: GOV.UK's content API, and services that give the HTML of a page in a field."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from limen.domain.document import PageText
from limen.domain.issue import Issue
from limen.nlp.errors import Unreadable
from limen.nlp.text.encodings import decode
from limen.nlp.text.html import read_fragment
from limen.nlp.text.html_metadata import parse_time, zone_of
from limen.nlp.text.markdown import one_line
from limen.nlp.text.raw_page import RawPage

# In the order in which the pages of GOV.UK show them.
_BODIES = (
    ("introductory_paragraph", None),
    ("body", None),
    ("final_outcome_detail", "Detail of outcome"),
    ("public_feedback_detail", "Feedback received"),
    ("ways_to_respond", None),
)
_MARKUP = re.compile(r"<(?:p|div|table|section|article|h[1-6]|ul|ol)\b[^<>]*>", re.IGNORECASE)
_TITLE = re.compile(r"title|headline|^name$|^bt$", re.IGNORECASE)
_DEEPEST = 20
_DATES = ("public_updated_at", "first_published_at")


def read_json(page: RawPage) -> PageText:
    """Return the document in a JSON answer: its HTML parts as one text, its title and time of publication.

    That is a GOV.UK content item, or an object, however deep, with a field of HTML: the longest one is the document, what
    its siblings are called tells the title.

    Raises:
        Unreadable: the bytes are no JSON, or JSON of a shape that holds no document.
    """
    decoded = decode(page.body, name=page.name, charset=page.charset)
    try:
        data = json.loads(decoded.text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(page.name, f"the file is no valid JSON ({error})", "fetch or save it again") from error
    details = data.get("details") if isinstance(data, dict) else None
    if not isinstance(details, dict) or not isinstance(data.get("title"), str):
        return _read_field(page, data, issues=decoded.issues)
    parts = [data.get("description"), *_parts(details, name=page.name), *_parts_of_manual(details, name=page.name)]
    zone = zone_of(page.timezone)
    dates = (parse_time(data[key], zone=zone) for key in _DATES if isinstance(data.get(key), str))
    return PageText(
        text="\n\n".join(part for part in parts if isinstance(part, str) and part),
        title=one_line(data["title"]),
        published=next(filter(None, dates), None),
        issues=decoded.issues,
    )


def _read_field(page: RawPage, data: Any, *, issues: tuple[Issue, ...]) -> PageText:
    """Return the document that stands as HTML in a field of the answer. Raises `Unreadable` if there is none."""
    holder, markup = max(_fields(data, depth=0), key=lambda found: len(found[1]), default=({}, ""))
    text = read_fragment(markup, name=page.name)
    if not text:
        raise Unreadable(
            page.name,
            "this JSON holds no document: no field with HTML",
            "GOV.UK content items and fields of HTML are read; extract the text from others first",
        )
    titles = (value for key, value in holder.items() if isinstance(value, str) and _TITLE.search(key) and value.strip())
    title = next(titles, None)
    plain = read_fragment(f"<p>{title}</p>", name=page.name) if title else None
    return PageText(text=text, title=one_line(plain.lstrip("# ")) if plain else None, issues=issues)


def _fields(value: Any, *, depth: int) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield the fields that hold HTML, each with the object it stands in."""
    if depth > _DEEPEST:
        return
    if isinstance(value, dict):
        for each in value.values():
            if isinstance(each, str) and _MARKUP.search(each):
                yield value, each
            else:
                yield from _fields(each, depth=depth + 1)
    elif isinstance(value, list):
        for each in value:
            yield from _fields(each, depth=depth + 1)


def _parts(details: dict[str, Any], *, name: str) -> Iterator[str]:
    for key, head in _BODIES:
        text = read_fragment(_html(details.get(key)), name=name)
        if text:
            yield f"## {head}\n\n{text}" if head else text


def _parts_of_manual(details: dict[str, Any], *, name: str) -> Iterator[str]:
    """Yield the parts of a guide, each under its title."""
    parts = details.get("parts")
    for part in parts if isinstance(parts, list) else ():
        if isinstance(part, dict):
            text = read_fragment(_html(part.get("body")), name=name)
            yield f"## {part.get('title')}\n\n{text}" if isinstance(part.get("title"), str) else text


def _html(value: Any) -> str:
    """Return the HTML of a field: a string, or the list of the same text in several media types."""
    if isinstance(value, list):
        found = (each for each in value if isinstance(each, dict) and each.get("content_type") == "text/html")
        value = next(found, {}).get("content")
    return value if isinstance(value, str) else ""
