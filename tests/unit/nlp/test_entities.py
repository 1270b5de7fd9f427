from __future__ import annotations

from collections import defaultdict
from functools import cache

import pytest

from limen.domain.entity import EntityLabel
from limen.nlp.components.entities import Entities
from limen.nlp.folding import fold
from limen.nlp.lexicon.names import named_things


@cache
def entities(code: str) -> Entities:
    return Entities(code)


def found(code: str, text: str) -> list[tuple[str, str, str]]:
    result = entities(code).find(text, fold(text))
    for entity in result:
        entity.evidence.check(text)
    return [(entity.evidence.quote, entity.label.value, entity.canonical) for entity in result]


@pytest.mark.parametrize(
    ("code", "text", "canonical"),
    [
        ("zh", "工信部昨日发布", "MIIT"),
        ("zh", "工业和信息化部昨日发布", "MIIT"),
        ("zh", "MIIT昨日发布", "MIIT"),
        ("en", "MIIT said", "MIIT"),
        ("en", "the Ministry of Industry and Information Technology said", "MIIT"),
        ("en", "MINISTRY OF INDUSTRY AND INFORMATION TECHNOLOGY", "MIIT"),
        ("en", "the EU Batteries Regulation asks", "CELEX:32023R1542"),
        ("en", "Regulation (EU) 2023/1542 asks", "CELEX:32023R1542"),
        ("zh", "欧盟新电池法要求", "CELEX:32023R1542"),
        ("zh", "（EU）2023/1542要求", "CELEX:32023R1542"),
        ("en", "Directive 2006/66/EC asks", "CELEX:32006L0066"),
        ("zh", "《锂离子电池行业规范条件（2024年本）》要求", "CN-LIB-CONDITIONS"),
        ("zh", "《锂电池行业规范条件（征求意见稿）》要求", "CN-LIB-CONDITIONS"),
        ("zh", "公告2024年第14号要求", "CN-ANNOUNCEMENT:2024-14"),
        ("zh", "2024年第14号公告要求", "CN-ANNOUNCEMENT:2024-14"),
        ("en", "Announcement No. 14 of 2024 asks", "CN-ANNOUNCEMENT:2024-14"),
        ("en", "under 40 CFR Part 63 plants", "40 CFR 63"),
        ("en", "see SOR/2002-222 for", "SOR/2002-222"),
        ("zh", "按GB 38031-2020检测", "GB 38031-2020"),
        ("zh", "按GB/T 36276—2018检测", "GB/T 36276-2018"),
        ("zh", "按ＧＢ／Ｔ３６２７６－２０１８检测", "GB/T 36276-2018"),
        ("en", "certified to ISO 14001 by", "ISO 14001"),
        ("en", "as in ISO/IEC 17025:2017 and", "ISO/IEC 17025:2017"),
        ("en", "Lithium Hydroxide plants", "lithium_hydroxide"),
        ("zh", "宁德时代回应", "CATL"),
        ("en", "on 3 March 2027 it", "2027-03-03"),
        ("zh", "于二〇二七年三月三日前", "2027-03-03"),
    ],
)
def test_one_name_has_one_canonical_id_in_every_language(code: str, text: str, canonical: str) -> None:
    assert [entity[2] for entity in found(code, text)] == [canonical]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "they sat in the turkey farm on fine china and ate a chile"),
        ("en", "this may lead to delays; it will lead, with a long lead time"),
        ("en", "tell us about it"),
        ("en", "an apt remark of epa, the poet"),
        ("en", "the COVID and SMMS acronyms, XEVX"),
        ("zh", "该地铁站旁的银行发放奖金"),
        ("zh", "AMIITB不是缩写"),
        ("en", ""),
    ],
)
def test_what_only_looks_like_a_name_is_none(code: str, text: str) -> None:
    assert found(code, text) == []


def test_the_longest_name_wins_and_none_overlap() -> None:
    assert found("en", "waste lithium-ion batteries and lithium iron phosphate from Western Australia") == [
        ("lithium-ion batteries", "product", "lithium_ion_battery"),
        ("lithium iron phosphate", "material", "lithium_iron_phosphate"),
        ("Western Australia", "jurisdiction", "AU-WA"),
    ]
    assert found("zh", "内蒙古的磷酸铁锂") == [
        ("内蒙古", "jurisdiction", "CN-NM"),
        ("磷酸铁锂", "material", "lithium_iron_phosphate"),
    ]


def test_offsets_count_code_points_of_the_text_itself() -> None:
    text = "𠮷🙂 “Chile’s” lithium, ２０２４年５月１５日"
    assert [entity[0] for entity in found("zh", text)] == ["Chile", "lithium", "２０２４年５月１５日"]


def test_ids_are_unique_and_no_name_means_two_things() -> None:
    ids = [thing.id for thing in named_things() if thing.id is not None]
    assert len(ids) == len(set(ids))
    owners: defaultdict[str, set[str | None]] = defaultdict(set)
    for thing in named_things():
        for names in thing.names.values():
            for name in names:
                owners[name].add(thing.id)
    assert {name: ids for name, ids in owners.items() if len(ids) > 1} == {}


@pytest.mark.parametrize(
    "label", [label for label in EntityLabel if label not in (EntityLabel.STANDARD, EntityLabel.DATE)]
)
def test_every_kind_has_names_in_both_languages(label: EntityLabel) -> None:
    things = [thing for thing in named_things() if thing.label is label]
    assert len(things) > 50
    for code in ("en", "zh"):
        assert sum(code in thing.names for thing in things) > len(things) / 2


def test_there_are_thousands_of_phrases() -> None:
    assert sum(len(names) for thing in named_things() for names in thing.names.values()) >= 3800


@pytest.mark.parametrize(
    ("english", "chinese", "canonical"),
    [
        ("The Packaging and Packaging Waste Regulation applies", "包装和包装废弃物法规适用", "CELEX:32025R0040"),
        ("Regulation (EU) 2025/40 applies", "（EU）2025/40适用", "CELEX:32025R0040"),
        ("the Food Safety Law asks", "食品安全法要求", "CN-FOOD-SAFETY-LAW"),
        ("the Reserve Bank of India said", "印度储备银行称", "IN-RBI"),
        ("heat pumps need", "热泵需要", "heat_pump"),
        ("crude oil fell", "原油下跌", "crude_oil"),
    ],
)
def test_the_same_thing_in_both_languages(english: str, chinese: str, canonical: str) -> None:
    for code, text in (("en", english), ("zh", chinese)):
        assert canonical in {each[2] for each in found(code, text)}
