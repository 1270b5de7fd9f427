from __future__ import annotations

from dataclasses import replace

import pytest

from limen.domain.instrument import (
    JOINED,
    UNCERTAIN,
    Candidate,
    Instrument,
    JoinReason,
    join,
    near,
    title_similarity,
)
from limen.domain.source import DocumentClass
from limen.domain.title import edition, series_key

METRICS = frozenset({"energy_density", "cycle_life", "specific_capacity"})
CELLS = Instrument(
    title="锂离子电池行业规范条件（2021年本）",
    language="zh",
    jurisdiction="CN",
    edition="2021",
    references=frozenset({"公告2021年第37号"}),
    metrics=METRICS,
)
SODIUM = replace(CELLS, title="钠离子电池行业规范条件（2023年本）", references=frozenset(), edition="2023")


def draft(title: str, **fields: object) -> Candidate:
    base = Candidate(title=title, language="zh", jurisdiction="CN", document_class=DocumentClass.DRAFT)
    return replace(base, **fields)  # type: ignore[arg-type]


def test_the_next_edition_joins_by_its_series() -> None:
    match = join(draft("公开征求对《锂离子电池行业规范条件（2024年本）》（征求意见稿）的意见"), [SODIUM, CELLS])
    assert match is not None
    assert (match.instrument, match.reason, match.is_sure) == (CELLS, JoinReason.SERIES, True)


def test_an_official_number_decides_whatever_the_title() -> None:
    match = join(draft("Cells", language="en", references=frozenset({"公告2021年第37号"})), [SODIUM, CELLS])
    assert match is not None
    assert (match.instrument, match.reason, match.score) == (CELLS, JoinReason.REFERENCE, 1.0)


def test_a_shortened_title_with_the_same_content_joins() -> None:
    match = join(draft("锂电池行业规范条件（2024年本）", metrics=METRICS), [CELLS])
    assert match is not None
    assert (match.reason, match.is_sure) == (JoinReason.TITLE, True)


def test_a_shortened_title_alone_is_for_a_person_to_decide() -> None:
    match = join(draft("锂电池行业规范条件（2024年本）"), [CELLS])
    assert match is not None
    assert UNCERTAIN <= match.score < JOINED
    assert not match.is_sure


@pytest.mark.parametrize("metrics", [frozenset(), METRICS])
def test_another_chemistry_never_joins_by_itself(metrics: frozenset[str]) -> None:
    match = join(draft("钠离子电池行业规范条件", metrics=metrics), [CELLS])
    assert match is None or not match.is_sure


def test_a_like_title_with_other_content_is_not_even_asked_about() -> None:
    assert join(draft("锂电池行业规范条件", metrics=frozenset({"royalty", "fine"})), [CELLS]) is None
    assert join(draft("锂离子电池行业规范公告管理办法"), [CELLS]) is None


def test_news_never_becomes_a_version() -> None:
    news = draft("锂离子电池行业规范条件（2024年本）", document_class=DocumentClass.NEWS, references=CELLS.references)
    assert join(news, [CELLS]) is None


def test_jurisdictions_do_not_mix() -> None:
    assert join(draft("锂离子电池行业规范条件", jurisdiction="VN"), [CELLS]) is None


def test_titles_of_two_languages_are_not_compared() -> None:
    assert join(draft("锂离子电池行业规范条件", language="en"), [CELLS]) is None


def test_a_title_without_a_name_joins_nothing() -> None:
    notice = replace(CELLS, title="公告2021年第37号", references=frozenset(), metrics=frozenset())
    assert join(draft("公告2024年第14号"), [notice]) is None
    assert join(draft(""), [CELLS, notice]) is None
    assert join(draft("锂离子电池行业规范条件"), []) is None


def test_the_first_of_equals_wins() -> None:
    twin = replace(CELLS, references=frozenset({"x"}))
    match = join(draft("锂离子电池行业规范条件"), [twin, CELLS])
    assert match is not None
    assert match.instrument is twin


def test_of_two_rules_whose_numbers_a_text_has_it_belongs_to_the_one_whose_name_it_has() -> None:
    """A text on two rules was filed under the one, which has the numbers of both from then on."""
    both = rule("稀土开采总量控制办法", references=frozenset({"RIN 2060-AU37", "RIN 2060-AV53"}))
    other = rule("工业窑炉能效管理办法", references=frozenset({"RIN 2060-AV53"}))
    match = join(draft("工业窑炉能效管理办法（修订）", references=frozenset({"RIN 2060-AV53"})), [both, other])
    assert match is not None
    assert match.instrument is other


@pytest.mark.parametrize(
    ("title", "fields"),
    [
        ("锂电池行业规范条件（2024年本）", {}),
        ("甲", {"references": frozenset({"公告2021年第37号"})}),
        ("甲", {"repeals": frozenset({"《锂离子电池行业规范条件（2021年本）》"})}),
        ("甲", {"replaces": frozenset({"公告2021年第37号"})}),
    ],
)
def test_what_is_worth_a_closer_look(title: str, fields: dict[str, object]) -> None:
    known = {"cells": CELLS, "mines": rule("矿井通风办法")}
    assert near(draft(title, **fields), known) == ["cells"]
    assert near(CELLS, {"own": draft(title, **fields), "mines": rule("矿井通风办法")}) == ["own"]


def test_the_founding_chain_is_one_series() -> None:
    """2021 draft, 2021 final, 2024 draft under a longer name, 2024 final: four documents, one instrument, two editions."""
    titles = (
        ("公开征求对《锂电池行业规范条件（2021年本）》（征求意见稿）的意见", frozenset[str]()),
        ("锂电池行业规范条件（2021年本）", frozenset({"公告2021年第37号"})),
        ("锂离子电池行业规范条件（2024年本）（征求意见稿）", frozenset[str]()),
        ("《锂离子电池行业规范条件（2024年本）》公告", frozenset({"公告2024年第14号"})),
    )
    known: list[Instrument] = []
    editions = []
    for title, references in titles:
        candidate = draft(title, references=references, metrics=METRICS)
        match = join(candidate, known)
        if match is None:
            known.append(
                Instrument(title=title, language="zh", jurisdiction="CN", references=references, metrics=METRICS)
            )
        else:
            assert match.is_sure
            references |= match.instrument.references
            known[known.index(match.instrument)] = replace(match.instrument, title=title, references=references)
        editions.append(edition(title, "zh"))
    assert len(known) == 1
    assert known[0].series_key == "锂离子电池行业规范条件"
    assert known[0].references == {"公告2021年第37号", "公告2024年第14号"}
    assert editions == ["2021", "2021", "2024", "2024"]


MINISTRY = frozenset({"miit"})


def rule(title: str, **fields: object) -> Instrument:
    return replace(Instrument(title=title, language="zh", jurisdiction="CN"), **fields)  # type: ignore[arg-type]


def test_a_number_that_every_ministry_has_joins_within_one_of_them() -> None:
    known = rule("关于开采总量控制的公告", references=frozenset({"公告2024年第14号"}), issuers=MINISTRY)
    again = draft("公告2024年第14号", references=frozenset({"公告2024年第14号"}), issuers=MINISTRY)
    match = join(again, [known])
    assert match is not None
    assert (match.reason, match.score) == (JoinReason.REFERENCE, 1.0)
    assert join(replace(again, issuers=frozenset({"mofcom"})), [known]) is None
    # where the texts name nobody, the site on which they stand tells
    silent = replace(again, issuers=frozenset(), publishers=frozenset({"site"}))
    assert join(silent, [replace(known, publishers=frozenset({"site"}))]) is not None
    assert join(silent, [replace(known, publishers=frozenset({"other site"}))]) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("公告2024年第14号", "公告2024年第15号"),
        ("Docket MSHA-2024-0001", "Docket MSHA-2024-0002"),
        # a number without a year comes again and again
        ("General Notice 12", "General Notice 12"),
    ],
)
def test_numbers_of_one_pattern_join_nothing(one: str, other: str) -> None:
    known = rule("关于稀土开采总量控制的公告", references=frozenset({one}), issuers=MINISTRY)
    assert join(draft("工业窑炉能效管理办法", references=frozenset({other}), issuers=MINISTRY), [known]) is None


def test_a_number_beside_a_foreign_title_is_for_a_person_to_decide() -> None:
    known = rule("关于稀土开采总量控制的公告", references=frozenset({"公告2024年第14号"}), issuers=MINISTRY)
    match = join(draft("工业窑炉能效管理办法", references=frozenset({"公告2024年第14号"}), issuers=MINISTRY), [known])
    assert match is not None
    assert match.reason is JoinReason.REFERENCE
    assert UNCERTAIN <= match.score < JOINED
    # nor does a docket decide, which other texts quote
    docket = frozenset({"Docket EPA-HQ-OAR-2018-0794"})
    match = join(draft("工业窑炉能效管理办法", references=docket), [replace(known, references=docket)])
    assert match is not None
    assert not match.is_sure
    match = join(draft("关于稀土矿开采总量控制的公告", references=docket), [replace(known, references=docket)])
    assert match is not None
    assert match.score == 1.0
    # a number that is given once needs no title
    unique = frozenset({"RIN 2060-AU37"})
    match = join(draft("工业窑炉能效管理办法", references=unique), [replace(known, references=unique)])
    assert match is not None
    assert match.score == 1.0


def test_the_next_edition_of_a_standard_joins_by_its_number() -> None:
    known = rule("电动汽车用动力蓄电池安全要求", references=frozenset({"GB 38031-2020"}))
    match = join(draft("电动汽车用动力蓄电池安全要求及试验方法", references=frozenset({"GB 38031-2025"})), [known])
    assert match is not None
    assert (match.reason, match.is_sure) == (JoinReason.REFERENCE, True)


@pytest.mark.parametrize(
    "phrase",
    ["《动力电池目录》", "《动力电池目录（2015年版）》", "《动力电池目录》（公告2015年第22号）", "公告2015年第22号"],
)
def test_what_comes_in_the_place_of_a_rule_continues_it(phrase: str) -> None:
    known = rule("动力电池目录", references=frozenset({"公告2015年第22号"}), issuers=MINISTRY)
    match = join(draft("电池规范条件", replaces=frozenset({phrase}), issuers=MINISTRY), [known])
    assert match is not None
    assert (match.reason, match.is_sure) == (JoinReason.SUCCESSION, True)


def test_in_the_place_of_a_rule_about_other_things_is_for_a_person_to_decide() -> None:
    known = rule("矿井通风办法", metrics=frozenset({"methane"}))
    match = join(draft("电池目录", metrics=METRICS, replaces=frozenset({"《矿井通风办法》"})), [known])
    assert match is not None
    assert (match.reason, match.is_sure) == (JoinReason.SUCCESSION, False)


def test_a_repeal_of_a_rule_that_is_like_the_new_one_is_succession() -> None:
    repeals = frozenset({"《锂离子电池行业规范条件（2021年本）》"})
    by_title = join(draft("锂电池行业规范条件（2024年本）", repeals=repeals), [CELLS])
    assert by_title is not None
    assert (by_title.reason, by_title.is_sure) == (JoinReason.SUCCESSION, True)
    by_content = join(draft("电化学储能与动力产品准入目录", repeals=repeals, metrics=METRICS), [CELLS])
    assert by_content is not None
    assert (by_content.reason, by_content.is_sure) == (JoinReason.SUCCESSION, True)


def test_a_repeal_of_a_different_rule_joins_nothing() -> None:
    law = draft(
        "矿产资源管理条例",
        metrics=frozenset({"royalty", "fine"}),
        repeals=frozenset({"《锂离子电池行业规范条件（2021年本）》"}),
    )
    assert join(law, [CELLS]) is None
    # nothing is known of what it regulates: a person may know
    match = join(replace(law, metrics=frozenset()), [CELLS])
    assert match is not None
    assert not match.is_sure


def test_a_law_that_repeals_many_continues_only_the_one_whose_name_it_has() -> None:
    titles = ("《矿井通风办法》", "《矿山排水规定》", "《锂离子电池行业规范条件（2021年本）》")
    everything = METRICS | {"methane", "pH"}
    law = draft("工业产品与矿山安全总则", metrics=everything, repeals=frozenset(titles))
    ventilation = rule("矿井通风办法", metrics=frozenset({"methane"}))
    drainage = rule("矿山排水规定", metrics=frozenset({"pH"}))
    assert join(law, [CELLS, ventilation, drainage]) is None
    match = join(replace(law, title="矿井通风安全办法"), [CELLS, drainage, ventilation])
    assert match is not None
    assert (match.instrument, match.reason, match.is_sure) == (ventilation, JoinReason.SUCCESSION, True)


def test_an_older_text_that_is_found_later_joins_what_replaced_it() -> None:
    successor = rule("电池规范条件", replaces=frozenset({"《动力电池目录》"}))
    match = join(draft("动力电池目录"), [successor])
    assert match is not None
    assert (match.reason, match.is_sure) == (JoinReason.SUCCESSION, True)


def test_a_text_that_amends_one_rule_by_its_number_belongs_to_it() -> None:
    batteries = Instrument(
        title="Regulation concerning batteries and waste batteries",
        language="en",
        jurisdiction="EU",
        references=frozenset({"CELEX 32023R1542"}),
    )
    amending = Candidate(
        title="Commission Regulation (EU) 2024/1234 of 5 May 2024 amending Regulation (EU) 2023/1542 as regards labels",
        language="en",
        jurisdiction="EU",
        references=frozenset({"CELEX 32024R1234"}),
        document_class=DocumentClass.FINAL,
    )
    match = join(amending, [batteries])
    assert match is not None
    assert (match.reason, match.is_sure) == (JoinReason.SUCCESSION, True)
    many = replace(amending, title=f"{amending.title} and Directive 2008/98/EC")
    assert join(many, [batteries]) is None
    of_its_own = replace(amending, title="Regulation on waste, amending Regulation (EU) 2023/1542")
    assert join(of_its_own, [batteries]) is None


def test_a_number_of_another_ministry_names_nothing() -> None:
    known = rule("动力电池目录", references=frozenset({"公告2015年第22号"}), issuers=MINISTRY)
    other = draft("出口许可目录", replaces=frozenset({"公告2015年第22号"}), issuers=frozenset({"mofcom"}))
    assert join(other, [known]) is None


def test_left_out_is_nearer_than_replaced() -> None:
    short, long, other = "锂电池行业规范条件", "锂离子电池行业规范条件", "钠离子电池行业规范条件"
    assert title_similarity(short, long) > title_similarity(other, long)
    assert title_similarity(long, long) == 1
    assert title_similarity("", long) == 0
    english = [
        series_key(title, "en") for title in ("Rules on tailings dams", "Rules on old tailings dams", "Rules on water")
    ]
    assert title_similarity(english[0], english[1]) > title_similarity(english[0], english[2])
