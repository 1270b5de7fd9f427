"""Columns of a jpaas publish server, with and without their parameters in the TOML."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl, urlsplit

from limen.crawler.pages.jpaas import Unit, unit_url
from limen.domain.issue import IssueKind

from .local_site import LocalSite
from .test_crawl import PAGE, Crawler, crawler, issue_of, site  # noqa: F401 - two are fixtures

API = "/api-gateway/jpaas-publish-server/front/page/build/unit"
PARAMETERS = {"parseType": "buildstatic", "webId": "w", "tplSetId": "t", "pageType": "column", "tagId": "右侧内容"}
UNIT = Unit(api=API, parameters=PARAMETERS | {"editType": "null", "pageId": "p"})
COLUMN = (
    '<html><script parseType="buildstatic" url="' + API + '" '
    "queryData=\"{'webId':'w','pageId':'p','tplSetId':'t','tagId':'右侧内容','pageType':'column'}\"></script></html>"
)
DEADLINE = '[deadline]\nrule = "epoch_ms"\nselect = "span.endtime"\n'
GIVEN = '[jpaas]\nweb_id = "w"\npage_id = "p"\ntpl_set_id = "t"\ntag_id = "右侧内容"\n'
PAGED = '[listing]\nrow = "li:has(a)"\ndate = "span.fr"\nmax_pages = 3\n'


def answer(*names: str) -> str:
    row = (
        '<li><span class="fr">2026-09-14</span><a href="art/{0}.html" title="公开征求{0}的意见">…</a>'
        '<span class="endtime">1791907199000</span></li>'
    )
    html = f'<ul>{"".join(row.format(name) for name in names)}<li class="empty"></li></ul>'
    return json.dumps({"code": "200", "success": True, "data": {"html": html}})


def put(site: LocalSite, body: str, *, page: int = 1, size: int | None = None) -> None:  # noqa: F811
    site.put(unit_url(UNIT, page=page, page_size=size), body, content_type="application/json")


def test_the_column_page_tells_its_parameters(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    site.put("/yjzj/index.html", COLUMN)
    site.put("/yjzj/art/a.html", PAGE.format("a", ""))
    put(site, answer("a"))
    crawler.add("cn", "jpaas", site.url("/yjzj/index.html"), extra=DEADLINE)
    crawl = crawler.run("cn")
    [(snapshot, _)] = crawl.ledger.fetches
    assert snapshot.url == site.url("/yjzj/art/a.html")
    assert snapshot.hints.title == "公开征求a的意见"
    assert snapshot.hints.comment_deadline is not None
    assert snapshot.hints.comment_deadline.timestamp() == 1791907199
    assert crawl.ledger.issues == []


def test_the_column_page_is_not_asked_for_where_the_source_knows_all(
    site: LocalSite,  # noqa: F811
    crawler: Crawler,  # noqa: F811
) -> None:
    for name in "abc":
        site.put(f"/yjzj/art/{name}.html", PAGE.format(name, ""))
    put(site, answer("a", "b"), page=1, size=24)
    put(site, answer("c"), page=2, size=24)
    put(site, answer(), page=3, size=24)
    crawler.add("cn", "jpaas", site.url("/yjzj/index.html"), extra=GIVEN + PAGED)
    crawl = crawler.run("cn")
    assert sorted(crawl.urls) == [site.url(f"/yjzj/art/{name}.html") for name in "abc"]
    assert "/yjzj/index.html" not in dict(site.seen)
    asked = [(address, headers) for address, headers in site.seen if address.startswith(API)]
    assert [json.loads(dict(parse_qsl(urlsplit(address).query))["paramJson"])["pageNo"] for address, _ in asked] == [
        1,
        2,
        3,
    ]
    assert asked[0][1]["referer"] == site.url("/yjzj/index.html")
    assert crawl.ledger.issues == []


def test_a_server_that_counts_no_pages_is_asked_twice(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    site.put("/yjzj/art/a.html", PAGE.format("a", ""))
    for page in (1, 2, 3):
        put(site, answer("a"), page=page, size=24)
    crawler.add("cn", "jpaas", site.url("/yjzj/index.html"), extra=GIVEN + PAGED)
    crawl = crawler.run("cn")
    assert len(crawl.urls) == 1
    assert sum(address.startswith(API) for address, _ in site.seen) == 2


def test_what_the_service_says_is_the_issue(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    put(site, json.dumps({"code": "500", "success": False, "message": "tagId 无效"}))
    crawler.add("cn", "jpaas", site.url("/yjzj/index.html"), extra=GIVEN)
    kind, message = issue_of(crawler.run("cn"))
    assert kind is IssueKind.SOURCE_CHANGED
    assert "tagId 无效" in message
