"""Lists made by JavaScript, rendered by a real Chromium that can reach nothing but its source."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from limen.crawler.browser import find_chromium
from limen.crawler.errors import CrawlerError

from .local_site import LocalSite, local_site
from .test_crawl import PAGE, Crawler, crawler, news_site  # noqa: F401 - one is a fixture

pytest.importorskip("scrapy_playwright", reason="NOT TESTED: the browser; pip install 'limen[browser]'")
try:
    find_chromium()
except CrawlerError as missing:
    pytest.skip(f"NOT TESTED: the browser; {missing}", allow_module_level=True)

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[3]

RENDER = """
import json, sys
import scrapy
from scrapy.crawler import CrawlerProcess
from limen.crawler import browser
from limen.crawler.browser import browser_meta, browser_settings
from limen.crawler.source_spec import SourceSpec

job = json.load(sys.stdin)
browser.PATIENCE_MS = job["settings"].pop("LIMEN_PATIENCE_MS", browser.PATIENCE_MS)
spec = SourceSpec.model_validate(job["spec"])


class Renderer(scrapy.Spider):
    name = "renderer"

    async def start(self):
        for url in job["urls"]:
            yield scrapy.Request(url, meta=browser_meta(spec), callback=self.parse, errback=self.failed)

    def parse(self, response):
        print(json.dumps([response.status, response.url, response.text]))

    def failed(self, failure):
        print(json.dumps([0, failure.request.url, str(failure.value)]))


settings = browser_settings(spec, lambda host: "127.0.0.1") | job["settings"]
process = CrawlerProcess(
    {
        "TWISTED_REACTOR": "twisted.internet.asyncioreactor.AsyncioSelectorReactor",
        "TELNETCONSOLE_ENABLED": False,
        "LOG_LEVEL": "WARNING",
        **settings,
    }
)
process.crawl(Renderer)
process.start()
"""

LIST = """<html><head><title>Notices</title></head><body><ul id="rows"></ul><p id="tried"></p><script>
const elsewhere = ELSEWHERE;
for (const address of elsewhere) {
  document.body.append(Object.assign(document.createElement('script'), {src: address}));
  document.body.append(Object.assign(document.createElement('iframe'), {src: address}));
  document.body.append(Object.assign(document.createElement('img'), {src: address}));
}
// The rows come last: when they are there, every stranger has been tried.
Promise.allSettled(elsewhere.map(address => fetch(address, {mode: 'no-cors'}))).then(results => {
  document.getElementById('tried').textContent = results.map(result => result.status).join(' ');
  return fetch('/rows.json');
}).then(answer => answer.json()).then(rows => {
  document.getElementById('rows').innerHTML = rows.map(row => `<li><a href="${row[0]}">${row[1]}</a></li>`).join('');
});
</script></body></html>"""


@pytest.fixture
def site() -> Iterator[LocalSite]:
    with local_site() as running:
        yield running


@pytest.fixture
def stranger() -> Iterator[LocalSite]:
    with local_site() as running:
        yield running


def port(site: LocalSite) -> str:
    return site.address.rsplit(":", 1)[-1]


def render(entry: str, *urls: str, **settings: Any) -> list[tuple[int, str, str]]:
    """Return status, address and text of each address as the source's browser shows it."""
    spec = {
        "id": "registry",
        "name": "Registry",
        "publisher": "Registry",
        "jurisdiction": "XX",
        "language": "en",
        "kind": "listing",
        "document_class": "notice",
        "homepage": entry,
        "entry": [entry],
        "timezone": "UTC",
        "schedule": {"every": "6h"},
        "listing": {"row": "#rows li"},
        "browser": {"wait_for": "#rows li, #plain"},
    }
    done = subprocess.run(
        [sys.executable, "-c", RENDER],
        input=json.dumps({"spec": spec, "urls": urls, "settings": settings}),
        capture_output=True,
        text=True,
        timeout=120,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [tuple(json.loads(line)) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("settings", [{}, {"PLAYWRIGHT_ABORT_REQUEST": None}], ids=["both locks", "names only"])
def test_a_list_is_rendered_and_strangers_are_out_of_reach(
    site: LocalSite, stranger: LocalSite, settings: dict[str, Any]
) -> None:
    elsewhere = [f"http://{host}:{port(stranger)}/spy.js" for host in ("localhost", "127.0.0.1", "stranger.example")]
    site.put("/list.html", LIST.replace("ELSEWHERE", json.dumps(elsewhere)))
    site.put("/rows.json", json.dumps([["/a.html", "Notice on lithium"]]), content_type="application/json")
    stranger.put("/spy.js", "document.title = 'taken'", content_type="text/javascript")
    # The site has a name of its own, so that even the same machine's number is somebody else's.
    address = f"http://registry.example:{port(site)}/list.html"
    [(status, url, text)] = render(address, address, **settings)
    assert (status, url) == (200, address)
    assert '<li><a href="/a.html">Notice on lithium</a></li>' in text
    assert "<title>Notices</title>" in text
    assert '<p id="tried">rejected rejected rejected</p>' in text
    assert stranger.seen == []
    assert dict(site.seen)["/rows.json"]["host"] == f"registry.example:{port(site)}"


def test_a_redirect_to_a_stranger_ends_there(site: LocalSite, stranger: LocalSite) -> None:
    stranger.put("/spy.html", '<p id="plain">taken</p>')
    site.put("/hop", "moved", status=302, headers={"Location": f"http://localhost:{port(stranger)}/spy.html"})
    address = f"http://registry.example:{port(site)}/hop"
    [(status, _, message)] = render(address, address, PLAYWRIGHT_ABORT_REQUEST=None)
    assert status == 0
    assert "ERR_NAME_NOT_RESOLVED" in message
    assert stranger.seen == []


def test_the_page_says_who_asks_and_keeps_its_status(site: LocalSite) -> None:
    site.put("/gone.html", '<p id="plain">no longer here</p>', status=404)
    address = f"http://registry.example:{port(site)}/gone.html"
    [(status, _, text)] = render(address, address, USER_AGENT="Limen/test", HTTPERROR_ALLOW_ALL=True)
    assert status == 404
    assert "no longer here" in text
    assert dict(site.seen)["/gone.html"]["user-agent"] == "Limen/test"


def test_an_element_that_never_comes_is_a_failure(site: LocalSite) -> None:
    site.put("/slow.html", "<p>loading</p>")
    address = f"http://registry.example:{port(site)}/slow.html"
    [(status, _, message)] = render(address, address, LIMEN_PATIENCE_MS=500)
    assert status == 0
    assert "#rows li" in message
    assert "imeout" in message


def test_a_source_with_a_rendered_list_is_crawled_as_any_other(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    site.put(
        "/list.html",
        "<html><body><ul id=docs></ul><script>for (const n of [1, 2]) document.getElementById('docs').innerHTML += "
        "`<li><a href='/doc/${n}.html'>Notice ${n}</a><span>2026-09-0${n}</span></li>`;</script></body></html>",
    )
    for number in (1, 2):
        site.put(f"/doc/{number}.html", PAGE.format(f"Notice {number}", ""))
    rules = '[listing]\nrow = "#docs li"\ndate = "span"\n[browser]\nrender = "lists"\nwait_for = "#docs li"\n'
    crawler.add("rendered", "listing", site.url("/list.html"), extra=rules)
    crawl = crawler.run("rendered")
    assert sorted(crawl.urls) == [site.url("/doc/1.html"), site.url("/doc/2.html")]
    bodies = {snapshot.url: body for snapshot, body in crawl.ledger.fetches}
    assert bodies[site.url("/doc/1.html")] == site.pages["/doc/1.html"].body  # pages are the server's bytes
    again = crawler.run("rendered")
    assert (again.count("fetched"), again.count("unchanged")) == (0, 2)


def test_a_missing_browser_is_told_and_costs_no_other_source(
    site: LocalSite,
    crawler: Crawler,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    news_site(site)
    rules = '[listing]\nrow = "li"\n[browser]\nrender = "lists"\n'
    crawler.add("rendered", "listing", site.url("/list.html"), extra=rules)
    crawler.add("news", "feed", site.url("/feed.xml"))
    monkeypatch.setenv("LIMEN_CHROMIUM", "/no/such/chromium")
    crawl = crawler.run("rendered", "news")
    outcomes = {each["source"]: each["outcome"] for each in crawl.events if each["event"] == "source_finished"}
    assert outcomes == {"rendered": "failed", "news": "completed"}
    [issue] = crawl.ledger.issues
    assert "LIMEN_CHROMIUM" in issue.message
