"""Sitemaps, sitemap indexes and news sitemaps."""

from __future__ import annotations

import gzip
import re
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime

from lxml import etree

from limen.crawler.errors import PageError
from limen.crawler.pages.canonical import absolute_url
from limen.crawler.pages.dates import parse_timestamp
from limen.crawler.pages.entry import Entry
from limen.crawler.source_spec import SitemapRules
from limen.domain.snapshot import Hints

MAX_UNPACKED = 60_000_000
"""Bytes; the protocol's own limit is 50 MiB."""

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitemap:
    """Documents and further sitemaps, newest first as far as dates are given."""

    entries: tuple[Entry, ...]
    sitemaps: tuple[str, ...]


def read_sitemap(body: bytes, *, url: str, zone: str, rules: SitemapRules) -> Sitemap:
    """Return what a sitemap lists, after the source's include and exclude patterns.

    Raises:
        PageError: the bytes are no sitemap.
    """
    root = _parse(_unpacked(body, url=url), url=url)
    sitemaps: list[tuple[datetime, str]] = []
    entries: list[tuple[datetime, Entry]] = []
    for node in root:
        values = _values(node)
        address = absolute_url(url, values.get("loc", "")) if "loc" in values else None
        if address is None:
            continue
        changed = parse_timestamp(values.get("lastmod", ""), zone=zone) if values.get("lastmod") else None
        if etree.QName(node).localname == "sitemap":
            sitemaps.append((changed or _LONG_AGO, address))
        elif _wanted(address, rules):
            stated = values.get("publication_date")
            published = parse_timestamp(stated, zone=zone) if stated else None
            hints = Hints(title=values.get("title"), published=published)
            entries.append((published or changed or _LONG_AGO, Entry(url=address, hints=hints)))
    return Sitemap(
        entries=tuple(entry for _, entry in sorted(entries, key=lambda pair: pair[0], reverse=True)),
        sitemaps=tuple(address for _, address in sorted(sitemaps, key=lambda pair: pair[0], reverse=True)),
    )


def _parse(body: bytes, *, url: str) -> etree._Element:
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError:
        root = None
    if root is None or not isinstance(root.tag, str) or etree.QName(root).localname not in ("urlset", "sitemapindex"):
        what = "an HTML page" if b"<html" in body[:4096].lower() else "no sitemap"
        raise PageError(f"{url}: expected a sitemap, but the answer is {what}; look for its new address in robots.txt")
    return root


def _values(node: etree._Element) -> dict[str, str]:
    """Return the texts below a `url` or `sitemap` by their names, whatever their namespaces; the first of each name."""
    values: dict[str, str] = {}
    for child in node.iter():
        if isinstance(child.tag, str) and child.text and child.text.strip():
            # an image's title or address is not the page's
            parent = child.getparent()
            if (
                parent is not None
                and isinstance(parent.tag, str)
                and etree.QName(parent).localname in ("image", "video")
            ):
                continue
            values.setdefault(etree.QName(child).localname, child.text.strip())
    return values


def _unpacked(body: bytes, *, url: str) -> bytes:
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        unpacker = zlib.decompressobj(wbits=31)
        data = unpacker.decompress(body, MAX_UNPACKED)
    except (zlib.error, gzip.BadGzipFile) as error:
        raise PageError(f"{url}: the sitemap's gzip data is damaged ({error})") from error
    if not unpacker.eof and not unpacker.unconsumed_tail:
        raise PageError(f"{url}: the sitemap's gzip data ends too early; the next run tries again")
    if unpacker.unconsumed_tail:
        raise PageError(f"{url}: the sitemap unpacks to more than {MAX_UNPACKED // 1_000_000} MB and was left")
    return data


def _wanted(address: str, rules: SitemapRules) -> bool:
    if rules.include and not any(re.search(pattern, address) for pattern in rules.include):
        return False
    return not any(re.search(pattern, address) for pattern in rules.exclude)
