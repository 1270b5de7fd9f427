"""Ways to write a number."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from random import Random

from tests.property.rewordings.rule import draw, same
from tests.property.rewordings.saying import Saying, relation
from tests.property.rewordings.spelled import CHINESE_DIGITS, in_chinese, in_english, wide


@relation
def full_width(dice: Random) -> Saying:
    rule = draw(dice)
    text = rule.text()
    return same(rule, [text, wide(text), rule.text(number=wide(f"{rule.value}"))])


@relation
def full_width_points(dice: Random) -> Saying:
    rule = replace(draw(dice), value=Decimal(dice.randrange(101, 999)) / 10)
    if rule.unit in {"cycle", "tonne"}:
        rule = replace(draw(dice, unit="percent"), value=rule.value)
    return same(rule, [rule.text(), rule.text(number=wide(f"{rule.value}").replace(".", "．"))])


@relation
def percent_in_english(dice: Random) -> Saying:
    rule = replace(draw(dice, language="en", unit="percent"), value=Decimal(dice.randrange(2, 100)))
    spelled = in_english(int(rule.value))
    texts = [rule.text(unit=unit) for unit in ("%", " %", "percent", "per cent", "％")]
    return same(rule, [*texts, *(rule.text(number=spelled, unit=unit) for unit in ("percent", "per cent"))])


@relation
def percent_in_chinese(dice: Random) -> Saying:
    rule = replace(draw(dice, language="zh", unit="percent"), value=Decimal(dice.randrange(2, 100)))
    spelled = f"百分之{in_chinese(int(rule.value))}"
    texts = [rule.text(unit=unit) for unit in ("%", " %", "％")]
    return same(rule, [*texts, rule.text(number=spelled, unit=""), rule.text(number=f"百分之{rule.value}", unit="")])


@relation
def thousands(dice: Random) -> Saying:
    rule = replace(draw(dice, unit=dice.choice(["cycle", "tonne"])), value=Decimal(dice.randrange(1001, 99_999)))
    separators = ("", ",", "，") if rule.language == "zh" else ("", ",", " ", "\u00a0", "\u2009", "\u202f")
    grouped = [f"{rule.value:,}".replace(",", separator) for separator in separators]
    grouped = [wide(number) if "，" in number else number for number in grouped]
    return same(rule, [rule.text(number=number) for number in grouped])


@relation
def zeros_at_the_end(dice: Random) -> Saying:
    rule = draw(dice)
    if rule.unit in {"cycle", "tonne"}:
        rule = replace(draw(dice, unit="m"), value=Decimal(7))
    return same(rule, [rule.text(), *(rule.text(number=f"{rule.value:.{places}f}") for places in (1, 2, 3))])


@relation
def days_in_words(dice: Random) -> Saying:
    days = dice.randrange(2, 100)
    what = dice.choice(["report the spill", "submit the plan", "inform the inspector", "repair the liner"])
    spelled = in_english(days)
    amounts = (f"{days} days", f"{spelled} days", f"{spelled} ({days}) days")
    texts = [f"The operator shall {what} within {amount}." for amount in amounts]
    return Saying(language="en", texts=texts, requires=[("<=", f"{days}", "", "day", "mandatory", "")])


@relation
def days_in_chinese_words(dice: Random) -> Saying:
    days = dice.randrange(2, 100)
    what = dice.choice(["报告事故情况", "提交整改方案", "缴清费用", "完成验收"])
    amounts = (f"{days}日", f"{days}天", f"{days} 日", f"{in_chinese(days)}日", f"{wide(str(days))}日")
    texts = [f"企业应当在{amount}内{what}。" for amount in amounts]
    return Saying(language="zh", texts=texts, requires=[("<=", f"{days}", "", "day", "mandatory", "")])


@relation
def fractions(dice: Random) -> Saying:
    if dice.random() < 0.5:
        name, part = dice.choice([("one third", 3), ("one quarter", 4), ("one fifth", 5), ("one tenth", 10)])
        texts = [
            f"At least {share} of the ore must be treated in the country." for share in (name, name.replace(" ", "-"))
        ]
        value = Decimal(1) / part
        return Saying(language="en", texts=texts, requires=[(">=", f"{value}", "", "dimensionless", "mandatory", "")])
    part = dice.randrange(2, 10)
    texts = [
        f"外聘专家所占比例不得少于{share}。" for share in (f"{CHINESE_DIGITS[part]}分之一", f"1/{part}", f"{part}分之1")
    ]
    value = Decimal(1) / part
    return Saying(language="zh", texts=texts, requires=[(">=", f"{value}", "", "dimensionless", "mandatory", "")])


@relation
def scale_words_in_english(dice: Random) -> Saying:
    tenths = dice.randrange(11, 90)
    full = f"{tenths * 100_000:,}"
    amounts = (
        f"{Decimal(tenths) / 10} million tonnes",
        f"{full} tonnes",
        f"{full.replace(',', ' ')} tonnes",
        f"{full} t",
    )
    texts = [f"The dam may hold no more than {amount} of tailings." for amount in amounts]
    return Saying(language="en", texts=texts, requires=[("<=", f"{tenths * 100_000}", "", "tonne", "mandatory", "")])


@relation
def scale_words_in_chinese(dice: Random) -> Saying:
    count = dice.randrange(11, 99)
    amounts = (
        f"{count}万吨",
        f"{count}0000吨",
        f"{count * 10},000吨",
        f"{count} 万吨",
        f"{in_chinese(count)}万吨",
        f"{wide(str(count))}万吨",
    )
    where = dice.choice(["尾矿库的年入库量", "矿山的年开采量", "全省冶炼产能"])
    texts = [f"{where}不得超过{amount}。" for amount in amounts]
    return Saying(language="zh", texts=texts, requires=[("<=", f"{count}0000", "", "tonne", "mandatory", "")])
