"""What has a digest at all, and how sets of characters, sessions and odd attributes are taken."""

from __future__ import annotations

import pytest

from limen.crawler.pages.main_text import main_digest

TEXT = "新建电池项目的能量密度不应低于160Wh/kg，并应当在投产前向主管部门备案，逾期不报的由主管部门通报。" * 4
PAGE = f"<html><head><title>T</title></head><body><div><p>{TEXT}</p></div><footer>Views: 1</footer></body></html>"


def digest(body: str, *, encoding: str = "utf-8", content_type: str | None = "text/html") -> str | None:
    return main_digest(body.encode(encoding), content_type)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", None),
        (b"%PDF-1.7", "text/html"),
        (b"%PDF-1.7", "application/pdf"),
        (b'{"a": "<html>"}', "application/json"),
        (b"plain words", "text/html"),
        (b"<?xml version='1.0'?><rss></rss>", None),
        (PAGE.encode(), "application/xml"),
        (PAGE.encode("utf-16"), "text/html"),
    ],
)
def test_what_is_no_html_page_has_no_digest(body: bytes, content_type: str | None) -> None:
    assert main_digest(body, content_type) is None


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_every_character_counts_in_every_set(encoding: str) -> None:
    before = digest(PAGE, encoding=encoding)
    assert before is not None
    assert digest(PAGE.replace("Views: 1", "Views: 2"), encoding=encoding) == before
    assert digest(PAGE.replace("低", "高", 1), encoding=encoding) != before
    assert digest(PAGE.replace("160", "165", 1), encoding=encoding) != before


def test_another_set_of_characters_is_another_page() -> None:
    assert digest(PAGE) != digest(PAGE, content_type="text/html; charset=gbk")
    assert digest(PAGE) != digest(PAGE.replace("<title>", '<meta charset="gbk"><title>'))


def test_a_session_in_the_links_is_nothing_new() -> None:
    pages = [PAGE.replace("</div>", f'<a href="/next;jsessionid={each}?p=1">Next</a></div>') for each in ("A1.x", "B2")]
    assert digest(pages[0]) == digest(pages[1])


def test_the_foot_of_a_page_with_little_else_counts() -> None:
    short = "<html><body><p>See below.</p><footer>Limit: {} mg/L</footer></body></html>"
    assert digest(short.format(1)) != digest(short.format(2))
    long_foot = PAGE.replace("Views: 1", TEXT)
    assert digest(long_foot) != digest(long_foot.replace("160", "165"))


def test_heads_and_feet_of_an_article_count() -> None:
    page = PAGE.replace("<div>", "<article><header><p>Valid from 1 May</p></header>").replace("</div>", "</article>")
    assert digest(page) != digest(page.replace("1 May", "1 June"))


def test_what_hides_or_names_or_spans_counts() -> None:
    page = PAGE.replace("<p>", '<p class="a" id="b" style="color:red">')
    others = ('class="share"', 'id="con_con"', 'style="display:none"', "hidden", 'role="navigation"', 'colspan="2"')
    digests = {digest(page), *(digest(PAGE.replace("<p>", f"<p {each}>")) for each in others)}
    assert len(digests) == 1 + len(others)


@pytest.mark.parametrize(
    "attribute", ['{a="1"', '*="1"', '{*}x="1"', '@click="x"', '*ngIf="y"', "data-ü='1'", '[x]="1"']
)
def test_odd_attributes_are_no_patterns(attribute: str) -> None:
    page = PAGE.replace("<div>", f"<div {attribute}>")
    assert digest(page.replace("<p>", '<p class="share">')) != digest(page)


def test_linked_data_and_stated_dates_count() -> None:
    data = '<script type="application/ld+json">{"articleBody": "1"}</script><meta name="pubdate" content="2024-05-08">'
    page = PAGE.replace("<title>", f"{data}<title>")
    assert len({digest(page), digest(page.replace('"1"', '"2"')), digest(page.replace("05-08", "05-09"))}) == 3
    token = PAGE.replace("<title>", '<meta name="csrf-token" content="x"><title>')
    assert digest(token) == digest(token.replace('"x"', '"y"'))


def test_lines_count_in_preformatted_text_only() -> None:
    page = PAGE.replace("<p>", "<pre>1 t\n2 t</pre><p>")
    assert digest(page) != digest(page.replace("t\n2", "t 2"))
    assert digest(page.replace("<body>", "<body>\n")) == digest(page.replace("<body>", "<body> \n \n"))
