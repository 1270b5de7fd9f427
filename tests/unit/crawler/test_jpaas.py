"""Columns of the jpaas publish server; the payloads are our own, in the shape of the Ministry of Industry's."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

import pytest

from limen.crawler.errors import PageError
from limen.crawler.pages.jpaas import find_unit, page_size_of, read_query_data, read_rows, unit_of_rules, unit_url
from limen.crawler.source_rules import DeadlineRule, Jpaas, Listing

COLUMN = "https://www.miit.example/gzcy/yjzj/index.html"
API = "/api-gateway/jpaas-publish-server/front/page/build/unit"
SHANGHAI = ZoneInfo("Asia/Shanghai")
ROWS = """<div class="clist_con"><ul>
<li><span class="fr">2026-09-14</span>
 <a href="/gzcy/yjzj/art/2026/art_aa.html" target="_blank" title="公开征求《锂电池（征求意见稿）》的意见"><i></i>公开…</a>
 <span class="endtime" style="display:none !important;">1791907199000</span></li>
<li class="border-line"><a href="#line">line</a></li>
<li><span class="fr">2026-09-10</span><a href="art/2026/art_bb.html">关于稀土的公示</a></li>
<li class="empty"><a href="/nothing.html">暂无</a></li>
</ul></div>"""


def script(tag: str = "右侧内容", *, page: str = "p1", attribute: str = "queryData", parse: str = "buildstatic") -> str:
    data = (
        f"{{'webId':'w1','pageId':'{page}','parseType':'{parse}','pageType':'column','tagId':'{tag}',"
        "'tplSetId':'t1','editType':null,'paramJson':'{&quot;pageNo&quot;:1,&quot;pageSize&quot;:&quot;24&quot;}'}"
    )
    return f'<script src="/js/unitbuild.js" parseType="{parse}" url="{API}" {attribute}="{data}"></script>'


def answer(html: Any = ROWS, **changes: Any) -> bytes:
    return json.dumps({"code": "200", "success": True, "data": {"html": html}} | changes, ensure_ascii=False).encode()


def read(body: bytes, **options: Any) -> Any:
    options = {"listing": None, "zone": "Asia/Shanghai"} | options
    return read_rows(body, url=f"https://www.miit.example{API}?x", column_url=COLUMN, **options)


def query(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query, strict_parsing=True))


def test_rows() -> None:
    first, second = read(answer(), deadline=DeadlineRule(rule="epoch_ms", select="span.endtime"))
    assert first.url == "https://www.miit.example/gzcy/yjzj/art/2026/art_aa.html"
    assert first.hints.title == "公开征求《锂电池（征求意见稿）》的意见"
    assert first.hints.published == datetime(2026, 9, 14, tzinfo=SHANGHAI)
    assert first.hints.comment_deadline == datetime(2026, 10, 13, 23, 59, 59, tzinfo=SHANGHAI)
    assert second.url == "https://www.miit.example/gzcy/yjzj/art/2026/art_bb.html"
    assert second.hints.comment_deadline is None


def test_rows_of_another_look() -> None:
    html = '<table><tr class="row"><td><a href="/a.html">甲</a></td><td class="time">[2026-09-01]</td></tr></table>'
    [entry] = read(answer(html, success="true", code=200), listing=Listing(row="tr.row", date="td.time"))
    assert entry.hints.published == datetime(2026, 9, 1, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (answer(success=False, message="参数 tagId 无效"), "success = 'false'.*it says: 参数 tagId 无效"),
        (answer(code="500"), r"code = '500'.*check the parameters of \[jpaas\]"),
        (answer(""), r"no data\.html.*layout has changed"),
        (answer(None), r"no data\.html"),
        (b'{"code":"200","success":true,"data":null}', r"no data\.html"),
        (b"[]", "success = None"),
        (answer("<div><p>new design</p></div>"), "layout has changed"),
        (answer('<ul><li class="empty"><a href="/nothing.html">暂无</a></li></ul>'), "finds 0 rows"),
        (b"<html>\xe5\xae\x89\xe5\x85\xa8\xe9\xaa\x8c\xe8\xaf\x81</html>", "an HTML page"),
    ],
)
def test_answers_that_are_another_thing(body: bytes, message: str) -> None:
    with pytest.raises(PageError, match=message):
        read(body)


def test_the_page_after_the_last_is_empty() -> None:
    assert read(answer("<ul></ul>"), page=2) == ()


@pytest.mark.parametrize("attribute", ["queryData", "querydata"])
@pytest.mark.parametrize("parse", ["buildstatic", "bulidstatic"])
def test_the_parameters_of_a_column_page(attribute: str, parse: str) -> None:
    page = f"<html><script>var a = {{}};</script>{script(attribute=attribute, parse=parse)}</html>"
    unit = find_unit(page, column_url=COLUMN, rules=Jpaas())
    url = unit_url(unit, page=1, page_size=None)
    assert url.startswith(
        f"https://www.miit.example{API}?parseType={parse}&webId=w1&tplSetId=t1&pageType=column&tagId=%E5%8F%B3"
    )
    assert query(url) == {
        "parseType": parse,
        "webId": "w1",
        "tplSetId": "t1",
        "pageType": "column",
        "tagId": "右侧内容",
        "editType": "null",
        "pageId": "p1",
    }
    assert query(unit_url(unit, page=3, page_size=24))["paramJson"] == '{"pageNo":3,"pageSize":24}'


def test_one_of_several_lists_is_named_by_the_source() -> None:
    page = script("导航") + script("右侧内容") + script("右侧内容")
    with pytest.raises(PageError, match=r"several lists \('导航', '右侧内容'\); name one with \[jpaas\] tag_id"):
        find_unit(page, column_url=COLUMN, rules=Jpaas())
    unit = find_unit(page, column_url=COLUMN, rules=Jpaas(tag_id="右侧内容", tpl_set_id="t1"))
    assert unit.parameters["tagId"] == "右侧内容"
    with pytest.raises(PageError, match=r"its lists: '导航', '右侧内容', '右侧内容'.*layout has changed"):
        find_unit(page, column_url=COLUMN, rules=Jpaas(tag_id="分页列表"))


def test_what_the_source_says_completes_the_page() -> None:
    page = """<script url="/api" querydata='{"webId": "w1", "pageId": "p1", "tagId": "列表"}'></script>"""
    unit = find_unit(page, column_url=COLUMN, rules=Jpaas(tpl_set_id="t9", api="/own/api"))
    assert unit.api == "https://www.miit.example/own/api"
    assert unit.parameters["tplSetId"] == "t9"
    assert find_unit(page, column_url=COLUMN, rules=Jpaas(tpl_set_id="t9")).api == "https://www.miit.example/api"
    with pytest.raises(PageError, match="layout has changed"):
        find_unit(page, column_url=COLUMN, rules=Jpaas())


@pytest.mark.parametrize("page", ["", "<html><body>nothing</body></html>", '<script querydata="{}"></script>'])
def test_a_page_that_is_no_column(page: str) -> None:
    with pytest.raises(PageError, match="its lists: none"):
        find_unit(page or "<p>", column_url=COLUMN, rules=Jpaas())


def test_a_source_that_says_all_needs_no_column_page() -> None:
    rules = Jpaas(web_id="w", page_id="p", tpl_set_id="t", tag_id="右侧内容")
    unit = unit_of_rules(rules, column_url=COLUMN)
    assert unit is not None
    assert query(unit_url(unit, page=1, page_size=None))["parseType"] == "buildstatic"
    assert unit_of_rules(rules.model_copy(update={"tpl_set_id": None}), column_url=COLUMN) is None


def test_the_size_of_a_page_is_only_sent_where_it_matters() -> None:
    assert page_size_of(Jpaas(), None) is None
    assert page_size_of(Jpaas(), Listing(row="li")) is None
    assert page_size_of(Jpaas(), Listing(row="li", max_pages=2)) == 24
    assert page_size_of(Jpaas(page_size=15), None) == 15


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{'a':'1','b':\"2\",'c':null,d:'4'}", {"a": "1", "b": "2", "c": "null", "d": "4"}),
        ("{'a':'it\\'s','p':'{\"pageNo\":1}'}", {"a": "it's", "p": '{"pageNo":1}'}),
        ("{'a' : 'x' , 'tagId':'当前栏目_list'}", {"a": "x", "tagId": "当前栏目_list"}),
        ("__import__('os').system('true')", {}),
        ("", {}),
        ("{'a':'unfinished", {}),
    ],
)
def test_query_data_is_read_and_never_run(text: str, expected: dict[str, str]) -> None:
    assert read_query_data(text) == expected
