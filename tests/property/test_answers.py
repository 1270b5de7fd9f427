"""Whatever a service answers, it is read or refused with a reason; nothing else comes out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from limen.crawler.errors import PageError
from limen.crawler.pages.attachments import find_attachments
from limen.crawler.pages.entry import Entry
from limen.crawler.pages.jpaas import find_unit, read_query_data, read_rows
from limen.crawler.pages.json_api import read_json_api
from limen.crawler.pages.json_path import find, plain_text
from limen.crawler.pages.sitemap import read_sitemap
from limen.crawler.pages.wordpress import read_posts
from limen.crawler.source_rules import DeadlineRule, Detail, Jpaas, JsonApi, SitemapRules

URL = "https://api.example/list"
KEYS = st.sampled_from(
    ["id", "items", "title", "rendered", "link", "date_gmt", "at", "success", "code", "data", "html"]
)
TEXT = st.text(st.characters(codec=None)) | st.sampled_from(
    ["http://[broken/", "//x:0/", "true", "200", "2026-09-14", "<ul><li><a href=x>"]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS | TEXT, inner, max_size=4),
    max_leaves=20,
)
WHOLE = {
    "id": 7,
    "title": {"rendered": "Limits"},
    "link": "https://x.example/a",
    "date_gmt": "2026-09-14T00:00:00",
    "at": "14.09.2026",
    "code": "open",
}
"""What every reader of items takes for a document."""
DAMAGED = st.dictionaries(KEYS, VALUES, max_size=2).map(lambda changed: WHOLE | changed)
ROWS = st.lists(TEXT, max_size=3).map(
    lambda titles: "".join(f"<ul><li><a href=/a.html>{each}</a></li></ul>" for each in titles)
)
RULES = JsonApi.model_validate(
    {
        "items": "items",
        "date_formats": ["epoch_ms", "epoch_s", "%d.%m.%Y"],
        "fields": {
            "url": "https://x.example/{id}/{code}",
            "document_url": "link",
            "title": "title.rendered",
            "published": "at",
            "effective_on": "date_gmt",
            "status": "code",
            "references": ["items.*.id", "data"],
            "revision": "at",
        },
    }
)
DEADLINE = DeadlineRule(rule="relative_days", pattern=r"(\d+)", select="at")


def reads(read: Callable[..., Iterable[Entry]], *arguments: Any, **options: Any) -> None:
    try:
        entries = read(*arguments, **options)
    except PageError as error:
        assert URL in str(error)  # noqa: PT017
        return
    for entry in entries:
        assert entry.url.startswith(("http://", "https://"))
        assert entry.hints.title is None or entry.hints.title.encode().strip()
        for moment in (entry.hints.published, entry.hints.comment_deadline):
            assert moment is None or moment.tzinfo is not None


def read_items(body: bytes) -> tuple[Entry, ...]:
    return read_json_api(body, url=URL, base=URL, rules=RULES, zone="Asia/Tokyo", deadline=DEADLINE).entries


def read_urls(body: bytes) -> tuple[Entry, ...]:
    return read_sitemap(body, url=URL, zone="UTC", rules=SitemapRules()).entries


@given(VALUES | DAMAGED | ROWS)
def test_json(value: Any) -> None:
    for wrapped in (value, [value], {"items": [value]}, {"success": True, "code": "200", "data": {"html": value}}):
        body = json.dumps(wrapped).encode()
        reads(read_items, body)
        reads(read_posts, body, url=URL)
        reads(read_rows, body, url=URL, column_url=URL, listing=None, zone="Asia/Shanghai")


@given(VALUES, st.lists(KEYS | st.sampled_from(["*", "0", "[id=true]"]), min_size=1).map(".".join))
def test_paths(value: Any, path: str) -> None:
    assert isinstance(find(value, path), list)


@given(st.binary() | st.text().map(str.encode))
@example(b"<:")
def test_bytes(body: bytes) -> None:
    for read in (read_urls, read_items):
        reads(read, body)
    reads(read_posts, body, url=URL)


@given(st.text())
def test_text(text: str) -> None:
    assert isinstance(read_query_data(text), dict)
    title = plain_text(text)
    assert title is None or title == " ".join(title.split())
    with suppress(PageError):
        find_unit(f'<script querydata="{text}"></script>', column_url=URL, rules=Jpaas())


@given(st.text())
def test_attributes_of_links(text: str) -> None:
    found = find_attachments(f'<body><a {text} href="a.pdf">Rule</a>', url=URL, rules=Detail())
    assert all(each.url.startswith(("http://", "https://")) for each in found)
