"""Feeds and watched instruments of legislation.gov.uk, over the wire."""

from __future__ import annotations

from limen.domain.issue import IssueKind
from limen.domain.source import DocumentClass

from .local_site import LocalSite
from .test_crawl import Crawler, crawler, site  # noqa: F401 - two are fixtures

XML = "application/xml"
FEED = """<feed xmlns="http://www.w3.org/2005/Atom" xmlns:leg="http://www.legislation.gov.uk/namespaces/legislation">
<leg:page>{page}</leg:page><leg:morePages>{more}</leg:morePages>{entries}</feed>"""
ENTRY = """<entry><id>http://www.legislation.gov.uk/id/{name}</id><title>{title}</title>
<link rel="alternate" type="application/xml" href="http://www.legislation.gov.uk/{name}/{version}/data.xml"/>
<updated>{updated}</updated><published>2026-09-14T00:00:00Z</published></entry>"""
INSTRUMENT = """<Legislation xmlns="http://www.legislation.gov.uk/namespaces/legislation"><ukm:Metadata
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dct="http://purl.org/dc/terms/"
 xmlns:ukm="http://www.legislation.gov.uk/namespaces/metadata"><dc:title>{title}</dc:title><dct:valid>{day}</dct:valid>
</ukm:Metadata><Body><P1><Pnumber>1</Pnumber><P1para><Text>{text}</Text></P1para></P1></Body></Legislation>"""


def put_feed(site: LocalSite, *, version: str = "made", updated: str = "2026-09-15T16:20:11Z") -> None:  # noqa: F811
    first = ENTRY.format(name="uksi/2026/901", title="Sample Regulations", version=version, updated=updated)
    second = ENTRY.format(name="ukdsi/2026/9780348270001", title="Sample Draft", version="made", updated=updated)
    site.put("/new/data.feed", FEED.format(page=1, more=1, entries=first), content_type="application/atom+xml")
    site.put("/new/data.feed?page=2", FEED.format(page=2, more=0, entries=second), content_type="application/atom+xml")


def put_instrument(site: LocalSite, path: str, *, title: str, day: str) -> None:  # noqa: F811
    site.put(path, INSTRUMENT.format(title=title, day=day, text=f"{title} of {day}."), content_type=XML)


def test_feeds_and_watched_instruments(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    put_feed(site)
    put_instrument(site, "/uksi/2026/901/made/data.xml", title="Sample Regulations", day="2026-09-14")
    put_instrument(site, "/ukdsi/2026/9780348270001/made/data.xml", title="Sample Draft", day="2026-09-10")
    put_instrument(site, "/uksi/2012/632/data.xml", title="Watched Regulations", day="2020-12-31")
    crawler.add("uk", "legislation_uk", site.url("/new/data.feed"), extra='watch = ["uksi/2012/632"]')
    crawl = crawler.run("uk")
    found = {snapshot.url.removeprefix(site.address): snapshot for snapshot, _ in crawl.ledger.fetches}
    assert set(found) == {"/uksi/2026/901", "/ukdsi/2026/9780348270001", "/uksi/2012/632"}
    assert found["/ukdsi/2026/9780348270001"].hints.document_class is DocumentClass.DRAFT
    watched = found["/uksi/2012/632"].hints
    assert (watched.title, watched.references) == ("Watched Regulations", ("S.I. 2012/632",))
    assert watched.published is not None
    assert watched.published.date().isoformat() == "2020-12-31"
    assert crawl.events[-1]["outcome"] == "completed"
    assert crawl.ledger.issues == []


def test_a_new_version_is_another_text_of_the_same_document(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    put_feed(site)
    put_instrument(site, "/uksi/2026/901/made/data.xml", title="Sample Regulations", day="2026-09-14")
    put_instrument(site, "/ukdsi/2026/9780348270001/made/data.xml", title="Sample Draft", day="2026-09-10")
    crawler.add("uk", "legislation_uk", site.url("/new/data.feed"))
    crawler.run("uk")
    put_feed(site, version="2026-10-01", updated="2026-10-02T01:00:00Z")
    put_instrument(site, "/uksi/2026/901/2026-10-01/data.xml", title="Sample Regulations", day="2026-10-01")
    crawl = crawler.run("uk")
    [newer] = [snapshot for snapshot, _ in crawl.ledger.fetches[2:]]
    assert newer.url == site.url("/uksi/2026/901")
    assert newer.final_url == site.url("/uksi/2026/901/2026-10-01/data.xml")
    assert newer.revision == "2026-10-02T01:00:00Z"


def test_a_feed_that_turned_to_html_is_a_changed_source(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    site.put("/new/data.feed", "<html><body>Moved</body></html>")
    crawler.add("uk", "legislation_uk", site.url("/new/data.feed"))
    crawl = crawler.run("uk")
    assert [issue.kind for issue in crawl.ledger.issues] == [IssueKind.SOURCE_CHANGED]
    assert crawl.events[-1]["outcome"] == "failed"
