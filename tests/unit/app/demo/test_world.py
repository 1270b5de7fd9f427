"""The demo's three days, without a server."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from io import BytesIO

import pypdfium2
import pytest
import trafilatura
from docx import Document
from lxml import html

from limen.app.demo.world import DAYS, opening, paths, resource

BASE = "http://127.0.0.1:8000"
DRAFT = "/ministry/gzcy/yjzj/art/2024/art_5b1f0c7e9a3d4e6f8c2b7d9018e4a6f3.html"
KILNS = "/ministry/gzcy/yjzj/art/2024/art_c07d2e5b81f94a36b0e4d9f2a7c3516e.html"
FINAL = "/ministry/zwgk/gg/art/2024/art_e83a7f16c5d049b2971d4c0b6f2a85de.html"
ENGLISH = "/english/policies/lithium-ion-battery-conditions-2024.html"
STATIC = (
    KILNS,
    "/ministry/zwgk/gg/art/2024/art_1d94b6a0e7c24f58a3b9c6d20f7e8145.html",
    "/english/policies/mine-dust-guidance.html",
    "/cellreview/articles/what-the-new-battery-draft-means",
)


def body(path: str, day: int) -> bytes:
    found = resource(path, day=day, base_url=BASE)
    assert found is not None, path
    return found.body


def attachment(page: str, day: int) -> bytes:
    [link] = html.fromstring(body(page, day).decode()).xpath("//a[contains(@href, '/attach/')]/@href")
    return body(link, day)


def docx_text(data: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in Document(BytesIO(data)).paragraphs)


def pdf_text(data: bytes) -> str:
    with pypdfium2.PdfDocument(data) as document:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def main_text(path: str, day: int) -> list[str]:
    text = trafilatura.extract(body(path, day), output_format="markdown", include_tables=True)
    return [line for line in (text or "").splitlines() if line and not line.startswith("# ")]


@pytest.mark.parametrize("day", DAYS)
def test_everything_listed_is_served_and_rendered_whole(day: int) -> None:
    for path in paths(day=day):
        found = resource(path, day=day, base_url=BASE)
        assert found is not None
        assert found.body
        if found.media_type.startswith("text/html"):
            assert b"{{" not in found.body
            assert b"None" not in found.body


def test_days_and_paths_outside_the_story() -> None:
    assert resource("/nothing", day=1, base_url=BASE) is None
    assert resource(FINAL, day=2, base_url=BASE) is None
    with pytest.raises(ValueError, match="days 1 to 3"):
        resource("/robots.txt", day=4, base_url=BASE)


@pytest.mark.parametrize(
    ("page", "day", "limits"),
    [
        (
            DRAFT,
            1,
            ["消费型单体电池能量密度≥260Wh/kg", "储能型单体电池能量密度≥155Wh/kg", "储能型电池组能量密度≥110Wh/kg"],
        ),
        (DRAFT, 2, ["消费型单体电池能量密度≥250Wh/kg", "储能型单体电池能量密度≥160Wh/kg", "石墨比容量≥340mAh/g"]),
        (FINAL, 3, ["消费型单体电池能量密度≥240Wh/kg", "储能型电池组能量密度≥115Wh/kg", "磷酸铁锂比容量≥155Ah/kg"]),
    ],
)
def test_the_rule_stands_in_the_attachment_only(page: str, day: int, limits: list[str]) -> None:
    data = attachment(page, day)
    text = pdf_text(data) if data.startswith(b"%PDF") else docx_text(data)
    for limit in [*limits, "不低于主营业务收入的3%", "使用磷酸铁锂的能量型单体电池能量密度≥165Wh/kg"]:
        assert limit in text
        assert limit not in body(page, day).decode()
    assert ("（征求意见稿）" in text) == (day < 3)
    assert ("石墨" in text) == (day > 1)


def test_the_pdf_gives_back_every_line_in_order() -> None:
    lines = pdf_text(attachment(FINAL, 3)).splitlines()
    assert lines[0] == "锂离子电池行业规范条件（2024年本）"
    assert [line for line in lines if line.startswith(("一", "二", "三", "四", "五"))] == [
        "一、总则",
        "二、企业条件",
        "三、主要材料",
        "四、产品性能",
        "五、附则",
    ]
    assert len(lines) == 32


def test_the_comment_date_is_printed_on_the_page() -> None:
    assert "请于2024年5月13日前" in body(DRAFT, 1).decode()
    assert "请于2024年5月27日前" in body(DRAFT, 2).decode()


@pytest.mark.parametrize(
    ("day", "row"),
    [(1, "| Consumer batteries | 260 | 200 |"), (2, "| Consumer batteries | 250 | 200 |"), (3, "| 240 | 200 |")],
)
def test_the_english_page_has_its_numbers_in_a_table(day: int, row: str) -> None:
    assert any(row in line for line in main_text(ENGLISH, day))


@pytest.mark.parametrize("path", STATIC)
def test_the_relaunch_changes_the_page_and_not_its_text(path: str) -> None:
    first, second = (html.fromstring(body(path, day).decode()) for day in (1, 2))
    assert set(first.xpath("//@class")).isdisjoint(second.xpath("//@class"))
    assert first.xpath("//title/text()") != second.xpath("//title/text()")
    assert main_text(path, 1) == main_text(path, 2) == main_text(path, 3)
    assert len(main_text(path, 1)) >= 3


def test_in_the_news_only_statistics_and_prices_move() -> None:
    path = "/miningwire/2024/05/china-raises-the-bar-for-battery-makers/"
    before, after = main_text(path, 1), main_text(path, 3)
    assert before != after
    moved = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert len(moved) == 1
    assert "940 GWh" in moved[0][0]
    assert "960 GWh" in moved[0][1]
    assert "24.3 C" in body(path, 1).decode()
    assert not any("24.3" in line for line in before)


def test_the_lists_grow_with_the_days() -> None:
    def links(day: int) -> list[str]:
        page = html.fromstring(body("/ministry/zwgk/gg/index.html", day).decode())
        links = page.xpath("//li[a[contains(@href, '/art/')]]/a/@href")
        assert isinstance(links, list)
        return links

    assert [FINAL in links(day) for day in DAYS] == [False, False, True]
    assert links(3)[0] == FINAL


def test_feed_and_sitemap_are_well_formed_and_absolute() -> None:
    feed = ET.fromstring(body("/miningwire/feed/", 3))
    items = feed.findall("./channel/item")
    assert [item.findtext("title") for item in items] == [
        "Final battery rules are out",
        "Beijing revises battery draft",
        "China raises the bar for battery makers",
        "Lithium carbonate slips again",
    ]
    assert items[0].findtext("pubDate") == "Wed, 19 Jun 2024 18:10:00 +0800"
    assert all((item.findtext("link") or "").startswith(BASE + "/miningwire/") for item in items)

    names = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    days = [ET.fromstring(body("/cellreview/news-sitemap.xml", day)) for day in DAYS]
    assert [len(one.findall("s:url", names)) for one in days] == [1, 1, 2]
    assert days[1].findtext("s:url/s:lastmod", namespaces=names) == "2024-05-08T20:00:00+08:00"


def test_the_time_of_change_follows_the_bytes() -> None:
    def modified(path: str, day: int) -> object:
        found = resource(path, day=day, base_url=BASE)
        assert found is not None
        return found.last_modified

    review = STATIC[3]
    assert [modified(review, day) for day in DAYS] == [opening(1), opening(2), opening(2)]
    assert modified("/robots.txt", 3) == opening(1)
    assert modified(DRAFT, 3) == opening(3)  # its header shows the day


def test_the_bytes_are_the_same_at_every_start() -> None:
    from limen.app.demo import world

    first = [body(path, day) for day in DAYS for path in paths(day=day)]
    world._made.cache_clear()
    assert [body(path, day) for day in DAYS for path in paths(day=day)] == first
