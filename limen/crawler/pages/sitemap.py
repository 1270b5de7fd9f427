"""Sitemaps, sitemap indexes, news sitemaps, and lists of addresses in plain text."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO

from lxml import etree

from limen.crawler.errors import PageError
from limen.crawler.pages.canonical import absolute_url
from limen.crawler.pages.dates import parse_timestamp
from limen.crawler.pages.entry import Entry
from limen.crawler.pages.xml_answer import name_of
from limen.crawler.source_rules import SitemapRules
from limen.domain.snapshot import Hints

MAX_UNPACKED = 60_000_000
"""Bytes; the protocol's own limit is 50 MiB."""

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_ROOTS = ("urlset", "sitemapindex")
_LINE = re.compile(r"https?://\S+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitemap:
    """Documents and further sitemaps, newest first as far as dates are given."""

    entries: tuple[Entry, ...]
    sitemaps: tuple[str, ...]


def read_sitemap(body: bytes, *, url: str, zone: str, rules: SitemapRules) -> Sitemap:
    """Return what a sitemap lists, after the source's include and exclude patterns.

    The bytes may be packed with gzip. They are read as they come, so that 50,000 addresses cost no tree.

    Raises:
        PageError: the bytes are no sitemap.
    """
    sitemaps: list[tuple[datetime, str]] = []
    entries: list[tuple[datetime, Entry]] = []
    for name, values in _listed(_unpacked(body, url=url), url=url):
        address = absolute_url(url, values.get("loc", "")) if "loc" in values else None
        if address is None:
            continue
        changed = parse_timestamp(values["lastmod"], zone=zone) if "lastmod" in values else None
        if name == "sitemap":
            sitemaps.append((changed or _LONG_AGO, address))
        elif _wanted(address, rules):
            stated = values.get("publication_date")
            published = parse_timestamp(stated, zone=zone) if stated else None
            hints = Hints(title=values.get("title"), published=published)
            revision = values.get("lastmod") if rules.trust_lastmod else None
            entries.append((published or changed or _LONG_AGO, Entry(url=address, hints=hints, revision=revision)))
    return Sitemap(
        entries=tuple(entry for _, entry in sorted(entries, key=lambda pair: pair[0], reverse=True)),
        sitemaps=tuple(address for _, address in sorted(sitemaps, key=lambda pair: pair[0], reverse=True)),
    )


def _listed(body: bytes, *, url: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each `url` or `sitemap` with the texts below it."""
    if (lines := _lines(body)) is not None:
        yield from (("url", {"loc": line}) for line in lines)
        return
    known = False
    context = etree.iterparse(
        BytesIO(body), events=("start", "end"), recover=True, resolve_entities=False, no_network=True, huge_tree=False
    )
    try:
        depth = 0
        for event, node in context:
            if event == "start":
                depth += 1
                if depth == 1:
                    known = name_of(node) in _ROOTS
                    if not known:
                        break
                continue
            depth -= 1
            if depth == 1:
                yield name_of(node), _values(node)
                node.clear()
                while node.getprevious() is not None:
                    del node.getparent()[0]
    except etree.XMLSyntaxError:
        # What was read up to a break is good; an answer that breaks before it begins is none.
        pass
    if not known:
        what = "an HTML page" if b"<html" in body[:4096].lower() else "no sitemap"
        raise PageError(f"{url}: expected a sitemap, but the answer is {what}; look for its new address in robots.txt")


def _lines(body: bytes) -> list[str] | None:
    """Return the addresses of a sitemap in plain text, one a line; None if any other line is among them."""
    if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"<", b""):
        return None
    lines = [line.strip() for line in body.decode("utf-8-sig", "replace").splitlines() if line.strip()]
    return lines if all(_LINE.fullmatch(line) for line in lines) else None


def _values(node: etree._Element) -> dict[str, str]:
    """Return the texts below a `url` or `sitemap` by their names, whatever their namespaces; the first of each name."""
    values: dict[str, str] = {}
    for child in node.iter():
        text = (child.text or "").strip()
        parent = child.getparent()
        # an image's title or address is not the page's
        if text and isinstance(child.tag, str) and (parent is None or name_of(parent) not in ("image", "video")):
            values.setdefault(name_of(child), text)
    return values


def _unpacked(body: bytes, *, url: str) -> bytes:
    """Return the bytes of a sitemap, those of all members of a gzip file one after the other."""
    data = b""
    while body.startswith(b"\x1f\x8b"):
        unpacker = zlib.decompressobj(wbits=31)
        try:
            data += unpacker.decompress(body, MAX_UNPACKED - len(data) + 1)
        except zlib.error as error:
            raise PageError(f"{url}: the sitemap's gzip data is damaged ({error})") from error
        if len(data) > MAX_UNPACKED:
            raise PageError(f"{url}: the sitemap unpacks to more than {MAX_UNPACKED // 1_000_000} MB and was left")
        if not unpacker.eof:
            raise PageError(f"{url}: the sitemap's gzip data ends too early; the next run tries again")
        body = unpacker.unused_data
    return data or body


def _wanted(address: str, rules: SitemapRules) -> bool:
    if rules.include and not any(re.search(pattern, address) for pattern in rules.include):
        return False
    return not any(re.search(pattern, address) for pattern in rules.exclude)
