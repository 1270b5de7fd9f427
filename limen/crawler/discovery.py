"""From the address of a site to a draft of its TOML: the posts of a WordPress site, else its feed, else its sitemap."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from urllib.parse import unquote, urljoin, urlsplit

import feedparser
from parsel import Selector
from w3lib.encoding import html_to_unicode

from limen.crawler.errors import NothingFound, PageError
from limen.crawler.pages.canonical import absolute_url
from limen.crawler.pages.feed import read_feed
from limen.crawler.pages.sitemap import read_sitemap
from limen.crawler.pages.wordpress import posts_url, read_posts, site_of
from limen.crawler.polite_client import PoliteClient, Refused, Unavailable
from limen.crawler.source_rules import EvidenceNotes, Schedule, SitemapRules, WordPress
from limen.crawler.source_spec import SourceKind, SourceSpec
from limen.domain.address_policy import AddressPolicy
from limen.domain.source import DocumentClass

FEED_PATHS = ("/feed/", "/rss.xml", "/feed.xml", "/atom.xml", "/rss")
SITEMAP_PATHS = ("/news-sitemap.xml", "/sitemap.xml", "/sitemap_index.xml")

WORDPRESS_LINK = "https://api.w.org/"
"""The relation by which a page of WordPress names the root of its API."""

_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml")
_OFFICIAL = re.compile(r"(^|\.)(gov|gouv|gob|go|govt|gc|admin|europa|bund)(\.[a-z]{2})?(\.(eu|ca|ch|de))?$")
_COUNTRY_OF_SUFFIX = {"uk": "GB", "gov": "US", "mil": "US", "su": "RU"}


@dataclass(slots=True, kw_only=True)
class _Site:
    """What is learnt of a site on the way."""

    home: str
    title: str | None = None
    language: str | None = None
    feeds: list[str] = field(default_factory=list)
    """Feeds that the page itself names."""
    api: str | None = None
    """Root of the API of WordPress, where the page names one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Find:
    """Something that can be watched."""

    kind: SourceKind
    address: str
    evidence: str


def discover(url: str, *, contact: str = "", pause: float = 1.0, policy: AddressPolicy | None = None) -> SourceSpec:
    """Return the draft of a source (state `probe`) for a site, a feed or a sitemap.

    A section's own feed comes first, then the posts of a WordPress site, which say when each was modified; then the feeds
    that the page names and those at the usual places, then the sitemaps of robots.txt and of the usual places. `pause` is
    the seconds between two requests, `policy` what may be called beside the public internet. Jurisdiction, language, time
    zone and document class are drawn from the address and the page; the draft says so under `[evidence] unverified`.

    Raises:
        Unavailable: the host cannot be reached, its robots.txt forbids it, or it asks to be left alone.
        NothingFound: nothing there can be watched.
    """
    address = url if "://" in url else f"https://{url}"
    with PoliteClient(contact=contact, pause=pause, policy=policy) as client:
        final, headers, body = client.fetch(address)
        site = _Site(home=urljoin(final, "/"))
        found = _classify(final, body, headers.get("content-type"), site)
        if found is None:
            _read_home(site, body, url=final, headers=headers)
            found = _search(client, site, final)
    return _draft(site, found)


def _search(client: PoliteClient, site: _Site, url: str) -> _Find:
    tried = []
    for candidate in _candidates(client, site, url):
        if candidate in tried:
            continue
        tried.append(candidate)
        try:
            final, headers, body = client.fetch(candidate)
        except Refused:
            raise
        except Unavailable:
            continue
        found = _classify(final, body, headers.get("content-type"), site)
        if found is not None:
            return found
    raise NothingFound(
        f"{url}: no feed and no sitemap found (tried {', '.join(tried)}); "
        "if the site has a list page, write a source of kind listing: see CONTRIBUTING.md"
    )


def _candidates(client: PoliteClient, site: _Site, url: str) -> Iterator[str]:
    api = site.api or site.home
    # A section's own feed is closer to what was asked for than the whole site's.
    if urlsplit(url).path.rstrip("/") != urlsplit(site_of(api)).path.rstrip("/"):
        yield urljoin(url.rstrip("/") + "/", "feed/")
    yield posts_url(api, rules=WordPress(), pretty="rest_route=" not in api)
    yield from site.feeds
    yield from (urljoin(site.home, path) for path in FEED_PATHS)
    named = [str(each) for each in client.rules(site.home).sitemaps]
    yield from sorted(named, key=lambda each: "news" not in each.rsplit("/", 1)[-1])
    yield from (urljoin(site.home, path) for path in SITEMAP_PATHS)


def _posts(url: str, body: bytes) -> _Find | None:
    """Return the WordPress site whose posts an answer holds; None if it holds none."""
    try:
        posts = read_posts(body, url=url)
    except PageError:
        return None
    evidence = f"is a WordPress site: its API answered with {len(posts)} posts"
    return _Find(kind=SourceKind.WORDPRESS, address=site_of(url), evidence=evidence) if posts else None


def _classify(url: str, body: bytes, content_type: str | None, site: _Site) -> _Find | None:
    """Return what an answer is, if it can be watched: posts of WordPress, a feed with entries, a sitemap with addresses."""
    if "/wp/v2/posts" in unquote(url):
        return _posts(url, body)
    try:
        entries = read_feed(body, url=url, zone="UTC", content_type=content_type)
    except PageError:
        pass
    else:
        _read_feed_head(site, body)
        return (
            _Find(kind=SourceKind.FEED, address=url, evidence=f"answered with a feed of {len(entries)} items")
            if entries
            else None
        )
    try:
        sitemap = read_sitemap(body, url=url, zone="UTC", rules=SitemapRules())
    except PageError:
        return None
    if not sitemap.entries and not sitemap.sitemaps:
        return None
    evidence = f"answered with a sitemap of {len(sitemap.entries)} addresses and {len(sitemap.sitemaps)} sitemaps"
    return _Find(kind=SourceKind.SITEMAP, address=url, evidence=evidence)


def _read_home(site: _Site, body: bytes, *, url: str, headers: Mapping[str, str]) -> None:
    page = Selector(text=html_to_unicode(headers.get("content-type"), body)[1])
    name = page.css('meta[property="og:site_name"]::attr(content)').get() or page.css("title::text").get()
    site.title = " ".join((name or "").split()) or None
    site.language = page.css("html::attr(lang)").get()
    named = page.css(f'link[rel="{WORDPRESS_LINK}"]::attr(href)').get() or _linked(
        headers.get("link", ""), WORDPRESS_LINK
    )
    site.api = absolute_url(url, named) if named else None
    for link in page.css("link[rel~=alternate][href]"):
        # Not `attrib`, which breaks on attributes with names that XML does not allow.
        kind, title, href = ((link.xpath(f"@{name}").get() or "").strip() for name in ("type", "title", "href"))
        if kind.partition(";")[0].strip().lower() in _FEED_TYPES and "comment" not in f"{title} {href}".lower():
            address = absolute_url(url, href)
            site.feeds += [address] if address is not None else []


def _linked(header: str, relation: str) -> str | None:
    """Return the address that a `Link` header (RFC 8288) gives for a relation; None if it gives none."""
    for target, parameters in re.findall(r"<([^<>]*)>([^<>]*)", header):
        if f'rel="{relation}"' in parameters or f"rel={relation}" in parameters:
            return str(target)
    return None


def _read_feed_head(site: _Site, body: bytes) -> None:
    head = feedparser.parse(BytesIO(body)).feed
    site.title = site.title or " ".join(str(head.get("title", "")).split()) or None
    site.language = site.language or head.get("language")


def _draft(site: _Site, found: _Find) -> SourceSpec:
    host = (urlsplit(site.home).hostname or "").removeprefix("www.")
    name = site.title or host
    language = (site.language or "").strip().lower()[:2]
    return SourceSpec(
        id=re.sub(r"[^a-z0-9]+", "-", host.lower()).strip("-")[:64],
        name=name,
        publisher=name,
        jurisdiction=_jurisdiction(host),
        language=language if re.fullmatch(r"[a-z]{2}", language) else "en",
        kind=found.kind,
        document_class=DocumentClass.NOTICE if _OFFICIAL.search(host) else DocumentClass.NEWS,
        homepage=site.home,
        entry=(found.address,),
        timezone="UTC",
        schedule=Schedule(every="6h"),
        evidence=EvidenceNotes(
            seen=(f"{found.address} {found.evidence}, when this file was made by `limen source add`",),
            unverified=("jurisdiction", "language", "document_class", "timezone", "terms"),
        ),
    )


def _jurisdiction(host: str) -> str:
    suffix = host.rsplit(".", 1)[-1]
    if suffix in _COUNTRY_OF_SUFFIX:
        return _COUNTRY_OF_SUFFIX[suffix]
    # .io, .ai, .co, .tv and .me are sold to everybody
    if len(suffix) == 2 and suffix.isalpha() and suffix not in ("io", "ai", "co", "tv", "me"):
        return suffix.upper()
    return "XX"
