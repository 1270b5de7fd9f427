"""The rules that are written down in many ways."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from random import Random

from tests.property.rewordings.saying import Numbers, Saying
from tests.property.rewordings.spelled import plain

_DATA = tomllib.loads((Path(__file__).parent / "rules.toml").read_text(encoding="utf-8"))
PROSE: dict[str, list[str]] = _DATA["prose"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule to be written down: what is limited, on which side, and by how much."""

    language: str
    metric: str
    subject: str
    op: str
    value: Decimal
    unit: str
    written: str

    def text(self, comparator: str = "", *, number: str = "", unit: str | None = None, end: str = "") -> str:
        """Return the rule as a sentence; what is not given is written in the plainest way."""
        number, unit = number or f"{self.value}", self.written if unit is None else unit
        if self.language == "zh":
            comparator = comparator or {">=": "不得低于", "<=": "不得超过"}[self.op]
            return f"{self.subject}的{self.metric}{comparator}{number}{unit}{end}。"
        comparator = comparator or {">=": "shall be at least", "<=": "shall not exceed"}[self.op]
        blank = "" if unit.startswith((" ", "%")) or not unit else " "
        return f"The {self.metric} of {self.subject} {comparator} {number}{blank}{unit}{end}."

    @property
    def numbers(self) -> Numbers:
        return (self.op, plain(self.value), "", self.unit, "mandatory", "")


_RULES = [Rule(value=Decimal(0), **entry) for entry in _DATA["rule"]]


def draw(dice: Random, *, language: str | None = None, op: str | None = None, unit: str | None = None) -> Rule:
    rule = dice.choice(
        [
            rule
            for rule in _RULES
            if language in {None, rule.language} and op in {None, rule.op} and unit in {None, rule.unit}
        ]
    )
    value = Decimal(dice.randrange(21, 97)) / dice.choice([1, 1, 10])
    if rule.unit in {"cycle", "tonne"}:
        value = Decimal(dice.randrange(11, 97) * 100)
    return replace(rule, value=value)


def same(rule: Rule, texts: Sequence[str], *, names: bool = True, by: str = "") -> Saying:
    return Saying(language=rule.language, texts=texts, requires=[(*rule.numbers[:5], by)], names=names)
