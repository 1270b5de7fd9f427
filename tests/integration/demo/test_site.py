"""The demo's server over HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from limen.app.demo.site import DemoSite
from limen.app.demo.world import DAYS, paths

FINAL = "/ministry/zwgk/gg/art/2024/art_e83a7f16c5d049b2971d4c0b6f2a85de.html"


@pytest.fixture
def site() -> Iterator[DemoSite]:
    with DemoSite() as running:
        yield running


@pytest.fixture
def client(site: DemoSite) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=site.base_url, trust_env=False) as client:
        yield client


@pytest.mark.parametrize("day", DAYS)
def test_each_day_serves_its_paths(site: DemoSite, client: httpx.Client, day: int) -> None:
    site.set_day(day)
    assert [client.get(path).status_code for path in paths(day=day)] == [200] * len(paths(day=day))
    assert client.get(FINAL).status_code == (200 if day == 3 else 404)
    assert site.requests[-1].path == FINAL


def test_the_media_types_fit(client: httpx.Client) -> None:
    types = {path: client.get(path).headers["content-type"] for path in paths(day=1)}
    assert types["/robots.txt"] == "text/plain; charset=utf-8"
    assert types["/miningwire/feed/"] == "application/rss+xml"
    assert types["/ministry/zwgk/gg/index.html"] == "text/html; charset=utf-8"
    assert next(kind for path, kind in types.items() if path.endswith(".docx")).endswith("wordprocessingml.document")


def test_robots_and_sitemap_name_this_server(site: DemoSite, client: httpx.Client) -> None:
    assert f"Sitemap: {site.base_url}/cellreview/news-sitemap.xml" in client.get("/robots.txt").text
    assert f"<loc>{site.base_url}/cellreview/articles/" in client.get("/cellreview/news-sitemap.xml").text


def test_what_the_client_has_is_not_sent_again(site: DemoSite, client: httpx.Client) -> None:
    path = "/cellreview/articles/what-the-new-battery-draft-means"
    first = client.get(path)
    for headers in (
        {"if-none-match": first.headers["etag"]},
        {"if-none-match": f'"other", W/{first.headers["etag"]}'},
        {"if-none-match": "*"},
        {"if-modified-since": first.headers["last-modified"]},
    ):
        again = client.get(path, headers=headers)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
    site.set_day(2)
    for headers in (
        {"if-none-match": first.headers["etag"]},
        {"if-modified-since": first.headers["last-modified"]},
        {"if-none-match": first.headers["etag"], "if-modified-since": "Fri, 01 Jan 2100 00:00:00 GMT"},
        {"if-modified-since": "yesterday"},
    ):
        assert client.get(path, headers=headers).status_code == 200
    second = client.get(path)
    site.set_day(3)
    assert client.get(path, headers={"if-none-match": second.headers["etag"]}).status_code == 304


def test_head_and_query_and_unknown_paths(site: DemoSite, client: httpx.Client) -> None:
    head = client.head("/robots.txt?x=1")
    assert (head.status_code, head.content) == (200, b"")
    assert int(head.headers["content-length"]) == len(client.get("/robots.txt").content)
    assert client.get("/../../etc/passwd").status_code == 404
    assert client.post("/robots.txt").status_code == 501
    assert [one.method for one in site.requests] == ["HEAD", "GET", "GET"]


def test_a_day_outside_the_story_is_refused(site: DemoSite) -> None:
    with pytest.raises(ValueError, match="days 1 to 3"):
        site.set_day(0)
