"""RSS 2.0, RSS 1.0 and Atom."""

from __future__ import annotations

from io import BytesIO

import feedparser

from limen.crawler.errors import PageError
from limen.crawler.pages.canonical import absolute_url
from limen.crawler.pages.dates import parse_timestamp
from limen.crawler.pages.deadline import read_deadline
from limen.crawler.pages.entry import Entry
from limen.crawler.source_rules import DeadlineRule
from limen.domain.snapshot import Hints

_DATES = ("published", "updated", "created", "dc_date")


def read_feed(
    body: bytes,
    *,
    url: str,
    zone: str,
    content_type: str | None = None,
    encoding: str | None = None,
    deadline: DeadlineRule | None = None,
) -> tuple[Entry, ...]:
    """Return the entries of a feed in its order, those without an address left out.

    `encoding` overrides what the server (`content_type`) and the feed say.

    Raises:
        PageError: the bytes are no feed (an HTML page in its place, an empty answer).
    """
    if encoding is not None:
        content_type = f"application/xml; charset={encoding}"
    headers = {"content-location": url} | ({"content-type": content_type} if content_type else {})
    # As a stream: bare bytes that happen to be a path would make feedparser open that file.
    parsed = feedparser.parse(BytesIO(body), response_headers=headers, sanitize_html=False)
    if not parsed.get("version") and not parsed.entries:
        what = "an HTML page" if b"<html" in body[:4096].lower() else "no RSS or Atom" if body.strip() else "empty"
        raise PageError(f"{url}: expected a feed, but the answer is {what}; look for the feed's new address")
    entries = (_entry(entry, url=url, zone=zone, deadline=deadline) for entry in parsed.entries)
    return tuple(entry for entry in entries if entry is not None)


def _entry(entry: feedparser.FeedParserDict, *, url: str, zone: str, deadline: DeadlineRule | None) -> Entry | None:
    link = entry.get("link") or (
        entry.get("id") if str(entry.get("id", "")).startswith(("http://", "https://")) else None
    )
    address = absolute_url(url, str(link)) if link else None
    if address is None:
        return None
    # As a plain dict: asked for `updated`, feedparser warns and gives `published` where only that is there.
    dates = (parse_timestamp(str(each), zone=zone) for name in _DATES if (each := dict.get(entry, name)))
    published = next((date for date in dates if date is not None), None)
    title = " ".join(str(entry.get("title", "")).split()) or None
    closes = None
    if deadline is not None and deadline.where == "entry":
        stated = str(entry.get(deadline.select or "description", ""))
        closes = read_deadline(stated, rule=deadline, zone=zone, published=published)
    return Entry(url=address, hints=Hints(title=title, published=published, comment_deadline=closes))
