"""Ways to write a unit."""

from __future__ import annotations

import tomllib
from pathlib import Path
from random import Random

from tests.property.rewordings.rule import draw, same
from tests.property.rewordings.saying import Saying, relation
from tests.property.rewordings.spelled import in_chinese

_UNITS = {
    "en": {
        "Wh/kg": ("Wh/kg", "Wh / kg", "Wh·kg⁻¹", "Wh kg-1", "Wh kg⁻¹", "watt-hours per kilogram", "Wh per kg", "Wh/ kg"),
        "mg/L": ("mg/L", "mg/l", "mg·L⁻¹", "mg L-1", "milligrams per litre", "milligrams per liter", "mg per litre"),
        "mg/m**3": ("mg/m3", "mg/m³", "mg/m^3", "mg·m⁻³", "mg m-3", "milligrams per cubic metre", "mg per cubic meter"),
        "km/hour": ("km/h", "kilometres per hour", "kilometers per hour", "kph"),
        "m": ("m", "metres", "meters"),
        "MPa": ("MPa", "megapascals"),
    },
    "zh": {
        "Wh/kg": ("Wh/kg", "Wh·kg⁻¹", "瓦时/千克", "瓦时每千克", "瓦时/公斤", "Wh／kg"),
        "mg/L": ("mg/L", "mg/l", "毫克/升", "毫克每升", "mg／L", "㎎/L"),
        "mg/m**3": ("mg/m³", "mg/m3", "毫克/立方米", "毫克每立方米", "mg/㎥"),
        "kWh/tonne": ("kWh/t", "千瓦时/吨", "千瓦时每吨", "kW·h/t", "kWh／t"),
        "m": ("m", "米", "ｍ"),
        "tonne": ("吨", "t", " 吨"),
    },
}  # fmt: skip


@relation
def units_in_english(dice: Random) -> Saying:
    rule = draw(dice, language="en", unit=dice.choice([*_UNITS["en"]]))
    return same(rule, [rule.text(unit=unit) for unit in _UNITS["en"][rule.unit]])


@relation
def units_in_chinese(dice: Random) -> Saying:
    rule = draw(dice, language="zh", unit=dice.choice([*_UNITS["zh"]]))
    return same(rule, [rule.text(unit=unit) for unit in _UNITS["zh"][rule.unit]])


@relation
def money(dice: Random) -> Saying:
    amount = dice.randrange(2, 90) * 1000
    who = dice.choice(["Exporters", "Holders of a claim", "Smelters"])
    amounts = (
        f"EUR {amount:,}",
        f"€{amount:,}",
        f"€ {amount:,}",
        f"{amount:,} euros",
        f"EUR {amount}",
        f"{amount:,} EUR",
    )
    texts = [f"{who} shall pay a fee of {written}." for written in amounts]
    return Saying(language="en", texts=texts, requires=[("=", f"{amount}", "", "EUR", "mandatory", "")])


@relation
def money_in_chinese(dice: Random) -> Saying:
    count = dice.randrange(2, 99)
    act = dice.choice(["超期未报的", "拒绝检查的", "擅自变更开采范围的"])
    amounts = (
        f"{count}万元",
        f"{count}0000元",
        f"{count} 万元",
        f"{in_chinese(count)}万元",
        f"{count}万元人民币",
        f"{count}0,000元",
    )
    texts = [f"{act}，处{written}以下罚款。" for written in amounts]
    return Saying(language="zh", texts=texts, requires=[("<=", f"{count}0000", "", "CNY", "mandatory", "")])


@relation
def blanks_before_the_unit(dice: Random) -> Saying:
    rule = draw(dice)
    plain = rule.text(unit="@").replace(" @", "@")
    blanks = ("", " ", "\u00a0", "\u2009", "\u202f")
    return same(rule, [plain.replace("@", f"{blank}{rule.written}") for blank in blanks])


_SPELLINGS = tomllib.loads((Path(__file__).parent / "spellings.toml").read_text(encoding="utf-8"))


@relation
def spellings_in_english(dice: Random) -> Saying:
    unit, number = dice.choice([*_SPELLINGS["en"]]), dice.randrange(21, 97)
    written = [f"{number}{'' if sign[0] in ' %' else ' '}{sign}" for sign in _SPELLINGS["en"][unit]]
    texts = [f"The value at the outlet must not exceed {amount}." for amount in written]
    return Saying(language="en", texts=texts, requires=[("<=", f"{number}", "", unit, "mandatory", "")], names=False)


@relation
def spellings_in_chinese(dice: Random) -> Saying:
    unit, number = dice.choice([*_SPELLINGS["zh"]]), dice.randrange(21, 97)
    texts = [f"排放口的数值不得超过{number}{sign}。" for sign in _SPELLINGS["zh"][unit]]
    return Saying(language="zh", texts=texts, requires=[("<=", f"{number}", "", unit, "mandatory", "")], names=False)
