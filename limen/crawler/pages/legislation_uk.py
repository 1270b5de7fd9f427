"""legislation.gov.uk: Atom feeds of instruments, and what the XML of one (CLML) says of its version."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urljoin, urlsplit

from lxml.etree import _Element

from limen.crawler.pages.canonical import absolute_url
from limen.crawler.pages.dates import parse_timestamp
from limen.crawler.pages.entry import Entry
from limen.crawler.pages.xml_answer import attribute, children, name_of, read_root, text_at
from limen.domain.snapshot import Hints
from limen.domain.source import DocumentClass

_IDENTITY = re.compile(
    r"(?:^|/)(?:id/)?([a-z]{3,5}/[A-Za-z0-9/-]*?\d+)(?:/(?:made|enacted|adopted|contents|\d{4}-\d\d-\d\d))*/?$"
)
_NUMBERED = re.compile(r"([a-z]+)/(\d{4})/(\d{1,5})")
_SERIES = {"uksi": "S.I.", "wsi": "S.I.", "nisi": "S.I.", "ssi": "S.S.I.", "nisr": "S.R."}
"""The numbered series of each type; the words before the number are those that the text itself uses."""
_DRAFTS = frozenset({"ukdsi", "sdsi", "nidsr", "wdsi"})


@dataclass(frozen=True, slots=True, kw_only=True)
class LegislationFeed:
    """A page of a feed. `following` is the address of the next one, None if this is the last."""

    entries: tuple[Entry, ...]
    following: str | None


def read_legislation_feed(body: bytes, *, url: str, zone: str) -> LegislationFeed:
    """Return the instruments of a feed in its order.

    An entry is fetched as the XML that the feed links: a dated version where it gives one, else as made. Its document is
    the instrument itself, whatever its version. Entries of which no instrument can be told are left out.

    Raises:
        PageError: the answer is no Atom feed.
    """
    root = read_root(body, url=url, roots=("feed",), what="an Atom feed of legislation")
    entries = (_entry(node, url=url, zone=zone) for node in children(root, "entry"))
    return LegislationFeed(
        entries=tuple(entry for entry in entries if entry is not None),
        following=_following(root, url=url),
    )


def watched_instrument(name: str, *, site: str) -> Entry:
    """Return the entry of an instrument that is followed by its name (`uksi/2012/632`), in its current version."""
    name = name.strip("/").removeprefix("id/")
    hints = Hints(document_class=_class_of(name), references=_references(name))
    return Entry(url=urljoin(site, f"/{name}/data.xml"), hints=hints, document_url=urljoin(site, f"/{name}"))


def read_instrument_hints(body: bytes, *, url: str, hints: Hints, zone: str) -> Hints:
    """Return `hints` with what the XML of an instrument says: the date of its version, and when it comes into force.

    The title is taken only where no list gave one. `effective_on` is None where parts come into force on several days.

    Raises:
        PageError: the answer is no legislation.
    """
    root = read_root(body, url=url, roots=("Legislation",), what="legislation as XML")
    valid = text_at(root, "Metadata", "valid")
    made = next(
        (value for node in _metadata(root, "Made", "EnactmentDate") if (value := attribute(node, "Date"))), None
    )
    stated = valid or made
    days = {
        value
        for node in _metadata(root, "ComingIntoForce")
        for moment in children(node, "DateTime")
        if (value := attribute(moment, "Date"))
    }
    return replace(
        hints,
        title=hints.title or text_at(root, "Metadata", "title"),
        published=(parse_timestamp(stated, zone=zone) if stated else None) or hints.published,
        effective_on=_day(days.pop()) if len(days) == 1 else hints.effective_on,
    )


def _metadata(root: _Element, *names: str) -> list[_Element]:
    return [node for part in children(root, "Metadata") for node in part.iter() if name_of(node) in names]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _entry(node: _Element, *, url: str, zone: str) -> Entry | None:
    links = children(node, "link")
    alternates = [link for link in links if link.get("rel") == "alternate"]
    xml = next((link.get("href") for link in alternates if link.get("type") == "application/xml"), None)
    page = next((link.get("href") for link in links if link.get("rel") is None), None)
    stated = (text_at(node, "id"), page, xml and xml.removesuffix("/data.xml"))
    name = next((found for address in stated if address and (found := _name_of(address))), None)
    if name is None:
        return None
    version = (page and urlsplit(page).path.rstrip("/")) or f"/{name}"
    address = absolute_url(url, urlsplit(xml).path if xml else f"{version}/data.xml")
    if address is None:
        return None
    published, updated = text_at(node, "published"), text_at(node, "updated")
    hints = Hints(
        title=text_at(node, "title"),
        published=parse_timestamp(published or updated or "", zone=zone),
        document_class=_class_of(name),
        references=_references(name),
    )
    return Entry(url=address, hints=hints, document_url=urljoin(url, f"/{name}"), revision=updated)


def _name_of(address: str) -> str | None:
    match = _IDENTITY.search(urlsplit(address).path)
    return match[1] if match is not None else None


def _class_of(name: str) -> DocumentClass:
    return DocumentClass.DRAFT if name.partition("/")[0] in _DRAFTS else DocumentClass.FINAL


def _references(name: str) -> tuple[str, ...]:
    match = _NUMBERED.fullmatch(name)
    series = _SERIES.get(match[1]) if match is not None else None
    return (f"{series} {match[2]}/{match[3]}",) if match is not None and series is not None else ()


def _following(root: _Element, *, url: str) -> str | None:
    linked = next((link.get("href") for link in children(root, "link") if link.get("rel") == "next"), None)
    if linked:
        parts = urlsplit(linked)
        return absolute_url(url, parts.path + (f"?{parts.query}" if parts.query else ""))
    page, more = text_at(root, "page") or "", text_at(root, "morePages") or ""
    if not (page.isdigit() and more.isdigit() and int(more) > 0):
        return None
    parts = urlsplit(url)
    kept = [each for each in parts.query.split("&") if each and not each.startswith("page=")]
    return parts._replace(query="&".join([*kept, f"page={int(page) + 1}"])).geturl()
