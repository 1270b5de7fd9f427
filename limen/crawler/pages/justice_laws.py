"""Justice Laws of Canada: regulations and acts as XML, each file a consolidation at one point in time."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import quote, urljoin

from limen.crawler.pages.dates import parse_date
from limen.crawler.pages.entry import Entry
from limen.crawler.pages.xml_answer import attribute, name_of, read_root, text_at
from limen.domain.snapshot import Hints

SITE = "https://laws-lois.justice.gc.ca/"
_REGULATION = re.compile(r"(SOR|SI|DORS|TR)-(\d{2,4})-(\d{1,4})|C\.R\.C\.,_[ch]\._\w+")
_PLACES = {"en": ("eng", "regulations", "acts"), "fr": ("fra", "reglements", "lois")}


def watched_law(name: str, *, base: str, language: str) -> Entry:
    """Return the entry of a text that is followed by the name of its file (`SOR-2002-222`, `F-14`).

    `base` is where the XML files lie: on the site, or in a copy of the department's repository. The document is the page
    that people know, on the site itself.
    """
    language_part, regulations, acts = _PLACES.get(language, _PLACES["en"])
    number = _REGULATION.fullmatch(name)
    path = f"{language_part}/{regulations if number is not None else acts}/{quote(name)}/"
    references = (f"{number[1]}/{number[2]}-{number[3]}",) if number is not None and number[1] else ()
    return Entry(
        url=urljoin(base if base.endswith("/") else f"{base}/", f"{quote(name)}.xml"),
        hints=Hints(references=references),
        document_url=urljoin(SITE, path),
    )


def read_law_hints(body: bytes, *, url: str, hints: Hints, zone: str) -> Hints:
    """Return `hints` with the title of a consolidation and the date since which its text stands (`pit-date`).

    Raises:
        PageError: the answer is no consolidated text.
    """
    root = read_root(body, url=url, roots=("Regulation", "Statute"), what="a consolidated regulation or act as XML")
    stated = attribute(root, "pit-date") or attribute(root, "lastAmendedDate") or ""
    # An act is known by its short title; the long one begins "An Act respecting".
    titles = ("ShortTitle", "LongTitle") if name_of(root) == "Statute" else ("LongTitle", "ShortTitle")
    title = next((found for each in titles if (found := text_at(root, "Identification", each))), None)
    return replace(
        hints,
        title=hints.title or title,
        published=parse_date(stated, zone=zone) or hints.published,
    )
