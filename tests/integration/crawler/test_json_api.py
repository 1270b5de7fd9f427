"""Services that list their documents in JSON."""

from __future__ import annotations

import json

from limen.domain.issue import IssueKind

from .local_site import LocalSite
from .test_crawl import PAGE, Crawler, crawler, issue_of, site  # noqa: F401 - two are fixtures

FIELDS = '[json_api.fields]\nurl = "/doc/{id}.html"\ntitle = "name"\npublished = "at"\n'


def answer(*numbers: int, **more: object) -> str:
    items = [{"id": number, "name": f"Rule<BR>{number}", "at": "2026-09-14T08:00:00Z"} for number in numbers]
    return json.dumps({"ok": True, "items": items, **more})


def documents(site: LocalSite, *numbers: int) -> list[str]:  # noqa: F811
    for number in numbers:
        site.put(f"/doc/{number}.html", PAGE.format(number, ""))
    return [site.url(f"/doc/{number}.html") for number in numbers]


def test_pages_by_number(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    expected = documents(site, 1, 2, 3)
    for page, numbers in enumerate([(1, 2), (3,), ()]):
        site.put(f"/api?open=1&page={page}", answer(*numbers), content_type="application/json")
    rules = '[json_api]\nitems = "items"\nok = { ok = true }\npage_parameter = "page"\nfirst_page = 0\nmax_pages = 9\n'
    extra = f'{rules}headers = {{ "X-Wanted" = "rules" }}\n{FIELDS}'
    crawler.add("api", "json_api", site.url("/api?open=1"), extra=extra)
    crawl = crawler.run("api")
    assert sorted(crawl.urls) == expected
    hints = crawl.ledger.fetches[0][0].hints
    assert hints.title is not None
    assert hints.title.startswith("Rule ")
    assert dict(site.seen)["/api?open=1&page=0"]["x-wanted"] == "rules"
    assert crawl.ledger.issues == []


def test_pages_by_their_addresses(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    expected = documents(site, 1, 2)
    site.put("/api", answer(1, **{"@odata.nextLink": site.url("/more")}), content_type="application/json")
    site.put("/more", answer(2, **{"@odata.nextLink": site.url("/api")}), content_type="application/json")
    rules = '[json_api]\nitems = "items"\nnext = "@odata.nextLink"\nmax_pages = 50\n'
    crawler.add("api", "json_api", site.url("/api"), extra=rules + FIELDS)
    crawl = crawler.run("api")
    assert sorted(crawl.urls) == expected
    # A circle is noticed when it brings nothing new.
    assert [path for path, _ in site.seen if path in ("/api", "/more")] == ["/api", "/more", "/api"]


def test_a_posted_question(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    expected = documents(site, 1)
    site.put("/search", answer(1), content_type="application/json")
    rules = '[json_api]\nmethod = "POST"\nitems = "items"\nmax_pages = 9\nbody = { pageNum = "{page}", word = "锂" }\n'
    crawler.add("api", "json_api", site.url("/search"), extra=rules + FIELDS)
    crawl = crawler.run("api")
    assert crawl.urls == expected
    # It gives the same answer to every page, so the second is the last.
    assert [json.loads(body) for _, body in site.posted] == [{"pageNum": page, "word": "锂"} for page in (1, 2)]
    assert dict(site.seen)["/search"]["content-type"] == "application/json"


def test_a_list_in_a_script(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    expected = documents(site, 1)
    site.put("/dou", f'<html><script id="params" type="application/json">{answer(1)}</script></html>')
    rules = '[json_api]\nitems = "items"\nscript = "script#params"\n'
    crawler.add("api", "json_api", site.url("/dou"), extra=rules + FIELDS)
    assert crawler.run("api").urls == expected


def test_another_layout_is_an_issue(site: LocalSite, crawler: Crawler) -> None:  # noqa: F811
    site.put("/api", '{"results": []}', content_type="application/json")
    crawler.add("api", "json_api", site.url("/api"), extra='[json_api]\nitems = "items"\n' + FIELDS)
    kind, message = issue_of(crawler.run("api"))
    assert kind is IssueKind.SOURCE_CHANGED
    assert "no list at 'items'" in message
