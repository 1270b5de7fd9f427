"""Watched consolidations of Justice Laws, over the wire."""

from __future__ import annotations

from .local_site import LocalSite
from .test_crawl import Crawler, crawler, site  # noqa: F401 - two are fixtures

LAW = """<?xml version="1.0" encoding="utf-8"?><Regulation lims:pit-date="{day}" xmlns:lims="http://justice.gc.ca/lims">
<Identification><InstrumentNumber>SOR/2099-1</InstrumentNumber><LongTitle>Sample Rules</LongTitle></Identification>
<Body><Section><Label>1</Label><Text>At most {limit} mg/L.</Text></Section></Body></Regulation>"""


def test_a_watched_regulation_and_its_next_consolidation(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    site.put("/eng/XML/SOR-2099-1.xml", LAW.format(day="2099-01-01", limit="0.50"), content_type="text/xml")
    crawler.add("ca", "justice_laws_ca", site.url("/eng/XML/"), extra='watch = ["SOR-2099-1"]')
    crawl = crawler.run("ca")
    [(first, _)] = crawl.ledger.fetches
    assert first.url == "https://laws-lois.justice.gc.ca/eng/regulations/SOR-2099-1/"
    assert first.final_url == site.url("/eng/XML/SOR-2099-1.xml")
    assert (first.hints.title, first.hints.references) == ("Sample Rules", ("SOR/2099-1",))
    assert crawl.events[-1]["outcome"] == "completed"
    assert crawler.run("ca").count("fetched") == 0
    assert site.requests["/eng/XML/SOR-2099-1.xml", 304] == 1
    site.put("/eng/XML/SOR-2099-1.xml", LAW.format(day="2099-06-01", limit="0.10"), content_type="text/xml")
    [_, (second, _)] = crawler.run("ca").ledger.fetches
    assert second.url == first.url
    assert second.hints.published is not None
    assert second.hints.published.date().isoformat() == "2099-06-01"
    assert site.requests["/eng/XML/", 404] == 0


def test_a_page_in_place_of_a_regulation_is_not_kept(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    site.put("/eng/XML/SOR-2099-1.xml", "<html><body>Sorry, this page is elsewhere today.</body></html>")
    crawler.add("ca", "justice_laws_ca", site.url("/eng/XML/"), extra='watch = ["SOR-2099-1"]')
    crawl = crawler.run("ca")
    assert crawl.ledger.fetches == []
    [issue] = crawl.ledger.issues
    assert "expected a consolidated regulation or act as XML, but the answer is an HTML page" in issue.message
