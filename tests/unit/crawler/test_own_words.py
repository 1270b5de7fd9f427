"""Answers of others in words of our own: what a reader needs stays, what they wrote goes."""

from __future__ import annotations

import json

import pytest

from limen.crawler.catalogue import load_catalogue
from limen.crawler.own_words import own_title, own_words
from limen.crawler.reading import list_as_found, read_list

CATALOGUE = load_catalogue(())
LIST = """<!DOCTYPE html><html><head><meta charset="gb2312"><title>秘密</title><style>.a{color:red}</style>
<script>var hidden = "secret words";</script></head><body><!-- a remark --><ul>
<li><a href="./zjyj/202609/t20260914_1166201.shtml" title="关于公开征求《锌冶炼条件（征求意见稿）》意见的通知">公开</a>
<span class="date">2026-09-14</span></li></ul></body></html>"""


def test_words_go_and_shape_stays() -> None:
    spec = CATALOGUE["cn-mee-yjzj"]
    body = own_words(LIST.encode("gb18030"), content_type="text/html; charset=gb2312", spec=spec)
    text = body.decode()
    for gone in ("秘密", "secret", "remark", "color", "锌冶炼"):
        assert gone not in text
    [entry] = read_list(spec, body, url=spec.entry[0], content_type="text/html; charset=utf-8").entries
    assert entry.url.endswith("/zjyj/202609/t20260914_1166201.shtml")
    assert entry.hints.published is not None
    assert entry.hints.published.date().isoformat() == "2026-09-14"


def test_words_that_the_rules_look_for_stay() -> None:
    spec = CATALOGUE["cn-miit-tz"]
    title = own_title("关于印发《钒钛规划》的通知：一图读懂", spec=spec)
    assert "一图读懂" in title
    assert "钒钛" not in title


def test_a_feed_is_read_the_same_but_for_its_words() -> None:
    spec = CATALOGUE["mining-com"]
    feed = (
        '<?xml version="1.0" encoding="ISO-8859-1"?><rss version="2.0"><channel><title>Mine</title><item><title>Copper é up'
        "</title><link>https://www.mining.com/copper-up/</link><pubDate>Wed, 09 Sep 2026 10:00:00 +0000</pubDate>"
        "<description><![CDATA[<p>Secret <b>story</b> of 5 % &amp; more</p>]]></description></item></channel></rss>"
    ).encode("latin-1")
    before = list_as_found(spec, read_list(spec, feed, url=spec.entry[0]))
    body = own_words(feed, content_type="application/rss+xml", spec=spec)
    after = list_as_found(spec, read_list(spec, body, url=spec.entry[0]))
    assert b"Secret" not in body
    assert b"5 %" in body
    [one], [other] = before["entries"], after["entries"]
    assert one.pop("title") != other.pop("title")
    assert one == other


def test_json_keeps_its_keys_marks_and_numbers() -> None:
    spec = CATALOGUE["eu-have-your-say"]
    answer = {
        "content": [
            {"id": 7, "reference": "Ares(2026)1", "shortTitle": "Rules on cobalt", "end": "2026/10/01 10:00:00"}
        ]
    }
    found = json.loads(own_words(json.dumps(answer).encode(), content_type="application/json", spec=spec))
    [item] = found["content"]
    assert (item["id"], item["reference"], item["end"]) == (7, "Ares(2026)1", "2026/10/01 10:00:00")
    assert "cobalt" not in item["shortTitle"]
    assert len(item["shortTitle"]) == len("Rules on cobalt")


@pytest.mark.parametrize("source", ["cn-ndrc-yjzq", "cn-cnmn", "us-ecfr", "br-dou", "jp-egov-comment"])
def test_no_answer_breaks_it(source: str) -> None:
    for body in (b"", b"{", b"<", "<p>\u4e2d\ud7a3\u0416</p>".encode(), b"\xff\xfe", b"[" * 5000):
        assert isinstance(own_words(body, content_type=None, spec=CATALOGUE[source]), bytes)
