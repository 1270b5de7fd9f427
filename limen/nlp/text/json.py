"""JSON answers that carry a document: GOV.UK's content API."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from limen.domain.document import PageText
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
_DATES = ("public_updated_at", "first_published_at")


def read_json(page: RawPage) -> PageText:
    """Return the document in a GOV.UK content item: its HTML parts as one text, its title and time of publication.

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
        raise Unreadable(
            page.name,
            "this JSON holds no document that Limen knows",
            "GOV.UK content items are read; extract the HTML or text from others first",
        )
    parts = [data.get("description"), *_parts(details, name=page.name), *_parts_of_manual(details, name=page.name)]
    zone = zone_of(page.timezone)
    dates = (parse_time(data[key], zone=zone) for key in _DATES if isinstance(data.get(key), str))
    return PageText(
        text="\n\n".join(part for part in parts if isinstance(part, str) and part),
        title=one_line(data["title"]),
        published=next(filter(None, dates), None),
        issues=decoded.issues,
    )


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
