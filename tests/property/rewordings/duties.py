"""Rewordings of deadlines, intervals, fines, changes, pairs and scopes."""

from __future__ import annotations

from random import Random

from tests.property.rewordings.saying import Numbers, Saying, relation
from tests.property.rewordings.spelled import in_chinese, in_english


def _one(op: str, value: int, unit: str) -> list[Numbers]:
    return [(op, f"{value}", "", unit, "mandatory", "")]


@relation
def deadlines(dice: Random) -> Saying:
    days = dice.randrange(5, 95)
    what = dice.choice(["submit the plan", "inform the inspector", "repair the liner", "pay the fee"])
    texts = [
        f"The operator shall {what} {when}."
        for when in (
            f"within {days} days",
            f"within {days} days of the notice",
            f"no later than {days} days after the notice",
            f"not later than {days} days after the notice",
            f"within a period of {days} days",
            f"within {in_english(days)} days from the notice",
        )
    ]
    return Saying(language="en", texts=texts, requires=_one("<=", days, "day"), names=False)


@relation
def deadlines_in_chinese(dice: Random) -> Saying:
    days = dice.randrange(5, 95)
    what = dice.choice(["提交整改方案", "缴清费用", "完成验收", "报告检测结果"])
    texts = [
        f"企业应当{when}{what}。"
        for when in (
            f"在{days}日内",
            f"于{days}日内",
            f"在{days}日之内",
            f"在{days}天以内",
            f"自收到通知之日起{days}日内",
            f"在收到通知后{in_chinese(days)}日内",
        )
    ]
    return Saying(language="zh", texts=texts, requires=_one("<=", days, "day"), names=False)


@relation
def notice_ahead(dice: Random) -> Saying:
    days = dice.randrange(5, 95)
    what = dice.choice(["blasting", "the start of works", "the transport"])
    texts = [
        f"The operator shall inform the inspector {when} {what}."
        for when in (
            f"{days} days before",
            f"at least {days} days before",
            f"no later than {days} days before",
            f"not less than {days} days before",
            f"at least {in_english(days)} days prior to",
            f"at least {days} days ahead of",
        )
    ]
    return Saying(language="en", texts=texts, requires=_one(">=", days, "day"), names=False)


@relation
def notice_ahead_in_chinese(dice: Random) -> Saying:
    days = dice.randrange(5, 95)
    what = dice.choice(["提出申请", "告知周边居民", "报送爆破方案"])
    leads = (f"提前{days}日", f"至少提前{days}日", f"提前{days}天", f"提前{in_chinese(days)}日", f"提前不少于{days}日")
    texts = [f"作业单位应当{lead}{what}。" for lead in leads]
    return Saying(language="zh", texts=texts, requires=_one(">=", days, "day"), names=False)


@relation
def intervals(dice: Random) -> Saying:
    count = dice.randrange(2, 13)
    period = dice.choice(["year", "month", "week", "day"])
    what = dice.choice(["The dam", "The winding rope", "The gas detector"])
    texts = [
        f"{what} must be inspected {how}."
        for how in (
            f"every {count} {period}s",
            f"every {in_english(count)} {period}s",
            f"once every {count} {period}s",
            f"at intervals of no more than {count} {period}s",
            f"at intervals not exceeding {count} {period}s",
        )
    ]
    return Saying(language="en", texts=texts, requires=_one("<=", count, period), names=False)


@relation
def intervals_in_chinese(dice: Random) -> Saying:
    count = dice.randrange(3, 11)
    written, unit = dice.choice([("年", "year"), ("个月", "month"), ("天", "day")])
    what = dice.choice(["尾矿坝", "提升钢丝绳", "瓦斯传感器"])
    texts = [
        f"{what}应当{how}。"
        for how in (
            f"每{count}{written}检测一次",
            f"每{in_chinese(count)}{written}检测一次",
            f"每{count}{written}检测1次",
            f"每 {count} {written}检测 1 次",
        )
    ]
    return Saying(language="zh", texts=texts, requires=_one("<=", count, unit), names=False)


@relation
def fines(dice: Random) -> Saying:
    low = dice.randrange(2, 30) * 1000
    high = low + dice.randrange(1, 30) * 1000
    what = dice.choice(["late reports", "illegal dumping", "a false declaration"])
    texts = [
        f"The fine for {what} {how}."
        for how in (
            f"is EUR {low:,} to EUR {high:,}",
            f"is between EUR {low:,} and EUR {high:,}",
            f"is not less than EUR {low:,} and not more than EUR {high:,}",
            f"is at least EUR {low:,} and at most EUR {high:,}",
            f"is EUR {low} to {high}",
        )
    ]
    bounds = ("between", f"{low}", f"{high}", "EUR", "mandatory", "")
    return Saying(language="en", texts=texts, requires=[bounds], names=False)


@relation
def fines_in_chinese(dice: Random) -> Saying:
    low = dice.randrange(2, 30)
    high = low + dice.randrange(1, 60)
    what = dice.choice(["超期未报的", "拒绝检查的", "擅自变更开采范围的"])
    texts = [
        f"{what}，{how}。"
        for how in (
            f"处{low}万元以上{high}万元以下罚款",
            f"处{low}万元以上{high}万元以下的罚款",
            f"处{in_chinese(low)}万元以上{in_chinese(high)}万元以下罚款",
            f"处{low}0000元以上{high}0000元以下罚款",
            f"处 {low} 万元以上 {high} 万元以下罚款",
            f"处以{low}万元至{high}万元罚款",
        )
    ]
    bounds = ("between", f"{low}0000", f"{high}0000", "CNY", "mandatory", "")
    return Saying(language="zh", texts=texts, requires=[bounds], names=False)


@relation
def changes(dice: Random) -> Saying:
    old = dice.randrange(2, 20)
    new = old + dice.randrange(1, 9)
    what = dice.choice(["royalty on copper", "export duty on graphite", "levy on waste rock"])
    texts = [
        f"The {what} {how}."
        for how in (
            f"will be raised from {old} percent to {new} percent",
            f"will be raised from {old} to {new} percent",
            f"will be raised to {new} percent from {old} percent",
            f"will be {new} percent instead of {old} percent",
            f"will rise to {new} percent, up from {old} percent",
        )
    ]
    return Saying(language="en", texts=texts, requires=_one("=", new, "percent"), previous=f"{old}", names=False)


@relation
def changes_in_chinese(dice: Random) -> Saying:
    old = dice.randrange(2, 20)
    new = old + dice.randrange(1, 9)
    what = dice.choice(["铜矿资源税税率", "石墨出口关税税率", "稀土矿费率"])
    texts = [
        f"{what}{how}。"
        for how in (
            f"由{old}%提高到{new}%",
            f"从{old}%提高至{new}%",
            f"由{old}%上调至{new}%",
            f"由{old}%调整为{new}%",
            f"由原来的{old}%提高到{new}%",
            f"调整为{new}%（原为{old}%）",
        )
    ]
    return Saying(language="zh", texts=texts, requires=_one("=", new, "percent"), previous=f"{old}", names=False)


@relation
def in_their_order(dice: Random) -> Saying:
    first, second = (dice.randrange(2, 90) for _ in range(2))
    texts = [
        f"Zinc and copper in the effluent shall not exceed {first} mg/L and {second} mg/L respectively.",
        f"Zinc and copper in the effluent shall not exceed {first} and {second} mg/L, respectively.",
        f"Zinc in the effluent shall not exceed {first} mg/L, and copper shall not exceed {second} mg/L.",
        f"The effluent shall not contain more than {first} mg/L of zinc and {second} mg/L of copper.",
    ]
    requires = [*_one("<=", first, "mg/L"), *_one("<=", second, "mg/L")]
    return Saying(language="en", texts=texts, requires=requires, names=False)


@relation
def in_their_order_in_chinese(dice: Random) -> Saying:
    first, second = (dice.randrange(2, 90) for _ in range(2))
    texts = [
        f"外排废水中总锌、总铜浓度分别不得超过{first}mg/L和{second}mg/L。",
        f"外排废水中总锌、总铜浓度分别不得超过{first}mg/L、{second}mg/L。",
        f"外排废水中总锌、总铜浓度应分别不高于{first}和{second}mg/L。",
        f"外排废水中总锌浓度不得超过{first}mg/L，总铜浓度不得超过{second}mg/L。",
    ]
    requires = [*_one("<=", first, "mg/L"), *_one("<=", second, "mg/L")]
    return Saying(language="zh", texts=texts, requires=requires, names=False)


@relation
def scopes(dice: Random) -> Saying:
    height = dice.randrange(11, 95)
    what = dice.choice(["Dams", "Waste dumps", "Stacks"])
    texts = [
        f"{what} {how} need a stability report."
        for how in (
            f"higher than {height} m",
            f"more than {height} m high",
            f"exceeding {height} m in height",
            f"with a height of more than {height} m",
            f"with a height above {height} m",
        )
    ]
    return Saying(language="en", texts=texts, requires=_one(">", height, "m"), names=False)


@relation
def scopes_in_chinese(dice: Random) -> Saying:
    height = dice.randrange(11, 95)
    what = dice.choice(["尾矿库", "排土场", "挡土墙"])
    texts = [
        f"{how}的{what}应当进行专项论证。"
        for how in (
            f"高度超过{height}米",
            f"高度大于{height}米",
            f"高度高于{height}m",
            f"高度超过 {height} 米",
        )
    ]
    return Saying(language="zh", texts=texts, requires=_one(">", height, "m"), names=False)
