"""Limits that one text states apart and the other one together."""

from __future__ import annotations

from limen.domain.change import ChangeKind
from limen.domain.diff import diff
from limen.domain.merging import Coverage
from limen.domain.profile import Profiles
from tests.unit.domain.making import within

APART = """# 排放限值

| 污染物项目 | 直接排放 | 间接排放 |
|---|---|---|
| 总镉 | 0.050 | 0.05 |
| 总铅 | 0.2 | 0.25 |
"""
TOGETHER = """# 排放控制

在车间排放口监控的污染物，无论直接排放还是间接排放，最高允许浓度均为：

- 总镉0.05mg/L
- 总铅0.2mg/L
"""
OLD = [
    within(APART, "0.050", "<= 0.05 mg/L", "总镉", "直接排放"),
    within(APART, "0.05 |", "<= 0.05 mg/L", "总镉", "间接排放"),
    within(APART, "0.2 ", "<= 0.2 mg/L", "总铅", "直接排放"),
    within(APART, "0.25", "<= 0.25 mg/L", "总铅", "间接排放"),
]
NEW = [
    within(TOGETHER, "0.05mg/L", "<= 0.05 mg/L", "总镉", "直接排放"),
    within(TOGETHER, "0.2mg/L", "<= 0.2 mg/L", "总铅", "直接排放"),
]


def test_a_row_that_a_sentence_covers_was_not_removed() -> None:
    found = diff(OLD, NEW, old_text=APART, new_text=TOGETHER)
    assert [doubt.requirement.subject for doubt in found.doubts] == ["间接排放"]
    assert [doubt.requirement.metric for doubt in found.doubts] == ["总镉"]


def test_a_row_with_an_amount_of_its_own_was_removed() -> None:
    [change] = diff(OLD, NEW, old_text=APART, new_text=TOGETHER).changes
    assert change.kind is ChangeKind.REMOVED
    assert change.old == OLD[3]


def test_the_other_way_round_nothing_was_added() -> None:
    found = diff(NEW, OLD, old_text=TOGETHER, new_text=APART)
    assert [(change.kind, change.new) for change in found.changes] == [(ChangeKind.ADDED, OLD[3])]
    assert [doubt.requirement for doubt in found.doubts] == [OLD[1]]


def test_a_column_that_ended_was_removed() -> None:
    text = "| 污染物项目 | 直接排放 |\n|---|---|\n| 总镉 | 0.05 |\n\n间接排放不再规定。\n"
    new = [within(text, "0.05", "<= 0.05 mg/L", "总镉", "直接排放")]
    found = diff(OLD[:2], new, old_text=APART, new_text=text)
    assert [(change.kind, change.old) for change in found.changes] == [(ChangeKind.REMOVED, OLD[1])]


def test_another_metric_with_the_same_amount_covers_nothing() -> None:
    mercury = within(APART, "0.25", "<= 0.05 mg/L", "总汞", "间接排放")
    coverage = Coverage.of([], TOGETHER)
    profiles = Profiles.of([OLD[0], OLD[1], mercury], NEW, old_text=APART, new_text=TOGETHER)
    assert not coverage.covers(profiles.old[1], profiles.weights)
    coverage = Coverage.of([(profiles.old[0], profiles.new[0])], TOGETHER)
    assert coverage.covers(profiles.old[1], profiles.weights)
    assert not coverage.covers(profiles.old[2], profiles.weights)
