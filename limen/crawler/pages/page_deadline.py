"""Until when comments are open, as a document's own page says it."""

from __future__ import annotations

import re
from datetime import datetime

from parsel import Selector

from limen.crawler.pages.deadline import read_deadline
from limen.crawler.source_rules import DeadlineRule

_SPACES = re.compile(r"\s+")


def page_deadline(html: str, *, rule: DeadlineRule, zone: str, published: datetime | None) -> datetime | None:
    """Return the deadline that a page states at `rule.select` (anywhere if it names none); None if it states none."""
    page = Selector(text=html)
    for part in page.css(rule.select or "body"):
        text = _SPACES.sub(" ", " ".join(part.xpath(".//text()[not(ancestor::script or ancestor::style)]").getall()))
        if (found := read_deadline(text, rule=rule, zone=zone, published=published)) is not None:
            return found
    return None
