"""`limen source try` and `limen source freeze` against a site on loopback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from limen.crawler.catalogue import load_spec
from limen.crawler.reading import list_as_found, page_as_found, read_list, read_page
from limen.domain.snapshot import Hints
from tests.integration.crawler.local_site import LocalSite

from .workspace import SOURCE, Workspace, rule_page

FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Notices</title>
<item><title>Battery rules, draft for comment</title><link>{0}/rules.html</link>
<pubDate>Wed, 09 Sep 2026 23:30:00 +0000</pubDate></item></channel></rss>"""


@pytest.fixture
def feed(workspace: Workspace, site: LocalSite) -> Workspace:
    site.put("/feed.xml", FEED.format(site.address), content_type="application/rss+xml")
    site.put("/rules.html", rule_page(160, links='<p><a href="annex.pdf">Annex</a></p>'))
    workspace.source(entry=site.url("/feed.xml"))
    return workspace


def test_trying_shows_what_would_be_stored_and_read(feed: Workspace) -> None:
    found = feed.run("source", "try", SOURCE, "--format", "json")
    assert found.code == 0, found.err
    [document] = found.json["documents"]
    assert document["requirements"] == 1
    assert document["quotes"] == ["at least 160 Wh/kg"]
    assert document["document_class"] == "draft"
    assert any("annex.pdf" in message for message in found.json["issues"])
    assert not (feed.data / "limen.db").exists()
    table = feed.run("source", "try", SOURCE)
    assert "read: >= 160 Wh/kg energy density" in table.out


def test_a_source_that_brings_nothing_says_why(workspace: Workspace, site: LocalSite) -> None:
    site.put("/feed.xml", "<html><body>We have moved</body></html>")
    workspace.source(entry=site.url("/feed.xml"))
    tried = workspace.run("source", "try", SOURCE)
    assert tried.code == 1
    assert "expected a feed" in tried.out
    frozen = workspace.run("source", "freeze", SOURCE, "--directory", str(workspace.directory / "golden"))
    assert frozen.code == 1
    assert "limen source try" in frozen.err


def test_an_unknown_source_is_named(feed: Workspace) -> None:
    for command in ("try", "freeze"):
        assert "there is no source 'ministri'; did you mean ministry?" in feed.run("source", command, "ministri").err


@pytest.mark.parametrize("as_fetched", [True, False])
def test_a_golden_holds_what_was_read(feed: Workspace, site: LocalSite, *, as_fetched: bool) -> None:
    golden = feed.directory / "golden"
    options = ["--as-fetched"] if as_fetched else []
    frozen = feed.run("source", "freeze", SOURCE, "--directory", str(golden), *options)
    assert frozen.code == 0, frozen.err
    spec = load_spec(feed.sources / f"{SOURCE}.toml")
    inputs = {path.parent.name: path for path in (golden / SOURCE).glob("*/input.*")}
    assert set(inputs) == {"list", "page"}
    assert (b"Battery" in inputs["list"].read_bytes()) == as_fetched
    assert (b"Operators" in inputs["page"].read_bytes() or b"makers" in inputs["page"].read_bytes()) == as_fetched
    listed = _expected(inputs["list"])
    [entry] = listed["found"]["entries"]
    assert entry["url"] == site.url("/rules.html")
    assert listed["found"] == list_as_found(
        spec, read_list(spec, inputs["list"].read_bytes(), url=listed["url"], content_type=listed["content_type"])
    )
    page = _expected(inputs["page"])
    hints = Hints(title=page["listed"]["title"])
    body = inputs["page"].read_bytes()
    found = read_page(spec, body, url=page["url"], content_type=page["content_type"], hints=hints)
    assert page["found"] == page_as_found(spec, found)
    [attachment] = page["found"]["attachments"]
    assert attachment["url"] == site.url("/annex.pdf")
    again = feed.run("source", "freeze", SOURCE, "--directory", str(golden))
    assert again.code == 1
    assert "there is a golden already" in again.err


def _expected(path: Path) -> dict[str, object]:
    return json.loads((path.parent / "expected.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]
