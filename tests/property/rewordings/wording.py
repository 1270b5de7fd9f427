"""Rewordings of the operator."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from random import Random

from tests.property.rewordings.rule import draw, same
from tests.property.rewordings.saying import Saying, relation

_WORDINGS = tomllib.loads((Path(__file__).parent / "wordings.toml").read_text(encoding="utf-8"))
_AT_ONCE = 9


def _worded(dice: Random, language: str, op: str) -> Saying:
    """Return a rule in the plainest wording and in some of the others."""
    rule, texts = draw(dice, language=language, op=op), []
    for wording in dice.sample(_WORDINGS[language][op], _AT_ONCE):
        lead, _, end = wording.partition("|")
        texts.append(rule.text(lead, end=f" {end}" if end and language == "en" else end))
    return same(rule, [rule.text(), *texts])


@relation
def with_other_nouns(dice: Random) -> Saying:
    rule = draw(dice, language="en")
    return same(rule, [rule.text(), *(rule.text(wording) for wording in _WORDINGS["with_nouns"][rule.op])], names=False)


@relation
def names_beside_other_nouns(dice: Random) -> Saying:
    return replace(with_other_nouns(dice), names=True)


@relation
def at_least_in_english(dice: Random) -> Saying:
    return _worded(dice, "en", ">=")


@relation
def at_most_in_english(dice: Random) -> Saying:
    return _worded(dice, "en", "<=")


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
    return _worded(dice, "zh", ">=")


@relation
def at_most_in_chinese(dice: Random) -> Saying:
    return _worded(dice, "zh", "<=")


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
