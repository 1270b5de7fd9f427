"""Ways to write two bounds."""

from __future__ import annotations

from random import Random

from tests.property.rewordings.saying import Saying, relation


@relation
def ranges_in_english(dice: Random) -> Saying:
    low, high = sorted(dice.sample(range(3, 60), 2))
    what, unit, kept = dice.choice(
        [("pH", "", "dimensionless"), ("voltage", " V", "V"), ("pressure", " kPa", "kPa"), ("grain size", " mm", "mm")]
    )
    wordings = (
        f"between {low} and {high}{unit}", f"{low} to {high}{unit}", f"from {low} to {high}{unit}", f"{low}-{high}{unit}",
        f"{low}–{high}{unit}", f"{low} – {high}{unit}", f"{low}{unit} to {high}{unit}",
        f"between {low}{unit} and {high}{unit}",
    )  # fmt: skip
    texts = [f"The {what} of the feed shall be {wording}." for wording in wordings]
    return Saying(language="en", texts=texts, requires=[("between", f"{low}", f"{high}", kept, "mandatory", "")])


@relation
def in_the_range_of(dice: Random) -> Saying:
    low, high = sorted(dice.sample(range(3, 60), 2))
    wordings = (
        f"between {low} and {high} mm",
        f"in the range of {low} to {high} mm",
        f"within the range {low} to {high} mm",
    )
    texts = [f"The grain size of the feed shall be {wording}." for wording in wordings]
    return Saying(language="en", texts=texts, requires=[("between", f"{low}", f"{high}", "mm", "mandatory", "")])


@relation
def ranges_in_chinese(dice: Random) -> Saying:
    low, high = sorted(dice.sample(range(3, 60), 2))
    what, unit, kept = dice.choice(
        [("含水率", "%", "percent"), ("孔距", "m", "m"), ("电压", "V", "V"), ("进料粒度", "mm", "mm")]
    )
    marks = ("～", "~", "至", "—", "——", "－", "-", "–", " ~ ")
    wordings = [f"{low}{unit}{mark}{high}{unit}" for mark in marks]
    texts = [f"入料的{what}应为{wording}。" for wording in [*wordings, f"{low}～{high}{unit}", f"{low}至{high}{unit}"]]
    return Saying(language="zh", texts=texts, requires=[("between", f"{low}", f"{high}", kept, "mandatory", "")])


@relation
def two_bounds(dice: Random) -> Saying:
    low, high = sorted(dice.sample(range(3, 60), 2))
    texts = [
        f"The dose of lime shall be {wording}."
        for wording in (
            f"between {low} g/L and {high} g/L",
            f"not less than {low} g/L and not more than {high} g/L",
            f"at least {low} g/L and at most {high} g/L",
            f"at least {low} g/L but no more than {high} g/L",
        )
    ]
    return Saying(language="en", texts=texts, requires=[("between", f"{low}", f"{high}", "g/L", "mandatory", "")])


@relation
def tolerances(dice: Random) -> Saying:
    middle, width = dice.randrange(20, 90), dice.randrange(1, 9)
    what = dice.choice(["oven", "test chamber", "bath"])
    written = (
        f"{middle} ± {width} °C",
        f"{middle}±{width} °C",
        f"{middle} °C ± {width} °C",
        f"({middle} ± {width}) °C",
        f"{middle} +/- {width} °C",
    )
    texts = [f"The temperature of the {what} shall be {wording}." for wording in written]
    bounds = ("between", f"{middle - width}", f"{middle + width}", "degC", "mandatory", "")
    return Saying(language="en", texts=texts, requires=[bounds])
