"""Ways to write a date, and words of duty."""

from __future__ import annotations

from random import Random

from tests.property.rewordings.rule import draw, same
from tests.property.rewordings.saying import Saying, relation
from tests.property.rewordings.spelled import wide


@relation
def dates_in_english(dice: Random) -> Saying:
    rule, year = draw(dice, language="en"), dice.randrange(2026, 2049)
    dates = (
        f"31 December {year}",
        f"December 31, {year}",
        f"31 Dec {year}",
        f"31st December {year}",
        f"{year}-12-31",
        f"the end of {year}",
    )
    return same(rule, [rule.text(end=f" by {date}") for date in dates], by=f"{year}-12-31")


@relation
def dates_in_chinese(dice: Random) -> Saying:
    rule, year = draw(dice, language="zh"), dice.randrange(2026, 2049)
    dates = (
        f"{year}年12月31日前",
        f"{year}年底前",
        f"{year}年年底前",
        f"{year} 年 12 月 31 日前",
        f"到{year}年底",
        f"{wide(str(year))}年１２月３１日前",
    )
    return same(rule, [f"{date}，{rule.text()}" for date in dates], by=f"{year}-12-31")


@relation
def words_of_duty(dice: Random) -> Saying:
    rule = draw(dice, language="en", op=">=")
    return same(
        rule, [rule.text(f"{word} be at least") for word in ("shall", "must", "has to", "is required to", "is to")]
    )


@relation
def days_of_start_in_english(dice: Random) -> Saying:
    rule, year, day = draw(dice, language="en"), dice.randrange(2026, 2049), dice.randrange(1, 29)
    dates = (
        f"by {day} July {year}",
        f"from {day} July {year}",
        f"as of {day} July {year}",
        f"by July {day}, {year}",
        f"by {day}th of July {year}",
        f"with effect from {day} July {year}",
        f"no later than {day} July {year}",
        f"by {year}-07-{day:02}",
    )
    return same(rule, [rule.text(end=f" {date}") for date in dates], by=f"{year}-07-{day:02}", names=False)


@relation
def days_of_start_in_chinese(dice: Random) -> Saying:
    rule, year, day = draw(dice, language="zh"), dice.randrange(2026, 2049), dice.randrange(1, 29)
    dates = (
        f"自{year}年7月{day}日起",
        f"从{year}年7月{day}日起",
        f"到{year}年7月{day}日",
        f"{year}年7月{day}日前",
        f"于{year}年7月{day}日前",
        f"{year}年7月{day}日之前",
        f"自{year}年07月{day:02}日起",
        f"{year}-07-{day:02}起",
    )
    return same(rule, [f"{date}，{rule.text()}" for date in dates], by=f"{year}-07-{day:02}", names=False)
