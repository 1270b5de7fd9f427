from __future__ import annotations

from datetime import timedelta

import pytest

from limen.domain.document import Stage
from limen.domain.press import SURE, LinkReason, in_order, report_on
from tests.unit.domain.press_cases import DRAFT_DAY, FINAL_DAY, article, conditions, draft, says, sets, text_of

STORAGE = says(">= 155 Wh/kg", "Storage cells")
RESEARCH = says(">= 3 percent", "Companies", metric="research spending", metric_id="rd_spending_share")
UNNAMED = frozenset[str]()


def test_an_english_article_is_linked_to_a_chinese_rule_by_its_numbers() -> None:
    (report,) = report_on(article(STORAGE, RESEARCH, regulators=UNNAMED), [conditions()])
    assert (report.rule.number, report.reason) == (1, LinkReason.VALUES)
    assert report.score >= SURE


def test_units_may_differ() -> None:
    news = article(says(">= 0.155 kWh/kg", "Storage cells"), regulators=UNNAMED)
    assert [report.reason for report in report_on(news, [conditions()])] == [LinkReason.VALUES]


def test_a_near_number_links_only_with_the_issuer() -> None:
    near = says(">= 170 Wh/kg", "Storage cells")
    assert [report.reason for report in report_on(article(near), [conditions()])] == [LinkReason.ISSUER]
    assert report_on(article(near, regulators=UNNAMED), [conditions()]) == ()


def test_another_ministry_is_no_link_even_with_the_same_numbers() -> None:
    news = article(STORAGE, RESEARCH, regulators=frozenset({"MEE"}))
    assert report_on(news, [conditions()]) == ()


def test_another_country_is_no_link() -> None:
    news = article(STORAGE, RESEARCH, regulators=UNNAMED, places=frozenset({"EU"}))
    assert report_on(news, [conditions()]) == ()


def test_another_rule_with_the_same_metric_is_no_link() -> None:
    vehicles = says(">= 125 Wh/kg", "Battery systems of electric vehicles")
    news = article(vehicles, regulators=UNNAMED, topics=frozenset({"nev", "lithium_ion_battery"}))
    assert report_on(news, [conditions()]) == ()


def test_the_same_number_in_another_industry_is_no_link() -> None:
    news = article(RESEARCH, regulators=UNNAMED, topics=frozenset({"photovoltaic_module"}))
    assert report_on(news, [conditions()]) == ()


def test_a_number_of_the_same_ministry_in_another_industry_is_no_link() -> None:
    assert report_on(article(RESEARCH, topics=frozenset({"photovoltaic_module"})), [conditions()]) == ()
    near = says(">= 170 Wh/kg", "Storage cells")
    assert report_on(article(near, topics=frozenset({"photovoltaic_module"})), [conditions()]) == ()


def test_a_round_number_alone_makes_no_sure_link() -> None:
    plain, rounded = says(">= 260 Wh/kg", "Consumer cells"), says(">= 200 Wh/kg", "Consumer battery packs")
    links = [report_on(article(each, regulators=UNNAMED), [conditions()]) for each in (plain, rounded)]
    assert [report.is_sure for reports in links for report in reports] == [True, False]


def test_one_equal_number_links_only_with_the_issuer_or_on_the_very_same_subject() -> None:
    assert report_on(article(RESEARCH, regulators=UNNAMED), [conditions()]) == ()
    assert report_on(article(RESEARCH), [conditions()]) != ()
    assert report_on(article(STORAGE, regulators=UNNAMED), [conditions()]) != ()
    assert report_on(article(says(">= 155 Wh/kg", "Storage"), regulators=UNNAMED), [conditions()]) == ()


def test_times_and_sums_of_money_link_nothing() -> None:
    official = text_of(
        sets("<= 30 day", "企业", metric="时限", metric_id="time_limit"),
        sets("<= 500 CNY", "企业", metric="罚款", metric_id="fine"),
    )
    news = article(
        says("<= 30 day", "Companies", metric="time", metric_id="time_limit"),
        says("<= 500 CNY", "Companies", metric="fine", metric_id="fine"),
    )
    assert report_on(news, [conditions(official)]) == ()


def test_one_equal_number_among_many_others_is_no_link() -> None:
    others = (
        says(">= 80 percent", metric="water reuse", metric_id="water_reuse_rate"),
        says("<= 50 mg/L", metric="chemical oxygen demand", metric_id="cod"),
        says(">= 90 percent", metric="recovery", metric_id="recovery_rate"),
    )
    assert report_on(article(RESEARCH, *others, regulators=UNNAMED), [conditions()]) == ()


def test_an_article_about_prices_is_no_link() -> None:
    assert report_on(article(), [conditions()]) == ()
    fall = says("= 3 percent", "Lithium carbonate", metric="loss", metric_id=None)
    assert report_on(article(fall), [conditions()]) == ()


def test_a_maximum_is_no_minimum() -> None:
    assert report_on(article(says("<= 155 Wh/kg", "Storage cells"), regulators=UNNAMED), [conditions()]) == ()


def test_a_number_that_was_hardly_read_says_nothing() -> None:
    assert report_on(article(says(">= 155 Wh/kg", confidence=0.3), regulators=UNNAMED), [conditions()]) == ()


@pytest.mark.parametrize("after", [timedelta(days=-1), timedelta(days=3), timedelta(days=400)])
def test_the_official_number_links_at_any_time(after: timedelta) -> None:
    news = article(regulators=frozenset({"MIIT"}), names=frozenset({"CN-ANNOUNCEMENT:2024-14"}), after=after)
    (report,) = report_on(news, [conditions(text_of(*draft(), published=False))])
    assert report.reason is LinkReason.NUMBER


def test_an_official_number_alone_may_be_another_ministry_s() -> None:
    news = article(regulators=UNNAMED, topics=frozenset({"rare_earths"}), names=frozenset({"CN-ANNOUNCEMENT:2024-14"}))
    assert report_on(news, [conditions()]) == ()


def test_the_title_links_in_its_own_language_and_its_canonical_name_in_any() -> None:
    chinese = article(language="zh", text="工信部就《锂离子电池行业规范条件（2024年本）》征求意见", topics=UNNAMED)
    assert [report.reason for report in report_on(chinese, [conditions()])] == [LinkReason.TITLE]
    english = article(names=frozenset({"CN-LIB-CONDITIONS"}))
    assert [report.reason for report in report_on(english, [conditions()])] == [LinkReason.TITLE]


def test_a_short_title_is_no_name() -> None:
    news = article(text="The Mining Act of another country was discussed", regulators=UNNAMED, topics=UNNAMED)
    assert report_on(news, [conditions(title="mining act", language="en")]) == ()


def test_an_article_that_is_older_than_the_first_text_by_far_is_no_link() -> None:
    news = article(STORAGE, RESEARCH, regulators=UNNAMED, after=timedelta(days=-90))
    assert report_on(news, [conditions()]) == ()
    # Where only the first visit is known, the text may be older than that.
    assert report_on(news, [conditions(text_of(*draft(), published=False))]) != ()


def test_of_two_rules_the_one_that_only_looks_like_it_is_left_out() -> None:
    recycling = conditions(
        text_of(sets(">= 3 percent", "企业", metric="研发费用", metric_id="rd_spending_share"), at=DRAFT_DAY),
        number=2,
        title="废旧电池综合利用行业规范条件",
        names=frozenset({"CN-RECYCLING-CONDITIONS"}),
        numbers=frozenset(),
    )
    news = article(STORAGE, RESEARCH, names=frozenset({"CN-LIB-CONDITIONS"}))
    assert [report.rule.number for report in report_on(news, [recycling, conditions()])] == [1]


def test_a_draft_that_is_published_again_after_the_final_text_is_left_out() -> None:
    first, final = text_of(), text_of(at=FINAL_DAY, stage=Stage.FINAL, document=2)
    again = text_of(at=FINAL_DAY + timedelta(days=1))
    next_edition = text_of(at=FINAL_DAY + timedelta(days=2), document=3)
    assert in_order([again, next_edition, final, first]) == (first, final, next_edition)
