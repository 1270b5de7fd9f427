"""Posts of WordPress sites, and answers in their place."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from limen.crawler.errors import PageError
from limen.crawler.pages.wordpress import feed_url, page_count, posts_url, read_posts, site_of
from limen.crawler.source_rules import WordPress
from limen.crawler.spiders.wordpress import WordPressSpider

from .spider_stage import Stage

URL = "https://ore.example/wp-json/wp/v2/posts"
POST = {
    "id": 7,
    "date_gmt": "2026-09-14T08:05:00",
    "modified_gmt": "2026-09-15T10:00:00",
    "link": "https://ore.example/2026/09/lithium-rule/",
    "title": {"rendered": "Serbia&#8217;s lithium rule: &lt;5 mg &amp; <em>more</em>"},
    "categories": [3],
}


def read(*posts: Any) -> Any:
    return read_posts(json.dumps(posts).encode(), url=URL)


def test_a_post() -> None:
    [entry] = read(POST)
    assert entry.url == "https://ore.example/2026/09/lithium-rule/"
    assert entry.revision == "2026-09-15T10:00:00"
    assert entry.hints.title == "Serbia’s lithium rule: <5 mg & more"
    assert entry.hints.published == datetime(2026, 9, 14, 8, 5, tzinfo=UTC)


def test_posts_that_lack_something() -> None:
    bare, draft = {"link": "/a/"}, POST | {"date_gmt": "0000-00-00T00:00:00", "title": "Plain"}
    first, second = read(bare, {"id": 1}, draft)
    assert (first.url, first.revision, first.hints.title) == ("https://ore.example/a/", None, None)
    assert (second.hints.published, second.hints.title) == (None, "Plain")
    assert read() == ()


def test_warnings_of_a_plugin_in_front_of_the_posts() -> None:
    noise = "\ufeff<br />\n<b>Deprecated</b>:  Return type [x] in <b>/srv/a.php</b> on line <b>3</b><br />\n"
    assert len(read_posts((noise + json.dumps([POST])).encode(), url=URL)) == 1


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            b'{"code":"rest_no_route","message":"No route was found","data":{"status":404}}',
            "it says: No route was found",
        ),
        (b"<html><body>Welcome</body></html>", "an HTML page"),
        (b"", "empty"),
        (b'[{"id": 1}, {"id": 2}]', "none of 2 posts has a link"),
        (b'"text"', "no list of posts"),
        (b"[1, null]", "none of 2 posts"),
    ],
)
def test_answers_that_are_no_posts(body: bytes, message: str) -> None:
    with pytest.raises(PageError, match=message):
        read_posts(body, url=URL)


@pytest.mark.parametrize(
    ("entry", "site"),
    [
        ("https://ore.example", "https://ore.example/"),
        ("https://ore.example/blog/", "https://ore.example/blog/"),
        ("https://ore.example/blog/wp-json/wp/v2/", "https://ore.example/blog/"),
        ("https://ore.example/wp-json", "https://ore.example/"),
        ("https://ore.example/index.php?rest_route=/", "https://ore.example/"),
    ],
)
def test_the_site_of_an_entry(entry: str, site: str) -> None:
    assert site_of(entry) == site


def test_addresses() -> None:
    rules = WordPress(categories=(3, 14), per_page=100)
    fields = "id,date_gmt,modified_gmt,link,title,categories"
    query = f"per_page=100&page=2&orderby=modified&order=desc&_fields={fields}&categories=3,14"
    assert posts_url("https://ore.example/", rules=rules, page=2) == f"https://ore.example/wp-json/wp/v2/posts?{query}"
    assert posts_url("https://ore.example", rules=rules, page=2, pretty=False) == (
        f"https://ore.example/?rest_route=/wp/v2/posts&{query}"
    )
    assert "/wp/v2/press-releases?" in posts_url("https://ore.example", rules=WordPress(post_type="press-releases"))
    assert feed_url("https://ore.example/blog") == "https://ore.example/blog/feed/"


def test_the_number_of_pages() -> None:
    assert [page_count(each) for each in ("3", " 12 ", None, "many", "-1")] == [3, 12, None, None, None]


def test_the_feed_of_a_closed_site_is_read_as_the_source_says() -> None:
    table = {
        "kind": "wordpress",
        "entry": ["https://ore.example/"],
        "encoding": "gb18030",
        "deadline": {"rule": "regex", "pattern": "截止(.+)。"},
    }
    stage = Stage(WordPressSpider, table)
    [request] = stage.first()
    for _ in range(2):
        [request] = stage.answer(request, b"<html>closed</html>")
    item = "<title>镕锂</title><link>https://ore.example/1</link><description>截止2026年9月14日。</description>"
    stage.answer(request, f'<rss version="2.0"><channel><item>{item}</item></channel></rss>'.encode("gb18030"))
    [entry] = stage.taken
    assert entry.hints.title == "镕锂"
    assert entry.hints.comment_deadline is not None
    assert entry.hints.comment_deadline.isoformat() == "2026-09-14T23:59:59-04:00"
