from __future__ import annotations

from datetime import timedelta

import pytest

from limen.domain.document import Stage
from limen.domain.press import LinkReason, Report, Statement
from limen.domain.press_check import Finding, Verdict, check, settle
from tests.unit.domain.press_cases import (
    DRAFT_DAY,
    FINAL_DAY,
    article,
    checked,
    conditions,
    draft,
    says,
    sets,
    sure,
    text_of,
)

CONFIRMED = says(">= 3 percent", "Companies", metric="research spending", metric_id="rd_spending_share")
LATER = timedelta(days=44)


def verdicts(findings: list[Finding]) -> list[Verdict]:
    return [each.verdict for each in findings]


@pytest.mark.parametrize(
    ("limit", "subject"),
    [
        (">= 155 Wh/kg", "Storage cells"),
        (">= 0.155 kWh/kg", "Storage cells"),
        ("> 155 Wh/kg", "Storage cells"),
        ("= 155 Wh/kg", "Storage cells"),
        (">= 165 Wh/kg", "Power battery packs with ternary materials"),
        (">= 165 Wh/kg", "Cells with lithium iron phosphate"),
        (">= 0.16 kWh/kg", "Storage cells"),
    ],
)
def test_a_number_is_confirmed_in_any_unit_and_wording(limit: str, subject: str) -> None:
    (found,) = checked(article(says(limit, subject)))
    assert found.verdict is Verdict.CONFIRMED
    assert found.official is not None
    assert not found.is_ahead


def test_one_wrong_number_is_the_only_contradiction() -> None:
    wrong = says(">= 120 Wh/kg", "Storage battery packs")
    found = checked(article(CONFIRMED, says(">= 155 Wh/kg", "Storage cells"), wrong))
    assert verdicts(found) == [Verdict.CONFIRMED, Verdict.CONFIRMED, Verdict.CONTRADICTED]
    assert found[2].official is not None
    assert str(found[2].official.requirement.threshold) == ">= 110 Wh/kg"


@pytest.mark.parametrize(
    "claim",
    [
        says(">= 120 Wh/kg", "Packs"),  # of consumer, power or storage batteries
        says(">= 2000 cycle", "Power batteries", metric="cycle life", metric_id="cycle_life"),  # the cells or the packs
        says(">= 120 Wh/kg"),
        says(">= 120 Wh/kg", "Sodium-ion storage packs"),
        says("<= 120 Wh/kg", "Storage packs"),
        says("= 120 Wh/kg", "Storage packs"),
        says("> 100 Wh/kg", "Storage packs"),  # true, if loose
        says(">= 500 Wh/kg", "Storage packs"),
        says(">= 120 Wh/kg", "Storage packs", confidence=0.6),
        says(">= 120 Wh/kg", "Storage packs", by="2027"),
        says(">= 120 Wh/kg", "Storage packs", previous=110),
        says(">= 120 Wh/kg", "Storage packs", sentence="Storage packs must have about 120 Wh/kg"),
        says(">= 120 Wh/kg", "Storage packs", sentence="The limit is expected to rise to at least 120 Wh/kg"),
        says(">= 120 Wh/L", "Storage packs"),
        says(">= 120 Wh/kg", "Storage packs of over 300 MWh"),
    ],
)
def test_what_is_not_surely_the_same_is_no_contradiction(claim: Statement) -> None:
    storage_packs = sets(">= 110 Wh/kg", "储能型电池组", by="2024")
    others = tuple(each for each in draft() if each.requirement.subject != "储能型电池组")
    found = checked(article(CONFIRMED, says(">= 155 Wh/kg", "Storage cells"), claim), text_of(*others, storage_packs))
    assert verdicts(found) == [Verdict.CONFIRMED, Verdict.CONFIRMED, Verdict.UNSTATED]


def test_an_unsure_link_contradicts_nothing() -> None:
    news = article(says(">= 120 Wh/kg", "Storage packs"))
    unsure = Report(rule=conditions(), reason=LinkReason.VALUES, score=0.7)
    assert verdicts(list(check(news, unsure))) == [Verdict.UNSTATED]
    assert verdicts(list(check(news, sure(conditions())))) == [Verdict.CONTRADICTED]


def test_two_numbers_that_can_mean_one_limit_contradict_nothing() -> None:
    news = article(says(">= 120 Wh/kg", "Storage packs"), says(">= 125 Wh/kg", "Storage packs"))
    assert verdicts(list(check(news, sure(conditions())))) == [Verdict.UNSTATED, Verdict.UNSTATED]
    news = article(says(">= 110 Wh/kg", "Storage packs"), says(">= 120 Wh/kg", "Storage packs"))
    assert verdicts(list(check(news, sure(conditions())))) == [Verdict.CONFIRMED, Verdict.UNSTATED]


def test_times_and_sums_of_money_need_more_than_a_company() -> None:
    official = text_of(sets("<= 30 day", "企业", metric="时限", metric_id="time_limit"))
    claim = says("<= 20 day", "Companies", metric="time", metric_id="time_limit")
    assert verdicts(list(check(article(claim), sure(conditions(official))))) == [Verdict.UNSTATED]


def test_materials_tell_limits_apart() -> None:
    share = {"metric": "recycled content", "metric_id": "recycled_content"}
    official = text_of(
        sets(">= 16 percent", materials=["cobalt"], **share), sets(">= 6 percent", materials=["lithium"], **share)
    )
    news = article(
        says(">= 16 percent", materials=["cobalt"], **share), says(">= 8 percent", materials=["lithium"], **share)
    )
    found = check(news, sure(conditions(official)))
    assert verdicts(list(found)) == [Verdict.CONFIRMED, Verdict.CONTRADICTED]
    lead = article(says(">= 85 percent", materials=["lead"], **share))
    assert verdicts(list(check(lead, sure(conditions(official))))) == [Verdict.UNSTATED]


def test_what_is_measured_in_something_is_not_what_it_is_put_on() -> None:
    copper = {"metric": "copper content", "metric_id": "copper", "materials": ["copper"]}
    official = text_of(sets("<= 0.3 percent", "铜渣选矿尾渣", **copper))
    claim = says("<= 0.25 percent", "Mixed scrap", **copper)
    assert verdicts(list(check(article(claim), sure(conditions(official))))) == [Verdict.UNSTATED]


def test_companies_of_one_kind_are_not_all_companies() -> None:
    share = {"metric": "green power", "metric_id": "green_power_share"}
    official = text_of(sets(">= 20 percent", "企业", **share))
    for subject, verdict in (("Companies", Verdict.CONTRADICTED), ("Grid companies", Verdict.UNSTATED)):
        claim = says(">= 25 percent", subject, **share)
        assert verdicts(list(check(article(claim), sure(conditions(official))))) == [verdict]


def test_a_number_of_an_earlier_draft_is_outdated() -> None:
    final = text_of(*draft(storage=160), at=FINAL_DAY, stage=Stage.FINAL)
    claim = says(">= 155 Wh/kg", "Storage cells")
    for after in (timedelta(days=1), LATER):
        found = checked(article(CONFIRMED, claim, after=after), text_of(*draft()), final)
        assert verdicts(found) == [Verdict.CONFIRMED, Verdict.OUTDATED]
        assert found[1].official is not None
        assert str(found[1].official.requirement.threshold) == ">= 155 Wh/kg"


def test_a_rounded_number_is_confirmed_but_an_exact_one_is_of_its_own_text() -> None:
    moved = text_of(*draft(storage=157), at=FINAL_DAY, stage=Stage.FINAL)
    (found,) = check(article(says(">= 0.16 kWh/kg", "Storage cells")), sure(conditions(text_of(*draft()), moved)))
    assert found.verdict is Verdict.CONFIRMED
    exact = text_of(*draft(storage=160))
    (found,) = check(article(says(">= 0.16 kWh/kg", "Storage cells")), sure(conditions(exact, moved)))
    assert found.verdict is Verdict.OUTDATED
    (found,) = check(article(says(">= 0.2 kWh/kg", "Storage cells")), sure(conditions()))
    assert found.verdict is Verdict.CONTRADICTED


def test_a_number_that_a_later_text_passes_over_stays_confirmed() -> None:
    amendment = text_of(sets(">= 200 Wh/kg", "消费型电池组"), at=FINAL_DAY, stage=Stage.FINAL)
    found = checked(article(CONFIRMED, says(">= 155 Wh/kg", "Storage cells")), text_of(*draft()), amendment)
    assert verdicts(found) == [Verdict.CONFIRMED, Verdict.CONFIRMED]


def test_an_article_about_a_text_that_is_not_here_yet_contradicts_nothing() -> None:
    wrong = says(">= 120 Wh/kg", "Storage packs")
    old = article(CONFIRMED, wrong, after=timedelta(days=200), stage=Stage.NONE)
    assert verdicts(list(check(old, sure(conditions())))) == [Verdict.CONFIRMED, Verdict.UNSTATED]
    final = article(CONFIRMED, wrong, after=timedelta(days=20), stage=Stage.FINAL)
    assert verdicts(list(check(final, sure(conditions())))) == [Verdict.CONFIRMED, Verdict.UNSTATED]


def test_nothing_is_contradicted_before_the_publisher_was_visited_again() -> None:
    wrong = says(">= 120 Wh/kg", "Storage packs")
    seen = conditions(looked_at=DRAFT_DAY + timedelta(hours=1))
    (found,) = check(article(wrong), sure(seen))
    assert (found.verdict, found.waits) == (Verdict.UNSTATED, True)
    (found,) = check(article(wrong), sure(conditions(looked_at=DRAFT_DAY + timedelta(days=1))))
    assert (found.verdict, found.waits) == (Verdict.CONTRADICTED, False)


def test_the_press_is_ahead_with_a_number_that_comes_later() -> None:
    news = article(says(">= 155 Wh/kg", "Storage cells"), after=timedelta(days=-1))
    (found,) = checked(news)
    assert (found.verdict, found.is_ahead) == (Verdict.CONFIRMED, True)
    # When a text came out is not known if only the first visit is.
    (found,) = checked(news, text_of(*draft(), published=False))
    assert (found.verdict, found.is_ahead) == (Verdict.CONFIRMED, False)


def test_a_number_that_was_added_to_an_article_counts_from_then_on() -> None:
    added = says(">= 155 Wh/kg", "Storage cells", since=DRAFT_DAY + timedelta(hours=2))
    (found,) = checked(article(added, after=timedelta(days=-1)))
    assert (found.verdict, found.is_ahead) == (Verdict.CONFIRMED, False)


def test_the_press_is_ahead_of_a_text_that_it_says_is_to_change() -> None:
    claim = says(">= 170 Wh/kg", "Storage cells", sentence="The ministry is set to ask for at least 170 Wh/kg")
    (found,) = check(article(claim), sure(conditions()))
    assert (found.verdict, found.is_ahead) == (Verdict.UNSTATED, True)
    replaced = says(">= 170 Wh/kg", "Storage cells", previous=155)
    (found,) = check(article(replaced), sure(conditions()))
    assert (found.verdict, found.is_ahead) == (Verdict.UNSTATED, True)


def test_the_press_is_ahead_of_a_rule_that_is_known_by_its_name_only() -> None:
    news = article(says(">= 170 Wh/kg", "Storage cells"), names=frozenset({"CN-LIB-CONDITIONS"}))
    (found,) = checked(news, text_of())
    assert (found.verdict, found.is_ahead) == (Verdict.UNSTATED, True)


def test_a_number_on_something_that_the_rule_does_not_regulate_is_not_ahead() -> None:
    claim = says(">= 500 km", "Cars", metric="range", metric_id="driving_range")
    found = checked(article(CONFIRMED, claim))
    assert [(each.verdict, each.is_ahead) for each in found][1] == (Verdict.UNSTATED, False)


def test_what_one_rule_states_is_contradicted_by_none() -> None:
    news = article(CONFIRMED, says(">= 120 Wh/kg", "Storage packs"))
    first = check(news, sure(conditions()))
    second = check(news, sure(conditions(text_of(sets(">= 120 Wh/kg", "储能型电池组")), number=2)))
    settled = settle({1: first, 2: second})
    assert verdicts(list(settled[1])) == [Verdict.CONFIRMED, Verdict.UNSTATED]
    assert verdicts(list(settled[2])) == [Verdict.UNSTATED, Verdict.CONFIRMED]


def test_in_one_language_metrics_without_an_id_are_known_by_their_words() -> None:
    official = text_of(sets(">= 60 percent", "石材", metric="资源综合利用率", metric_id=None))
    claim = sets(">= 60 percent", "石材", metric="综合利用率", metric_id=None)
    (found,) = check(article(claim, language="zh"), sure(conditions(official)))
    assert found.verdict is Verdict.CONFIRMED
    wrong = sets(">= 70 percent", "石材", metric="综合利用率", metric_id=None)
    (found,) = check(article(wrong, language="zh"), sure(conditions(official)))
    assert found.verdict is Verdict.UNSTATED


def test_units_that_nobody_can_convert_are_set_beside_nothing() -> None:
    claim = says(">= 120 glorps", "Storage packs")
    (found,) = check(article(claim), sure(conditions()))
    assert found.verdict is Verdict.UNSTATED
