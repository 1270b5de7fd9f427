"""Crawls that are led to places where Limen may not call: nothing is sent there, and the issue says what to set."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from limen.domain.issue import IssueKind

from .local_site import LocalSite, local_site
from .test_crawl import FEED, PAGE, ROOT, Crawl, Crawler, crawler, news_site, site  # noqa: F401 - two are fixtures


@pytest.fixture
def inside() -> Iterator[LocalSite]:
    """A server that no crawl may reach."""
    with local_site() as running:
        yield running
        assert running.seen == []


def allow_only(crawler: Crawler, site: LocalSite) -> None:  # noqa: F811
    crawler.allow = [site.address.removeprefix("http://")]
    crawler.settings["RETRY_TIMES"] = 0


def refusal(crawl: Crawl) -> tuple[str, str]:
    [issue] = crawl.ledger.issues
    assert issue.kind is IssueKind.FETCH_FAILED
    assert '[network] allow = ["127.0.0.1"]' in issue.message
    assert issue.url is not None
    return issue.url, issue.message


def test_a_source_on_this_machine_needs_leave(inside: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    news_site(inside)
    crawler.allow = []
    crawler.add("news", "feed", inside.url("/feed.xml"))
    crawl = crawler.run("news")
    url, message = refusal(crawl)
    assert url == inside.url("/")
    assert "127.0.0.1 is a loopback address; if Limen may call it" in message
    assert "robots.txt cannot be fetched" not in message
    assert crawl.events[-1]["outcome"] == "failed"


def test_a_name_is_judged_by_what_it_leads_to(inside: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    crawler.allow = []
    crawler.add("news", "feed", inside.url("/feed.xml").replace("127.0.0.1", "localhost"))
    [issue] = crawler.run("news").ledger.issues
    assert "localhost leads to" in issue.message
    assert '[network] allow = ["localhost"]' in issue.message


def test_a_page_that_redirects_inside(site: LocalSite, inside: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    news_site(site)
    inside.put("/secret.html", PAGE.format("Secret", ""))
    site.put("/second.html", "moved", status=302, headers={"Location": inside.url("/secret.html")})
    allow_only(crawler, site)
    crawler.add("news", "feed", site.url("/feed.xml"))
    crawl = crawler.run("news")
    assert sorted(crawl.urls) == [site.url("/files/rule.pdf"), site.url("/first.html")]
    url, message = refusal(crawl)
    assert url == site.url("/second.html")
    assert f"redirects to {inside.url('/secret.html')}" in message


def test_an_attachment_inside(site: LocalSite, inside: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    news_site(site)
    site.put("/second.html", PAGE.format("Second", f'<a href="{inside.url("/secret.pdf")}">The rule</a>'))
    allow_only(crawler, site)
    crawler.add("news", "feed", site.url("/feed.xml"))
    crawl = crawler.run("news")
    assert site.url("/second.html") in crawl.urls
    assert refusal(crawl)[0] == inside.url("/")


@pytest.mark.parametrize("place", ["/robots.txt", "/feed.xml"])
def test_robots_or_a_list_that_redirects_inside(
    site: LocalSite,  # noqa: F811
    inside: LocalSite,
    crawler: Crawler,  # noqa: F811
    place: str,
) -> None:
    news_site(site)
    site.put(place, "moved", status=301, headers={"Location": inside.url(place)})
    allow_only(crawler, site)
    crawler.add("news", "feed", site.url("/feed.xml"))
    crawl = crawler.run("news")
    url, message = refusal(crawl)
    assert url == site.url(place)
    assert f"redirects to {inside.url(place)}" in message
    assert crawl.urls == []


def test_a_redirect_to_a_file_of_ours_is_no_way(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    news_site(site)
    for number, target in enumerate(("file:///etc/hostname", "ftp://127.0.0.1/x", "data:text/html,x")):
        site.put(f"/{number}.html", "moved", status=302, headers={"Location": target})
    links = "".join(f"<item><title>{n}</title><link>{site.url(f'/{n}.html')}</link></item>" for n in range(3))
    site.put("/feed.xml", f'<rss version="2.0"><channel><title>t</title>{links}</channel></rss>')
    crawler.add("news", "feed", site.url("/feed.xml"))
    assert crawler.run("news").urls == []


def test_a_proxy_of_the_environment_needs_leave(
    site: LocalSite,  # noqa: F811
    inside: LocalSite,
    crawler: Crawler,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for scheme in ("http", "https"):
        monkeypatch.setenv(f"{scheme}_proxy", inside.address)
        crawler.add(f"by-{scheme}", "feed", f"{scheme}://ministry.example/feed.xml")
    allow_only(crawler, site)
    issues = crawler.run("by-http", "by-https").ledger.issues
    assert len(issues) == 2
    assert all("127.0.0.1 is a loopback address" in issue.message for issue in issues)


REBINDING = """
import json, socket, sys
from twisted.internet.asyncioreactor import install
install()
from twisted.internet import reactor
from twisted.internet._resolver import GAIResolver
from twisted.internet.endpoints import HostnameEndpoint
from twisted.internet.protocol import Factory, Protocol
from limen.crawler.resolver import GuardedResolver
from limen.domain.address_policy import AddressPolicy

port, answers = int(sys.argv[1]), iter([["127.0.0.2", "127.0.0.1"], ["127.0.0.1"], ["127.0.0.2"]])
told, outcomes = [], []

def getaddrinfo(host, port, *_):
    told.append(host)
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in next(answers)]

reactor.installNameResolver(GAIResolver(reactor, getaddrinfo=getaddrinfo))
guard = GuardedResolver(reactor, AddressPolicy(["127.0.0.2"]))
guard.install_on_reactor()

def connect(times):
    if not times:
        reactor.stop()
        return
    attempt = HostnameEndpoint(reactor, "rebind.example", port).connect(Factory.forProtocol(Protocol))
    def connected(protocol):
        outcomes.append(protocol.transport.getPeer().host)
        protocol.transport.loseConnection()
    def failed(failure):
        outcomes.append([failure.type.__name__, str(guard.refusal("Rebind.Example."))])
    attempt.addCallbacks(connected, failed).addBoth(lambda _: connect(times - 1))

reactor.callWhenRunning(connect, 3)
reactor.run()
print(json.dumps({"told": told, "outcomes": outcomes}))
"""


def test_a_name_that_answers_differently_the_second_time(inside: LocalSite) -> None:
    # the server listens on 127.0.0.1 only: a connection to 127.0.0.2 that was checked is refused by the system
    port = inside.address.rpartition(":")[2]
    done = subprocess.run([sys.executable, "-c", REBINDING, port], capture_output=True, text=True, cwd=ROOT, check=True)
    told: dict[str, Any] = json.loads(done.stdout)
    assert told["told"] == ["rebind.example"] * 3
    checked, rebound, again = told["outcomes"]
    assert checked == ["ConnectionRefusedError", "None"]
    assert rebound[0] == "DNSLookupError"
    assert "rebind.example leads to 127.0.0.1, a loopback address" in rebound[1]
    assert again == ["ConnectionRefusedError", "None"]


def test_a_crawl_by_hand_is_guarded_too(inside: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    crawler.add("news", "feed", inside.url("/feed.xml"))
    command = [sys.executable, "-m", "scrapy", "crawl", "feed", "-a", "source=news", "-s", "RETRY_TIMES=0"]
    command += ["-s", f"LIMEN_CATALOGUE_DIRS={crawler.sources}", "-s", "LIMEN_PROGRESS=1"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True, timeout=60)
    assert "127.0.0.1 is a loopback address" in done.stdout
