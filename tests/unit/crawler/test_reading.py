"""Answers are read by their source's kind; what is of another shape is refused with what to correct."""

from __future__ import annotations

import json

import pytest

from limen.crawler.catalogue import load_catalogue
from limen.crawler.errors import PageError
from limen.crawler.pages.hops import hop_value
from limen.crawler.pages.json_page import page_html
from limen.crawler.pages.listing import read_listing
from limen.crawler.reading import decoded, list_as_found, read_list, read_page
from limen.crawler.source_rules import Hop, Listing

CATALOGUE = load_catalogue(())
HOP = Hop(url="https://a.example/{key}", value="data", pattern="articleId=([0-9a-f]+)")


def test_relative_addresses_start_at_the_entry_point_that_was_asked() -> None:
    spec = CATALOGUE["cn-mee-zcwj"]
    html = '<ul><li><a href="./202609/t20260910_1.shtml">x</a><span class="date">2026-09-10</span></li></ul>'
    for entry in spec.entry:
        [found] = read_list(spec, html.encode(), url=entry).entries
        assert found.url == f"{entry}202609/t20260910_1.shtml"


def test_an_answer_from_another_address_belongs_to_the_entry_point_most_like_it() -> None:
    spec = CATALOGUE["cn-smm"]
    body = b'<a href="/newscontent/100000001-x">Cathode prices rise</a>'
    found = list_as_found(spec, read_list(spec, body, url="https://news.metal.com/list/industry/aluminium?page=2"))
    assert [entry["url"] for entry in found["entries"]] == ["https://news.metal.com/newscontent/100000001-x"]


@pytest.mark.parametrize(
    ("declared", "content_type"), [("gb2312", None), ("utf-8", "text/html; charset=gbk"), ("gbk", None)]
)
def test_pages_of_the_gb_family_are_read_as_the_widest(declared: str, content_type: str | None) -> None:
    page = f'<html><head><meta charset="{declared}"></head><body>朱镕䶮</body></html>'
    assert "朱镕䶮" in decoded(CATALOGUE["cn-cnmn"], page.encode("gb18030"), content_type=content_type)


def test_a_hop_gives_the_part_of_its_value_that_the_next_one_needs() -> None:
    answer = json.dumps({"data": "https://a.example/article.html?articleId=0f3"}).encode()
    assert hop_value(answer, hop=HOP, url="https://a.example/1") == "0f3"


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        (b'{"data": "https://a.example/"}', r"\[\[hops\]\]"),
        (b'{"data": null}', r"\[\[hops\]\]"),
        (b"<html></html>", "HTML page"),
    ],
)
def test_a_hop_that_leads_nowhere_is_refused(answer: bytes, complaint: str) -> None:
    with pytest.raises(PageError, match=complaint):
        hop_value(answer, hop=HOP, url="https://a.example/1")


@pytest.mark.parametrize("answer", [b'{"data": {}}', b'{"data": {"articleContent": ""}}'])
def test_a_page_in_json_without_its_text_is_refused(answer: bytes) -> None:
    with pytest.raises(PageError, match=r"\[detail\] content"):
        page_html(answer, path="data.articleContent", url="https://a.example/1")


def test_a_page_in_json_is_read_as_its_html() -> None:
    answer = {"data": {"articleContent": '<p>时间为2026年9月4日至2026年10月4日。</p><a href="/a.docx">草案</a>'}}
    found = read_page(CATALOGUE["cn-ndrc-yjzq"], json.dumps(answer).encode(), url="https://a.example/1")
    assert [each.url for each in found.attachments] == ["https://a.example/a.docx"]
    assert found.comment_deadline is not None
    assert found.comment_deadline.isoformat() == "2026-10-04T23:59:59+08:00"


@pytest.mark.parametrize(
    ("words", "pattern", "status"),
    [
        ("【进行中】关于征求意见的公告", "(进行中|已结束)(?=】)", "进行中"),
        ("关于征求意见的公告", "(进行中|已结束)(?=】)", None),
        ("(已结束)", None, "(已结束)"),
        ("(已结束)", r"\w+", "已结束"),
    ],
)
def test_the_state_of_a_consultation_in_a_row(words: str, pattern: str | None, status: str | None) -> None:
    rules = Listing(row="li", status="a", status_pattern=pattern)
    [found] = read_listing(f'<li><a href="/1">{words}</a></li>', url="https://a.example/", rules=rules, zone="UTC")
    assert found.hints.status == status
