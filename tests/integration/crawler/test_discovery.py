"""From a site's address to the draft of its TOML."""

from __future__ import annotations

import itertools
import json
import socket
import tomllib
from collections.abc import Iterator

import pytest

from limen.crawler.catalogue import dump_spec
from limen.crawler.discovery import discover
from limen.crawler.errors import NothingFound
from limen.crawler.pages.wordpress import posts_url
from limen.crawler.polite_client import Unavailable
from limen.crawler.source_rules import WordPress
from limen.crawler.source_spec import SourceKind, SourceSpec, State
from limen.domain.address_policy import AddressPolicy

from .local_site import LocalSite, local_site

LOOPBACK = AddressPolicy(["127.0.0.1"])
FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Ore Daily</title><language>en-GB</language>
<item><title>One</title><link>https://ore.example/1</link></item></channel></rss>"""
EMPTY_FEED = '<rss version="2.0"><channel><title>Comments</title></channel></rss>'
SITEMAP = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc>https://ore.example/1</loc></url></urlset>"""


@pytest.fixture
def site() -> Iterator[LocalSite]:
    with local_site() as running:
        yield running


def home(head: str = "") -> str:
    return f'<html lang="sr-RS"><head><title> Ore\n Daily </title>{head}</head><body>Hello</body></html>'


def found(site: LocalSite, path: str = "/") -> SourceSpec:
    return discover(site.url(path), contact="mailto:test@example.org", pause=0, policy=LOOPBACK)


def test_the_feed_that_the_page_names(site: LocalSite) -> None:
    site.put("/comments.xml", EMPTY_FEED)
    site.put("/news.xml", FEED, content_type="application/rss+xml")
    links = (
        '<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments.xml">'
        '<link rel="alternate" type="application/rss+xml" href="http://[broken/">'
        '<link rel="alternate" type="application/rss+xml; charset=utf-8" href="news.xml">'
    )
    site.put("/", home(links))
    spec = found(site)
    assert (spec.kind, spec.entry, spec.state) == (SourceKind.FEED, (site.url("/news.xml"),), State.PROBE)
    assert (spec.name, spec.language, spec.jurisdiction) == ("Ore Daily", "sr", "XX")
    assert "timezone" in spec.evidence.unverified
    assert SourceSpec.model_validate(tomllib.loads(dump_spec(spec))) == spec
    agents = {headers["user-agent"] for _, headers in site.seen}
    assert len(agents) == 1
    assert agents.pop().endswith("(+mailto:test@example.org)")


def test_a_site_that_is_not_in_utf_8(site: LocalSite) -> None:
    site.put(
        "/",
        '<html><head><meta charset="gb2312"><title>锂矿日报</title></head></html>'.encode("gb2312"),
        content_type="text/html",
    )
    site.put("/feed/", FEED)
    assert found(site).name == "锂矿日报"


def test_the_feed_at_a_usual_place(site: LocalSite) -> None:
    site.put("/", home())
    site.put("/feed/", home())  # a page in a feed's place is no feed
    site.put("/rss.xml", FEED)
    assert found(site).entry == (site.url("/rss.xml"),)


def test_a_feed_or_sitemap_is_taken_as_it_is(site: LocalSite) -> None:
    site.put("/my/feed", FEED)
    site.put("/my/map.xml", SITEMAP)
    assert found(site, "/my/feed").entry == (site.url("/my/feed"),)
    assert found(site, "/my/feed").name == "Ore Daily"
    assert found(site, "/my/map.xml").kind is SourceKind.SITEMAP


def test_the_news_sitemap_of_robots_txt_before_others(site: LocalSite) -> None:
    lines = f"Sitemap: {site.url('/all.xml')}\nSitemap: {site.url('/news-map.xml')}\n"
    site.put("/robots.txt", lines, content_type="text/plain")
    site.put("/", home())
    site.put("/all.xml", SITEMAP)
    site.put("/news-map.xml", SITEMAP)
    assert found(site).entry == (site.url("/news-map.xml"),)


def test_a_redirect_is_followed_and_its_end_is_the_source(site: LocalSite) -> None:
    site.put("/old", "moved", status=301, headers={"Location": "/new.xml"})
    site.put("/new.xml", FEED)
    assert found(site, "/old").entry == (site.url("/new.xml"),)


def wordpress(site: LocalSite, *, below: str = "/", pretty: bool = True, posts: int = 2) -> None:
    address = posts_url(site.url(below), rules=WordPress(), pretty=pretty)
    body = json.dumps(
        [{"link": f"https://ore.example/{number}/", "modified_gmt": "2026-09-01T00:00:00"} for number in range(posts)]
    )
    site.put(address.removeprefix(site.address), body, content_type="application/json")


def test_the_posts_of_a_wordpress_site_before_its_feed(site: LocalSite) -> None:
    wordpress(site)
    feed = '<link rel="alternate" type="application/rss+xml" href="/feed/">'
    site.put("/", home(f'<link rel="https://api.w.org/" href="/wp-json/" />{feed}'))
    site.put("/feed/", FEED)
    spec = found(site)
    assert (spec.kind, spec.entry, spec.name) == (SourceKind.WORDPRESS, (site.url("/"),), "Ore Daily")
    assert "2 posts" in spec.evidence.seen[0]
    assert "/feed/" not in dict(site.seen)
    assert SourceSpec.model_validate(tomllib.loads(dump_spec(spec))) == spec


def test_a_wordpress_site_that_does_not_say_so(site: LocalSite) -> None:
    wordpress(site)
    site.put("/", home())
    assert found(site).kind is SourceKind.WORDPRESS


@pytest.mark.parametrize(
    ("link", "below", "pretty"),
    [
        ('</blog/wp-json/>; rel="https://api.w.org/"', "/blog/", True),
        ('<https://x.example/>; rel=preload, </index.php?rest_route=/>; rel="https://api.w.org/"', "/", False),
    ],
)
def test_the_api_that_a_header_names(site: LocalSite, link: str, below: str, pretty: bool) -> None:
    wordpress(site, below=below, pretty=pretty)
    site.put(below, home(), headers={"Link": link})
    spec = found(site, below)
    assert (spec.kind, spec.entry) == (SourceKind.WORDPRESS, (site.url(below),))


def test_a_section_of_a_wordpress_site_has_its_own_feed(site: LocalSite) -> None:
    wordpress(site)
    site.put("/lithium/", home('<link rel="https://api.w.org/" href="/wp-json/" />'))
    site.put("/lithium/feed/", FEED)
    spec = found(site, "/lithium/")
    assert (spec.kind, spec.entry) == (SourceKind.FEED, (site.url("/lithium/feed/"),))


def test_a_wordpress_site_with_a_closed_or_empty_api(site: LocalSite) -> None:
    site.put("/", home('<link rel="https://api.w.org/" href="/wp-json/" />'))
    site.put("/feed/", FEED)
    assert found(site).kind is SourceKind.FEED
    wordpress(site, posts=0)
    assert found(site).kind is SourceKind.FEED
    wordpress(site)
    site.put("/robots.txt", "User-agent: *\nDisallow: /wp-json/\n", content_type="text/plain")
    assert found(site).kind is SourceKind.FEED


def test_a_sitemap_in_plain_text(site: LocalSite) -> None:
    site.put("/urls.txt", "https://ore.example/1\nhttps://ore.example/2\n", content_type="text/plain")
    assert found(site, "/urls.txt").kind is SourceKind.SITEMAP


def test_nothing_to_watch_says_what_was_tried(site: LocalSite) -> None:
    site.put("/", home())
    with pytest.raises(NothingFound, match=r"/feed/.*sitemap\.xml.*kind listing"):
        found(site)


@pytest.mark.parametrize(
    ("robots", "status", "message"),
    [
        ("User-agent: *\nDisallow: /", 200, "forbids"),
        ("\ufeffUser-agent: *\nDisallow: /", 200, "forbids"),
        ("oops", 503, "answers 503, so nothing may be fetched"),
    ],
)
def test_robots_are_obeyed(site: LocalSite, robots: str, status: int, message: str) -> None:
    site.put("/robots.txt", robots, status=status, content_type="text/plain")
    site.put("/", FEED)
    with pytest.raises(Unavailable, match=message):
        found(site)
    assert [path for path, _ in site.seen] == ["/robots.txt"]


def test_the_rules_stand_where_redirects_end(site: LocalSite) -> None:
    with local_site() as rules:
        site.put("/robots.txt", "moved", status=301, headers={"Location": rules.url("/robots.txt")})
        rules.put("/robots.txt", "moved", status=301, headers={"Location": "/rules/robots.txt"})
        rules.put("/rules/robots.txt", "User-agent: *\nDisallow: /", content_type="text/plain")
        site.put("/", FEED)
        with pytest.raises(Unavailable, match="forbids"):
            found(site)


def test_a_host_that_asks_for_fewer_requests_gets_no_more(site: LocalSite) -> None:
    site.put("/", home())
    site.put("/feed/", "busy", status=429)
    site.put("/rss.xml", FEED)
    with pytest.raises(Unavailable, match="wants fewer requests"):
        found(site)
    assert site.seen[-1][0] == "/feed/"


def test_the_crawl_delay_of_a_site_is_kept(site: LocalSite) -> None:
    site.put("/robots.txt", "User-agent: *\nCrawl-delay: 0.3\n", content_type="text/plain")
    site.put("/", home())
    site.put("/feed/", FEED)
    found(site)
    times = [when for _, when in site.times]
    assert min(after - before for before, after in itertools.pairwise(times)) > 0.29


def test_a_loop_of_redirects_ends(site: LocalSite) -> None:
    site.put("/", "moved", status=302, headers={"Location": "/"})
    with pytest.raises(Unavailable, match="redirects"):
        found(site)


def test_a_page_of_a_challenge_is_no_answer(site: LocalSite) -> None:
    site.put("/", "<html>wait</html>", status=202)
    with pytest.raises(Unavailable, match="answers 202"):
        found(site)


def test_a_dead_host() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(Unavailable, match="cannot be reached"):
        discover(f"http://127.0.0.1:{port}/", pause=0, policy=LOOPBACK)


@pytest.mark.parametrize("url", ["ftp://ore.example/", "http://", "http://[broken/"])
def test_what_is_no_web_address(url: str) -> None:
    with pytest.raises(Unavailable, match="no web address"):
        discover(url, pause=0)


def test_a_redirect_to_this_machine_needs_leave(site: LocalSite) -> None:
    with local_site() as inside:
        inside.put("/", FEED)
        site.put("/", "moved", status=302, headers={"Location": inside.url("/")})
        policy = AddressPolicy([site.address.removeprefix("http://")])
        with pytest.raises(Unavailable, match=r"127\.0\.0\.1 is a loopback address; .*\[network\] allow"):
            discover(site.url("/"), pause=0, policy=policy)
        assert inside.seen == []
