"""The Canada Gazette, over the wire: its feed lists issues, an issue lists regulations, a regulation names a period."""

from __future__ import annotations

from limen.crawler.catalogue import dump_spec, load_catalogue

from .local_site import LocalSite
from .test_crawl import Crawler, crawler, site  # noqa: F401 - two are fixtures

ISSUE = "/rp-pr/p1/2026/2026-09-26/html"
REGULATION = """<html><head><meta charset="utf-8"><title>Canada Gazette</title></head><body><main><h1>Sample Regulations</h1>
<p>Interested persons may make representations within 60&nbsp;days after the date of
publication of this notice. The mine’s effluent must not exceed 0.10 mg/L.</p></main></body></html>"""


def test_proposed_regulations_with_their_deadline(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    item = f"<item><title>Part I</title><link>{site.url(ISSUE)}/index-eng.html</link></item>"
    site.put("/rss/p1-eng.xml", f'<rss version="2.0"><channel><title>G</title>{item}</channel></rss>')
    links = '<a href="./commis-eng.html#cs1">Notice</a><a href="./reg1-eng.html">Sample Regulations</a>'
    site.put(f"{ISSUE}/index-eng.html", f"<html><body><main>{links}</main></body></html>")
    site.put(f"{ISSUE}/reg1-eng.html", REGULATION.encode("cp1252"))
    spec = load_catalogue(())["ca-gazette-1"]
    politeness = spec.politeness.model_copy(update={"delay": 0.0})
    local = spec.model_copy(update={"entry": (site.url("/rss/p1-eng.xml"),), "politeness": politeness})
    (crawler.sources / "ca-gazette-1.toml").write_text(dump_spec(local), encoding="utf-8")
    crawl = crawler.run("ca-gazette-1")
    [(found, body)] = crawl.ledger.fetches
    assert (found.url, found.hints.title) == (site.url(f"{ISSUE}/reg1-eng.html"), "Sample Regulations")
    assert found.hints.published is not None
    assert found.hints.published.isoformat() == "2026-09-26T00:00:00-04:00"
    assert found.hints.comment_deadline is not None
    assert found.hints.comment_deadline.isoformat() == "2026-11-25T23:59:59-05:00"
    assert body == site.pages[f"{ISSUE}/reg1-eng.html"].body
