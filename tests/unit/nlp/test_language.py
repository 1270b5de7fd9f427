from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from limen.nlp.language import detect
from limen.nlp.language_names import language_name


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The energy density of the cells shall be at least 165 Wh/kg.", "en"),
        ("单体电池能量密度≥165Wh/kg，循环寿命≥1000次且容量保持率≥80%。", "zh"),
        ("電池エネルギー密度は165Wh/kg以上でなければならない。", "ja"),
        ("배터리 셀의 에너지 밀도는 165Wh/kg 이상이어야 한다.", "ko"),
        ("Die Sammelquote der Hersteller beträgt ab dem Jahr 2016 mindestens 45 Prozent.", "de"),
        ("La concentración de arsénico en los efluentes no debe superar los 0,1 mg/L.", "es"),
        ("La teneur en arsenic des effluents ne peut dépasser 0,10 mg/L par mois.", "fr"),
        ("Концентрация мышьяка в сточных водах не должна превышать 0,1 мг/л.", "ru"),
        ("RD SPENDING OF NO LESS THAN THREE PERCENT OF REVENUE IS REQUIRED OF EVERY MAKER", "en"),
    ],
)
def test_whole_sentences(text: str, code: str) -> None:
    assert detect(text) == code


@pytest.mark.parametrize(
    "text",
    ["", "165", "≥ 230 %", "| 0.10 | 0.20 |", "Wh/kg", "5 mg/L", "Energy density ≥ 230", "https://www.bmuv.de/gesetz"],
)
def test_what_says_too_little_is_read_as_english(text: str) -> None:
    assert detect(text) == "en"


def test_the_share_of_han_decides_on_mixed_text() -> None:
    assert detect("MIIT (工信部) has published a draft that asks for 165 Wh/kg from makers of battery cells.") == "en"
    assert detect("能量密度不低于165Wh/kg（energy density），IEC 62133、UL 1642、UN 38.3 标准要求。") == "zh"


def test_a_few_kana_in_chinese_are_a_quotation() -> None:
    assert detect("日本经济产业省发布《バッテリー》报告，要求企业回收率不低于百分之五十，并于明年起施行。" * 2) == "zh"


def test_a_long_text_is_judged_by_samples_from_all_of_it() -> None:
    assert (
        detect("1234 " * 2000 + "The limit of arsenic in effluent is set by this section of the rule. " * 200) == "en"
    )


def test_threads_may_ask_at_the_same_time() -> None:
    with ThreadPoolExecutor(4) as pool:
        codes = set(pool.map(detect, ["Die Sammelquote der Hersteller beträgt mindestens 45 Prozent im Jahr."] * 8))
    assert codes == {"de"}


def test_names() -> None:
    assert language_name("de") == "German"
    assert language_name("xx") == "xx"
