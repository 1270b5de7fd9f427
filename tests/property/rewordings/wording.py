"""Rewordings of the operator."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from tests.property.rewordings.rule import draw, same
from tests.property.rewordings.saying import Saying, relation


@relation
def at_least_in_english(dice: Random) -> Saying:
    rule = draw(dice, language="en", op=">=")
    wordings = (
        "shall be at least", "must be at least", "shall be no less than", "shall be not less than", "shall not be less than",
        "must not be lower than", "shall be a minimum of", "shall be equal to or greater than", "shall not fall below",
    )  # fmt: skip
    return same(rule, [rule.text(wording) for wording in wordings])


@relation
def at_most_in_english(dice: Random) -> Saying:
    rule = draw(dice, language="en", op="<=")
    wordings = (
        "shall not exceed", "must not exceed", "shall be at most", "shall be no more than", "shall be not more than",
        "shall not be greater than", "must not be higher than", "shall be a maximum of", "may be up to",
        "shall be limited to",
    )  # fmt: skip
    return same(rule, [rule.text(wording) for wording in wordings])


@relation
def open_bounds_in_english(dice: Random) -> Saying:
    up = dice.random() < 0.5
    rule = draw(dice, language="en", op=">=" if up else "<=")
    wordings = (
        ("must exceed", "shall be more than", "shall be above")
        if up
        else ("shall be less than", "must be lower than", "shall be below", "must stay under")
    )
    return same(replace(rule, op=">" if up else "<"), [rule.text(wording) for wording in wordings])


@relation
def greater_than(dice: Random) -> Saying:
    rule = draw(dice, language="en", op=">=")
    wordings = ("must exceed", "must be greater than", "shall be in excess of")
    return same(replace(rule, op=">"), [rule.text(wording) for wording in wordings])


@relation
def behind_the_number_in_english(dice: Random) -> Saying:
    rule = draw(dice, language="en")
    ends = (" or more", " at least", " as a minimum") if rule.op == ">=" else (" or less", " at most", " as a maximum")
    return same(rule, [rule.text(), *(rule.text("shall be", end=end) for end in ends)])


@relation
def at_least_in_chinese(dice: Random) -> Saying:
    rule = draw(dice, language="zh", op=">=")
    wordings = (
        "不低于",
        "不少于",
        "不得低于",
        "不得少于",
        "应不低于",
        "不应低于",
        "应不小于",
        "应当不低于",
        "须不低于",
        "≥",
        "应≥",
        "至少应为",
    )
    return same(rule, [rule.text(wording) for wording in wordings])


@relation
def at_most_in_chinese(dice: Random) -> Saying:
    rule = draw(dice, language="zh", op="<=")
    wordings = (
        "不超过",
        "不高于",
        "不得超过",
        "不得高于",
        "应不大于",
        "不应超过",
        "不应大于",
        "应当不高于",
        "≤",
        "应≤",
        "最高不得超过",
    )
    return same(rule, [rule.text(wording) for wording in wordings])


@relation
def behind_the_number_in_chinese(dice: Random) -> Saying:
    rule = draw(dice, language="zh")
    ends = ("以上", "及以上") if rule.op == ">=" else ("以下", "以内", "及以下")
    lead = "应达到" if rule.op == ">=" else "应控制在"
    return same(rule, [rule.text({">=": "应≥", "<=": "应≤"}[rule.op]), *(rule.text(lead, end=end) for end in ends)])


@relation
def signs_of_comparison(dice: Random) -> Saying:
    rule = draw(dice)
    signs = ("≥", ">=", "≧", "⩾", "＞＝", "≥ ") if rule.op == ">=" else ("≤", "<=", "≦", "⩽", "＜＝", "≤ ")
    verb = "应" if rule.language == "zh" else "shall be "
    return same(rule, [rule.text(f"{verb}{sign}") for sign in signs])
