"""What an answer of a source says, read as its spider reads it, whatever its kind. Nothing is fetched.

The goldens and `limen source freeze` look at answers through this; the spiders ask the same readers.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, assert_never
from zoneinfo import ZoneInfo

from w3lib.encoding import html_to_unicode

from limen.crawler.errors import PageError
from limen.crawler.pages import (
    ecfr,
    eurlex,
    federal_register,
    govuk,
    justice_laws,
    legislation_uk,
    leychile,
    regulations_gov,
)
from limen.crawler.pages.attachments import find_attachments
from limen.crawler.pages.canonical import canonical_url, identity_of
from limen.crawler.pages.classes import class_of, plain_title
from limen.crawler.pages.entry import Entry
from limen.crawler.pages.feed import read_feed
from limen.crawler.pages.jpaas import find_unit, page_size_of, read_rows, unit_url
from limen.crawler.pages.json_api import read_json_api
from limen.crawler.pages.json_page import page_html
from limen.crawler.pages.listing import next_page, read_listing
from limen.crawler.pages.page_deadline import page_deadline
from limen.crawler.pages.sitemap import read_sitemap
from limen.crawler.pages.wordpress import read_posts
from limen.crawler.source_spec import SourceKind, SourceSpec
from limen.domain.snapshot import Attachment, Hints
from limen.domain.source import DocumentClass


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadList:
    """What a list says: documents, and the addresses of further lists that the answer itself names."""

    entries: tuple[Entry, ...]
    lists: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPage:
    """What a document's page says beside its text. `document_class` is None for the source's own."""

    attachments: tuple[Attachment, ...]
    comment_deadline: datetime | None
    document_class: DocumentClass | None


def read_list(spec: SourceSpec, body: bytes, *, url: str, content_type: str | None = None) -> ReadList:
    """Return what an answer to a source's spider lists. `url` is where it came from.

    Where the source has an `[index]`, its entry points list lists, and what comes from elsewhere is one of them.

    Raises:
        PageError: the answer is not what the source says.
    """
    if spec.index is None:
        return _of_kind(spec, body, url=url, content_type=content_type)
    if url in spec.entry:
        issues = _of_kind(spec, body, url=url, content_type=content_type)
        return ReadList(entries=(), lists=(*(issue.url for issue in issues.entries), *issues.lists))
    html = decoded(spec, body, content_type=content_type)
    entries = read_listing(html, url=url, rules=spec.index, zone=spec.timezone, deadline=spec.deadline)
    return ReadList(entries=entries)


def read_page(
    spec: SourceSpec, body: bytes, *, url: str, content_type: str | None = None, hints: Hints | None = None
) -> ReadPage:
    """Return what a document's page says beside its text. `hints` is what the list said of it.

    Raises:
        PageError: the page is JSON of another layout than the source says.
    """
    listed = hints or Hints()
    if spec.kind is SourceKind.GOVUK:
        stated = govuk.merge(listed, govuk.read_facts(body, url=url, zone=spec.timezone))
        files = govuk.find_files(body, url=url, rules=spec.detail)
        return ReadPage(
            attachments=files, comment_deadline=stated.comment_deadline, document_class=stated.document_class
        )
    if spec.detail.content is not None:
        html = page_html(body, path=spec.detail.content, url=url)
    else:
        html = decoded(spec, body, content_type=content_type)
    deadline = listed.comment_deadline
    if spec.deadline is not None and spec.deadline.where == "page":
        found = page_deadline(html, rule=spec.deadline, zone=spec.timezone, published=listed.published)
        deadline = found or deadline
    return ReadPage(
        attachments=find_attachments(html, url=url, rules=spec.detail),
        comment_deadline=deadline,
        document_class=listed.document_class or class_of(listed.title, spec.classes),
    )


def decoded(spec: SourceSpec, body: bytes, *, content_type: str | None = None) -> str:
    """Return the text of a page in the encoding that the source's TOML, the answer or the page itself names."""
    if spec.encoding is not None:
        return body.decode(spec.encoding, "replace")
    return html_to_unicode(content_type, body)[1]


def list_as_found(spec: SourceSpec, found: ReadList) -> dict[str, Any]:
    """Return what a list says in the form of a golden's `found`: canonical addresses, times in the source's zone."""
    return {"entries": [_entry_as_found(spec, each) for each in found.entries], "lists": list(found.lists)}


def page_as_found(spec: SourceSpec, found: ReadPage) -> dict[str, Any]:
    """Return what a page says in the form of a golden's `found`."""
    said = {
        "attachments": [{"url": each.url, "label": each.label} for each in found.attachments],
        "comment_deadline": _moment(found.comment_deadline, spec),
        "document_class": found.document_class,
    }
    return {key: value for key, value in said.items() if value is not None}


def _entry_as_found(spec: SourceSpec, entry: Entry) -> dict[str, Any]:
    hints = entry.hints
    known_as = entry.document_url or entry.url
    address = canonical_url(known_as, spec.canonical)
    title = plain_title(hints.title, spec.titles)
    said = {
        "url": address,
        "fetched": entry.url if entry.document_url is not None else None,
        "identity": identity_of(known_as, spec.canonical),
        "title": title,
        "published": _moment(hints.published, spec),
        "opened": _moment(hints.opened, spec),
        "comment_deadline": _moment(hints.comment_deadline, spec),
        "document_class": hints.document_class or class_of(title, spec.classes),
        "status": hints.status,
        "references": list(hints.references) or None,
        "effective_on": hints.effective_on and hints.effective_on.isoformat(),
        "editorial": hints.editorial or None,
        "revision": entry.revision,
    }
    return {key: value for key, value in said.items() if value is not None}


def _moment(moment: datetime | None, spec: SourceSpec) -> str | None:
    return None if moment is None else moment.astimezone(ZoneInfo(spec.timezone)).isoformat()


def _of_kind(spec: SourceSpec, body: bytes, *, url: str, content_type: str | None) -> ReadList:  # noqa: C901 - one arm a kind
    match spec.kind:
        case SourceKind.FEED:
            return ReadList(entries=_feed(spec, body, url=url, content_type=content_type))
        case SourceKind.LISTING:
            return _listing(spec, decoded(spec, body, content_type=content_type), url=url)
        case SourceKind.SITEMAP:
            sitemap = read_sitemap(body, url=url, zone=spec.timezone, rules=spec.sitemap)
            return ReadList(entries=sitemap.entries, lists=sitemap.sitemaps)
        case SourceKind.WORDPRESS:
            # where the interface is closed the spider falls back on the feed
            closed = body.lstrip()[:1] == b"<"
            return ReadList(entries=_feed(spec, body, url=url) if closed else read_posts(body, url=url))
        case SourceKind.JPAAS:
            return _jpaas(spec, body, url=url, content_type=content_type)
        case SourceKind.JSON_API:
            return _json_api(spec, body, url=url)
        case SourceKind.FEDERAL_REGISTER:
            page = federal_register.read_search(body, url=url, zone=spec.timezone)
            return ReadList(entries=page.entries, lists=_given(page.next_url))
        case SourceKind.ECFR:
            return _ecfr(spec, body, url=url)
        case SourceKind.REGULATIONS_GOV:
            return _regulations_gov(spec, body, url=url)
        case SourceKind.GOVUK:
            return ReadList(entries=govuk.read_search(body, url=url, zone=spec.timezone).entries)
        case SourceKind.LEGISLATION_UK:
            return _legislation_uk(spec, body, url=url)
        case SourceKind.JUSTICE_LAWS_CA:
            laws = (justice_laws.watched_law(each, base=spec.entry[0], language=spec.language) for each in spec.watch)
            entry = _followed(laws, url=url)
            hints = justice_laws.read_law_hints(body, url=url, hints=entry.hints, zone=spec.timezone)
            return ReadList(entries=(replace(entry, hints=hints),))
        case SourceKind.LEYCHILE:
            norms = (leychile.watched_norm(each, service=spec.entry[0]) for each in spec.watch)
            entry = _followed(norms, url=url)
            hints = leychile.read_norm_hints(body, url=url, hints=entry.hints, zone=spec.timezone)
            return ReadList(entries=(replace(entry, hints=hints),))
        case SourceKind.EURLEX:
            rows = eurlex.read_rows(body, url=url)
            return ReadList(entries=eurlex.read_acts(rows, service=spec.entry[0], zone=spec.timezone))
        case _:
            assert_never(spec.kind)


def _feed(spec: SourceSpec, body: bytes, *, url: str, content_type: str | None = None) -> tuple[Entry, ...]:
    return read_feed(
        body,
        url=url,
        zone=spec.timezone,
        content_type=content_type,
        encoding=spec.encoding,
        deadline=spec.deadline,
    )


def _listing(spec: SourceSpec, html: str, *, url: str) -> ReadList:
    assert spec.listing is not None
    rules, entry = spec.listing, _entry_point(spec, url)
    entries = read_listing(html, url=url, rules=rules, zone=spec.timezone, deadline=spec.deadline)
    following = next_page(html, url=url, entry_url=entry, rules=rules, number=1) if rules.next_page else None
    return ReadList(entries=entries, lists=_given(following))


def _jpaas(spec: SourceSpec, body: bytes, *, url: str, content_type: str | None) -> ReadList:
    if body.lstrip()[:1] == b"<":
        unit = find_unit(decoded(spec, body, content_type=content_type), column_url=url, rules=spec.jpaas)
        rows = unit_url(unit, page=1, page_size=page_size_of(spec.jpaas, spec.listing))
        return ReadList(entries=(), lists=(rows,))
    entries = read_rows(
        body,
        url=url,
        column_url=_entry_point(spec, url),
        listing=spec.listing,
        zone=spec.timezone,
        deadline=spec.deadline,
    )
    return ReadList(entries=entries)


def _json_api(spec: SourceSpec, body: bytes, *, url: str) -> ReadList:
    assert spec.json_api is not None
    found = read_json_api(
        body,
        url=url,
        base=_entry_point(spec, url),
        rules=spec.json_api,
        zone=spec.timezone,
        deadline=spec.deadline,
        encoding=spec.encoding,
    )
    return ReadList(entries=found.entries, lists=_given(found.next_url))


def _ecfr(spec: SourceSpec, body: bytes, *, url: str) -> ReadList:
    api = spec.entry[0]
    pieces = {ecfr.versions_url(api, piece): piece for piece in map(ecfr.parse_watched, spec.watch)}
    if url not in pieces:
        ecfr.read_titles(body, url=url)
        return ReadList(entries=(), lists=tuple(pieces))
    versions = ecfr.read_versions(body, url=url)
    as_of = max((max(each.age) for each in versions), default=None)
    if as_of is None:
        raise PageError(f"{url}: the answer has no versions; correct watch in the source's TOML")
    return ReadList(entries=(ecfr.read_document(pieces[url], versions, api=api, as_of=as_of, zone=spec.timezone),))


def _regulations_gov(spec: SourceSpec, body: bytes, *, url: str) -> ReadList:
    try:
        is_record = isinstance(json.loads(body)["data"], dict)
    except (ValueError, KeyError, TypeError):
        is_record = False
    if is_record:
        record = regulations_gov.read_record(body, url=url, zone=spec.timezone)
        return ReadList(entries=() if record is None else (record,))
    page = regulations_gov.read_search(body, url=url, zone=spec.timezone)
    return ReadList(
        entries=tuple(each.entry for each in page.listed), lists=tuple(each.record_url for each in page.listed)
    )


def _legislation_uk(spec: SourceSpec, body: bytes, *, url: str) -> ReadList:
    watched = [legislation_uk.watched_instrument(each, site=spec.entry[0]) for each in spec.watch]
    if any(each.url == url for each in watched):
        entry = _followed(watched, url=url)
        hints = legislation_uk.read_instrument_hints(body, url=url, hints=entry.hints, zone=spec.timezone)
        return ReadList(entries=(replace(entry, hints=hints),))
    feed = legislation_uk.read_legislation_feed(body, url=url, zone=spec.timezone)
    return ReadList(entries=feed.entries, lists=_given(feed.following))


def _followed(entries: Iterable[Entry], *, url: str) -> Entry:
    """Return the text that a source follows by its name and that was fetched from `url`."""
    for entry in entries:
        if entry.url == url:
            return entry
    raise PageError(f"{url}: nothing in watch is fetched from here; correct watch in the source's TOML")


def _entry_point(spec: SourceSpec, url: str) -> str:
    """Return the entry point that an answer belongs to: that with which its address begins alike the longest."""
    return max(spec.entry, key=lambda entry: _alike(entry, url))


def _alike(one: str, other: str) -> int:
    """Return how many signs two addresses have in common from their start."""
    return next((at for at, pair in enumerate(zip(one, other, strict=False)) if len(set(pair)) > 1), len(one))


def _given(*addresses: str | None) -> tuple[str, ...]:
    return tuple(address for address in addresses if address is not None)
