"""The Canada Gazette by its TOML: issues to items, and comment periods that are counted in days."""

from __future__ import annotations

import pytest

from limen.crawler.catalogue import load_catalogue
from limen.crawler.errors import PageError
from limen.crawler.pages.canonical import identity_of
from limen.crawler.pages.deadline import read_deadline
from limen.crawler.pages.feed import read_feed
from limen.crawler.pages.listing import read_listing
from limen.crawler.source_spec import SourceSpec

SITE = "https://gazette.gc.ca/rp-pr"
CATALOGUE = load_catalogue(())

RSS = f"""<?xml version="1.0"?><rss version="2.0"><channel><title>Canada Gazette - Part I</title>
<item><title>Canada Gazette - Part I, September 26, 2026</title><link>{SITE}/p1/2026/2026-09-26/html/index-eng.html</link>
<pubDate>Sat, 26 Sep 2026 14:00:00 -0500</pubDate></item>
<item><title>Canada Gazette - Part I, Extra</title><link>{SITE}/p1/2026/2026-07-31-x6/html/extra6-eng.html</link></item>
</channel></rss>"""
PART_1 = """<html><body><nav><a href="/reg9-eng.html">Menu</a></nav><main><h2><a href="./commis-eng.html">Commissions</a></h2>
<a href="./commis-eng.html#cs1">Inquiry into cells</a><a href="./commis-eng.htmlcs10">Typing error</a>
<h2>Proposed Regulations</h2><h3>Environment, Dept. of the</h3>
<a href="./reg1-eng.html">Regulations Amending the
  Sample Effluent Regulations</a><a href="./reg1-eng.html#rias">Statement</a>
<a href="/rp-pr/p1/2026/2026-09-26/html/reg2-eng.html">Tailings Regulations</a>
<a href="./sup1-eng.html">Tariff</a></main></body></html>"""
PART_2 = """<html><body><main><ul><li><a href="sor-dors123-eng.html">Regulations on Sampling</a> SOR/2026-123</li>
<li><a href="si-tr45-eng.html">Order Fixing a Day</a> SI/2026-45</li></ul></main></body></html>"""


def items(source: str, html: str, url: str) -> list[tuple[str, str | None, str | None]]:
    spec = CATALOGUE[source]
    assert spec.index is not None
    found = read_listing(html, url=url, rules=spec.index, zone=spec.timezone)
    return [(each.url, each.hints.title, each.hints.published and each.hints.published.isoformat()) for each in found]


def test_the_feed_lists_issues() -> None:
    found = read_feed(RSS.encode(), url="https://gazette.gc.ca/rss/p1-eng.xml", zone="America/Toronto")
    assert [each.url for each in found] == [
        f"{SITE}/p1/2026/2026-09-26/html/index-eng.html",
        f"{SITE}/p1/2026/2026-07-31-x6/html/extra6-eng.html",
    ]


def test_proposed_regulations_of_an_issue() -> None:
    issue = f"{SITE}/p1/2026/2026-09-26/html/"
    day = "2026-09-26T00:00:00-04:00"
    assert items("ca-gazette-1", PART_1, f"{issue}index-eng.html") == [
        (f"{issue}reg1-eng.html", "Regulations Amending the Sample Effluent Regulations", day),
        (f"{issue}reg2-eng.html", "Tailings Regulations", day),
    ]


def test_regulations_of_an_issue_of_part_2() -> None:
    issue = f"{SITE}/p2/2026/2026-07-01-x2/html/"
    assert items("ca-gazette-2", PART_2, f"{issue}index-eng.html") == [
        (f"{issue}sor-dors123-eng.html", "Regulations on Sampling", "2026-07-01T00:00:00-04:00")
    ]


@pytest.mark.parametrize("source", ["ca-gazette-1", "ca-gazette-2"])
def test_an_issue_without_regulations_is_no_fault(source: str) -> None:
    assert items(source, "<main><p>No regulatory text was registered.</p></main>", f"{SITE}/index-eng.html") == []


@pytest.mark.parametrize(
    ("sentence", "deadline"),
    [
        ("within 60 days after the date of publication of this notice", "2026-11-25T23:59:59-05:00"),
        ("within 30\u00a0days after the date of\npublication of this notice", "2026-10-26T23:59:59-04:00"),
        ("Within 75 calendar days following publication", "2026-12-10T23:59:59-05:00"),
        ("within 15 days of the publication of this notice", "2026-10-11T23:59:59-04:00"),
        ("within 30 days after the day on which a permit is issued", None),
        ("comes into force 60 days after publication", None),
    ],
)
def test_a_comment_period_in_days(sentence: str, deadline: str | None) -> None:
    spec = CATALOGUE["ca-gazette-1"]
    assert spec.index is not None
    assert spec.deadline is not None
    [entry, _] = read_listing(
        PART_1, url=f"{SITE}/p1/2026/2026-09-26/html/index-eng.html", rules=spec.index, zone=spec.timezone
    )
    text = f"Interested persons may make representations {sentence}."
    found = read_deadline(text, rule=spec.deadline, zone=spec.timezone, published=entry.hints.published)
    assert (found and found.isoformat()) == deadline


@pytest.mark.parametrize("spec", [CATALOGUE["ca-gazette-1"], CATALOGUE["ca-gazette-2"]], ids=lambda spec: spec.id)
def test_both_hosts_are_one(spec: SourceSpec) -> None:
    addresses = (
        f"{scheme}://{host}gazette.gc.ca/rp-pr/p1/a.html" for scheme in ("http", "https") for host in ("", "www.")
    )
    assert {identity_of(address, spec.canonical) for address in addresses} == {"gazette.gc.ca/rp-pr/p1/a.html"}


def test_a_page_in_place_of_the_feed() -> None:
    with pytest.raises(PageError, match="expected a feed"):
        read_feed(
            b"<html><body>Service unavailable</body></html>", url="https://gazette.gc.ca/rss/p1-eng.xml", zone="UTC"
        )
