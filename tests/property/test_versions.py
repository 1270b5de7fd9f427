"""Whole documents, read and compared: another form of the same text gives no change, another digit exactly one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from random import Random

import pytest

from limen.domain.change import ChangeKind, Difference
from limen.domain.document import Reading
from limen.domain.joint import Version, compare, read_together
from limen.nlp.extraction import Extractor
from tests.eval.corpus import CORPUS, AnnotatedPassage, read_passages
from tests.property.versions import REWRITES, Rewrite, with_other_digit

QUICK = ("en", "zh")
ALL = ("dev-en", "dev-zh", "field-en", "field-zh", *QUICK)


@cache
def _extractor() -> Extractor:
    return Extractor()


def passages(*names: str) -> Iterator[AnnotatedPassage]:
    for name in names:
        yield from read_passages(CORPUS / f"{name}.jsonl")


def read(passage: AnnotatedPassage, text: str) -> Version:
    reading = _extractor().read(text, language=passage.language, title=passage.title)
    return Version(text=text, reading=reading)


def compared(passage: AnnotatedPassage, text: str) -> Difference:
    return compare(read(passage, passage.text), read(passage, text))


def _told(difference: Difference) -> list[str]:
    return [f"{change.kind.value}: {change.old} -> {change.new}" for change in difference.changes]


def other_forms(names: tuple[str, ...]) -> Iterator[tuple[AnnotatedPassage, Rewrite, str]]:
    """Yield every passage in every form that differs from its own."""
    for passage in passages(*names):
        for rewrite in REWRITES:
            text = rewrite(passage.text, passage.language, Random(passage.id))
            if text != passage.text:
                yield passage, rewrite, text


def other_digits(names: tuple[str, ...]) -> Iterator[tuple[AnnotatedPassage, Reading, int, str]]:
    """Yield every passage with one digit of every sixth of its requirements changed: its reading, the requirement's place."""
    for passage in passages(*names):
        reading = read(passage, passage.text).reading
        for place, requirement in enumerate(reading.requirements):
            if place % 6:
                continue
            text = with_other_digit(passage.text, requirement, Random(f"{passage.id} {place}"))
            if text is not None:
                yield passage, reading, place, text


def failed_forms(names: tuple[str, ...]) -> tuple[int, list[str]]:
    """Return how many forms were tried, and what was told of those that should be quiet."""
    count, failed = 0, []
    for passage, rewrite, text in other_forms(names):
        count += 1
        failed += [f"{passage.id} {rewrite.__name__}: {each}" for each in _told(compared(passage, text))]
    return count, failed


def failed_digits(names: tuple[str, ...]) -> tuple[int, list[str]]:
    """Return how many digits were changed, and where that was not told as just that one change."""
    count, failed = 0, []
    for passage, reading, place, text in other_digits(names):
        count += 1
        changes = compared(passage, text).changes
        limits = [change.old.threshold for change in changes if change.old is not None]
        if [change.kind for change in changes] != [ChangeKind.VALUE] or limits != [
            reading.requirements[place].threshold
        ]:
            failed.append(f"{passage.id} {reading.requirements[place].evidence.quote}: {changes}")
    return count, failed


def test_another_form_is_no_change() -> None:
    count, failed = failed_forms(QUICK)
    assert failed == []
    assert count > 40


def test_another_digit_is_one_change() -> None:
    count, failed = failed_digits(QUICK)
    assert failed == []
    assert count > 15


@pytest.mark.slow
def test_another_form_of_any_document_is_no_change() -> None:
    count, failed = failed_forms(ALL)
    assert failed == []
    assert count > 1000


@pytest.mark.slow
def test_another_digit_in_any_document_is_one_change() -> None:
    count, failed = failed_digits(ALL)
    assert failed == []
    assert count > 400


def test_a_difference_takes_each_document_to_its_other_form() -> None:
    for passage, _, text in other_forms(QUICK):
        old, new = read(passage, passage.text), read(passage, text)
        before, after = read_together(old, new)
        assert compare(old, new).apply(before.requirements) == after.requirements


@pytest.mark.parametrize("name", ALL)
def test_nothing_changed_between_a_document_and_itself(name: str) -> None:
    for passage in passages(name):
        version = read(passage, passage.text)
        difference = compare(version, version)
        assert (difference.changes, difference.notes, difference.doubts) == ((), (), ())


@pytest.mark.parametrize(
    ("language", "old", "new"),
    [
        ("en", "Cells shall reach at least 165 Wh/kg.", "Cells shall reach at least 0.165 kWh/kg."),
        ("en", "Cathodes shall store no less than 150 mAh/g.", "Cathodes shall store no less than 150 Ah/kg."),
        ("en", "Gold in tailings shall not exceed 1.5 g/t.", "Gold in tailings shall not exceed 1500 mg/t."),
        ("en", "The quota for 2027 is 20,000 tonnes.", "The quota for 2027 is 20 kt."),
        ("zh", "研发费用占营业收入的比例不得低于百分之三。", "研发费用占营业收入的比例不得低于3%。"),
        ("zh", "稀土开采指标不得超过20万吨。", "稀土开采指标不得超过200000吨。"),
        ("zh", "电池能量密度应不低于165Wh/kg。", "电池能量密度应不低于0.165kWh/kg。"),
        ("zh", "正极材料比容量不得低于150mAh/g。", "正极材料比容量不得低于150Ah/kg。"),
    ],
)
def test_a_unit_restated_is_a_note(language: str, old: str, new: str) -> None:
    before, after = (Version(text=text, reading=_extractor().read(text, language=language)) for text in (old, new))
    difference = compare(before, after)
    assert (difference.changes, difference.doubts) == ((), ())
    assert len(difference.notes) + len(difference.kept) == 1
