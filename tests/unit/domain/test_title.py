from __future__ import annotations

import pytest

from limen.domain.title import edition, is_amending, series_key, title_rules


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("锂离子电池行业规范条件（2021年本）", "2021"),
        ("锂离子电池行业规范条件(2024年本)（征求意见稿）", "2024"),
        ("公开征求对《锂离子电池行业规范条件（２０２４年本）》（征求意见稿）的意见", "2024"),
        ("锂离子电池行业规范条件", None),
        ("《锂离子电池行业规范条件（2024年本）》公告", "2024"),
        ("关于印发《锂离子电池行业规范条件》的通知", None),
        ("工业和信息化部关于公开征求《锂离子电池行业规范条件（2021年本）（征求意见稿）》意见的通知", "2021"),
        ("【进行中】锂离子电池行业规范条件（二次征求意见稿）", None),
        ("锂离子电池行业规范条件（试行）", None),
        ("锂离子电池行业规范条件（修订草案征求意见稿）", None),
    ],
)
def test_one_chinese_rule_under_many_titles(title: str, expected: str | None) -> None:
    assert series_key(title, "zh") == "锂离子电池行业规范条件"
    assert edition(title, "zh") == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Water Rules for Concentrators (consultation draft)", None),
        ("Draft Water Rules for Concentrators", None),
        ("Water rules for concentrators", None),
        ("Proposed rule: Water Rules for Concentrators", None),
        ("Final rule on water rules for concentrators", None),
        ("Water Rules for Concentrators: revised draft of October 2025", None),
        ("Water Rules for Concentrators (2025 edition)", "2025"),
        ("Water Rules for Concentrators, version 1.2", "1.2"),
        ("Water Rules for Concentrators, issue 4", "4"),
        ("Water Rules for Concentrators (second edition)", "second"),
        ("The Water Rules for Concentrators (amended)", None),
        ("Water Rules for Concentrators Bill 2025", "2025"),
        ("Water Rules for Concentrators Act 2025", "2025"),
    ],
)
def test_one_english_rule_under_many_titles(title: str, expected: str | None) -> None:
    assert series_key(title, "en") == "water rules for concentrators"
    assert edition(title, "en") == expected


@pytest.mark.parametrize(
    ("title", "language"),
    [
        ("公告2024年第14号", "zh"),
        ("工业和信息化部公告2024年第14号", "zh"),
        ("Notice No. 14 of 2024", "en"),
        ("Notice", "en"),
        ("…", "zh"),
        ("", "en"),
    ],
)
def test_a_title_that_names_no_rule_has_no_series(title: str, language: str) -> None:
    assert series_key(title, language) == ""


@pytest.mark.parametrize(
    ("first", "second", "language"),
    [
        ("锂离子电池行业规范条件（2024年本）", "锂离子电池行业规范公告管理办法（2024年本）", "zh"),
        ("露天矿山管理办法", "地下矿山管理办法", "zh"),
        ("Mine Water Rules 2025", "Mine Air Rules 2025", "en"),
        ("Guide to draft horses", "Guide to horses", "en"),
    ],
)
def test_different_rules_keep_different_keys(first: str, second: str, language: str) -> None:
    assert series_key(first, language) != series_key(second, language)


def test_a_language_without_rules_is_levelled_only() -> None:
    assert series_key("Batteriegesetz – BattG", "de") == "batteriegesetz battg"
    assert edition("Batteriegesetz 2021", "de") is None


def test_a_title_that_is_only_an_edition_keeps_its_letters() -> None:
    assert series_key("2024 edition", "en") == "2024 edition"
    assert edition("2024 edition", "en") == "2024"


def test_the_rules_are_read_once() -> None:
    assert title_rules() is title_rules()


@pytest.mark.parametrize(
    ("title", "language", "amends"),
    [
        ("Regulations Amending the Mine Effluent Regulations", "en", True),
        ("The Mines (Amendment) Regulations 2023", "en", True),
        ("Proposed Rule: Amendments to the Mine Dust Standards", "en", True),
        ("Commission Regulation (EU) 2024/1234 amending Regulation (EU) 2023/1542", "en", True),
        ("Regulation concerning batteries, amending Directive 2008/98/EC", "en", False),
        ("Proposal for a Regulation on batteries and amending Regulation (EU) 2019/1020", "en", False),
        ("Mines Regulations (as amended)", "en", False),
        ("关于修改《矿山安全条例》的决定", "zh", True),
        ("GB 38031-2020《安全要求》第1号修改单", "zh", True),
        ("关于修订印发《锂离子电池行业规范条件》的通知", "zh", False),
        ("Verordnung zur Änderung", "de", False),
    ],
)
def test_a_title_tells_whether_a_text_only_amends(title: str, language: str, *, amends: bool) -> None:
    assert is_amending(title, language) is amends


def test_an_amendment_has_the_name_of_its_rule() -> None:
    whole = series_key("Mine Effluent Regulations", "en")
    assert series_key("Regulations Amending the Mine Effluent Regulations", "en") == whole
    assert series_key("关于修改《矿山安全条例》的决定", "zh") == series_key("矿山安全条例", "zh")
