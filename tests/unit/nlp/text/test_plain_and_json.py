from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from limen.nlp.errors import Unreadable
from limen.nlp.text.reader import read_page


def test_markdown_is_taken_letter_for_letter() -> None:
    text = "---\ntitle: x\n---\n\n#  规范条件\u3000（2024年本）  \r\n\r\n| a | b |\r\n|---|---|\r\n- ５ t  \r\n"
    page = read_page(text.encode(), name="a.md")
    assert page.text == text.replace("\r\n", "\n")
    assert page.title == "规范条件\u3000（2024年本）"


def test_a_text_without_heading_has_no_title() -> None:
    assert read_page(b"5 t\n", name="a.txt").title is None


def test_content_item_of_gov_uk() -> None:
    item = {
        "title": "Mine water consultation",
        "description": "We ask about limits.",
        "public_updated_at": "2016-11-04T10:00:00+01:00",
        "details": {
            "body": "<div class='govspeak'><p>At most 30&nbsp;mg/m<sup>3</sup></p><nav>kept</nav></div>",
            "final_outcome_detail": "<p>Now 25 mg/m<sup>3</sup>.</p>",
        },
    }
    page = read_page(json.dumps(item).encode(), name="item.json")
    assert page.title == "Mine water consultation"
    assert page.published == datetime(2016, 11, 4, 9, 0, tzinfo=UTC)
    assert page.text == "We ask about limits.\n\nAt most 30\u00a0mg/m³\n\nkept\n\n## Detail of outcome\n\nNow 25 mg/m³."


def test_bodies_in_several_media_types() -> None:
    body = [{"content_type": "text/govspeak", "content": "5 t"}, {"content_type": "text/html", "content": "<p>5 t</p>"}]
    assert read_page(json.dumps({"title": "x", "details": {"body": body}}).encode(), name="a.json").text == "5 t"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"[]", "holds no document"),
        (b'{"details": {}}', "holds no document"),
        (b'{"title": "x", "details": []}', "holds no document"),
        (b'{"title": ', "no valid JSON"),
        (b"[" * 100_000, "no valid JSON"),
    ],
)
def test_other_json_is_refused(body: bytes, message: str) -> None:
    with pytest.raises(Unreadable, match=rf"a\.json: .*{message}"):
        read_page(body, name="a.json")


def test_a_service_that_gives_a_page_in_a_field() -> None:
    article = {
        "status": 1,
        "data": {
            "articleTitle": "公开征求意见<BR>的公告",
            "summary": "<p>短</p>",
            "articleContent": "<p>电池能量密度不低于165Wh/kg。</p><table><tr><th>项目</th><th>限值</th></tr></table>",
        },
    }
    found = read_page(json.dumps(article).encode(), name="a.json")
    assert found.title == "公开征求意见的公告"
    assert found.text.startswith("电池能量密度不低于165Wh/kg。\n\n| 项目 | 限值 |")


def test_a_deep_answer_is_not_searched_for_ever() -> None:
    with pytest.raises(Unreadable, match="holds no document"):
        read_page(b'{"a":' * 60 + b'"<p>x</p>"' + b"}" * 60, name="a.json")
