"""Feeds and instruments of legislation.gov.uk: versions, drafts, numbers, pages."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from limen.crawler.errors import PageError
from limen.crawler.pages.legislation_uk import read_instrument_hints, read_legislation_feed, watched_instrument
from limen.domain.snapshot import Hints
from limen.domain.source import DocumentClass

SITE = "https://www.legislation.gov.uk"
FEED = f"{SITE}/new/uksi/data.feed"
SPACES = (
    'xmlns="http://www.w3.org/2005/Atom" xmlns:leg="http://www.legislation.gov.uk/namespaces/legislation" '
    'xmlns:ukm="http://www.legislation.gov.uk/namespaces/metadata"'
)
ENTRY = """<entry><id>http://www.legislation.gov.uk/id/{name}</id><title>{title}</title>
<link rel="self" href="http://www.legislation.gov.uk/id/{name}"/><link href="http://www.legislation.gov.uk/{name}{version}"/>
<link rel="alternate" type="application/rdf+xml" href="http://www.legislation.gov.uk/{name}{version}/data.rdf"/>
<link rel="alternate" type="application/xml" href="http://www.legislation.gov.uk/{name}{version}/data.xml" title="XML"/>
<author><name/></author><updated>2026-09-15T16:20:11+01:00</updated><published>2026-09-14T00:00:00Z</published></entry>"""


def feed(*entries: str, head: str = "") -> bytes:
    return f"<?xml version='1.0' encoding='utf-8'?><feed {SPACES}>{head}{''.join(entries)}</feed>".encode()


def entry(name: str, *, version: str = "", title: str = "Sample Order") -> str:
    return ENTRY.format(name=name, version=version, title=title)


def test_an_instrument_as_made() -> None:
    body = feed(entry("uksi/2026/901", version="/made", title="The Waste\n Batteries (Sample) Regulations 2026"))
    [found] = read_legislation_feed(body, url=FEED, zone="Europe/London").entries
    assert found.url == f"{SITE}/uksi/2026/901/made/data.xml"
    assert found.document_url == f"{SITE}/uksi/2026/901"
    assert found.revision == "2026-09-15T16:20:11+01:00"
    assert found.hints == Hints(
        title="The Waste Batteries (Sample) Regulations 2026",
        published=datetime(2026, 9, 14, tzinfo=UTC),
        document_class=DocumentClass.FINAL,
        references=("S.I. 2026/901",),
    )


def test_a_dated_version_is_fetched_and_its_document_has_no_date() -> None:
    body = feed(entry("eur/2016/799", version="/2020-02-26"))
    [found] = read_legislation_feed(body, url=FEED, zone="Europe/London").entries
    assert found.url == f"{SITE}/eur/2016/799/2020-02-26/data.xml"
    assert (found.document_url, found.hints.references) == (f"{SITE}/eur/2016/799", ())


@pytest.mark.parametrize(
    ("name", "document_class", "references"),
    [
        ("ukdsi/2026/9780348270001", DocumentClass.DRAFT, ()),
        ("sdsi/2026/9780111061001", DocumentClass.DRAFT, ()),
        ("wsi/2026/12", DocumentClass.FINAL, ("S.I. 2026/12",)),
        ("ssi/2026/4", DocumentClass.FINAL, ("S.S.I. 2026/4",)),
        ("nisr/2026/55", DocumentClass.FINAL, ("S.R. 2026/55",)),
        ("ukpga/Geo6/12-13-14/87", DocumentClass.FINAL, ()),
    ],
)
def test_types_of_instruments(name: str, document_class: DocumentClass, references: tuple[str, ...]) -> None:
    [found] = read_legislation_feed(feed(entry(name)), url=FEED, zone="Europe/London").entries
    assert found.document_url == f"{SITE}/{name}"
    assert (found.hints.document_class, found.hints.references) == (document_class, references)


def test_an_entry_without_an_xml_link_is_asked_for_by_its_page() -> None:
    body = feed(
        '<entry><id>tag:x</id><title>T</title><link href="http://www.legislation.gov.uk/uksi/2026/7/made"/></entry>',
        "<entry><id>http://www.legislation.gov.uk/id/uksi/2026/8</id></entry>",
        "<entry><id>tag:nothing</id><title>An explanatory note</title></entry>",
    )
    found = read_legislation_feed(body, url=FEED, zone="Europe/London").entries
    assert [(each.url, each.document_url) for each in found] == [
        (f"{SITE}/uksi/2026/7/made/data.xml", f"{SITE}/uksi/2026/7"),
        (f"{SITE}/uksi/2026/8/data.xml", f"{SITE}/uksi/2026/8"),
    ]
    assert found[1].hints.published is None


@pytest.mark.parametrize(
    ("head", "url", "following"),
    [
        ("<leg:page>1</leg:page><leg:morePages>12</leg:morePages>", FEED, f"{FEED}?page=2"),
        ("<leg:page>2</leg:page><leg:morePages>1</leg:morePages>", f"{FEED}?page=2&a=b", f"{FEED}?a=b&page=3"),
        ("<leg:page>3</leg:page><leg:morePages>0</leg:morePages>", f"{FEED}?page=3", None),
        ("<leg:page>1</leg:page>", FEED, None),
        ('<link rel="next" href="http://www.legislation.gov.uk/new/uksi/data.feed?page=2"/>', FEED, f"{FEED}?page=2"),
    ],
)
def test_pages_of_a_feed(head: str, url: str, following: str | None) -> None:
    assert read_legislation_feed(feed(head=head), url=url, zone="Europe/London").following == following


@pytest.mark.parametrize("body", [b"", b"<html><body>Request blocked</body></html>", b"<rss/>", b"{}", b"plain words"])
def test_what_is_no_feed(body: bytes) -> None:
    with pytest.raises(PageError, match="expected an Atom feed of legislation, but the answer is"):
        read_legislation_feed(body, url=FEED, zone="Europe/London")


@pytest.mark.parametrize("name", ["uksi/2012/632", "/uksi/2012/632/", "id/uksi/2012/632"])
def test_a_watched_instrument(name: str) -> None:
    found = watched_instrument(name, site=FEED)
    assert found.url == f"{SITE}/uksi/2012/632/data.xml"
    assert (found.document_url, found.revision) == (f"{SITE}/uksi/2012/632", None)
    assert found.hints.references == ("S.I. 2012/632",)


def instrument(metadata: str) -> bytes:
    return (
        '<Legislation xmlns="http://www.legislation.gov.uk/namespaces/legislation"><ukm:Metadata '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dct="http://purl.org/dc/terms/" '
        f'xmlns:ukm="http://www.legislation.gov.uk/namespaces/metadata">{metadata}</ukm:Metadata><Body/></Legislation>'
    ).encode()


def test_what_an_instrument_says_of_its_version() -> None:
    body = instrument(
        "<dc:title>The Sample Regulations 2012</dc:title><dct:valid>2020-12-31</dct:valid><ukm:SecondaryMetadata>"
        '<ukm:Made Date="2012-02-27"/><ukm:ComingIntoForce><ukm:DateTime Date="2012-04-06"/></ukm:ComingIntoForce>'
        "</ukm:SecondaryMetadata>"
    )
    found = read_instrument_hints(body, url=SITE, hints=Hints(references=("S.I. 2012/632",)), zone="Europe/London")
    assert found.title == "The Sample Regulations 2012"
    assert found.published is not None
    assert found.published.isoformat() == "2020-12-31T00:00:00+00:00"
    assert (found.effective_on, found.references) == (date(2012, 4, 6), ("S.I. 2012/632",))


def test_as_made_and_in_force_on_several_days() -> None:
    body = instrument(
        '<ukm:SecondaryMetadata><ukm:Made Date="2026-06-27"/><ukm:ComingIntoForce><ukm:DateTime Date="2026-07-06"/>'
        '<ukm:DateTime Date="2027-01-01"/></ukm:ComingIntoForce></ukm:SecondaryMetadata>'
    )
    found = read_instrument_hints(body, url=SITE, hints=Hints(title="Listed"), zone="Europe/London")
    assert (found.title, found.effective_on) == ("Listed", None)
    assert found.published is not None
    assert found.published.isoformat() == "2026-06-27T00:00:00+01:00"


def test_a_page_in_place_of_an_instrument() -> None:
    with pytest.raises(PageError, match="expected legislation as XML, but the answer is an HTML page"):
        read_instrument_hints(b"<html><title>Wait</title></html>", url=SITE, hints=Hints(), zone="UTC")
