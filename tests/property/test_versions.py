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
    """Yield every passage with one digit of each of its requirements changed: its reading and the requirement's place."""
    for passage in passages(*names):
        reading = read(passage, passage.text).reading
        for place, requirement in enumerate(reading.requirements):
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
    assert count > 50


@pytest.mark.slow
def test_another_form_of_any_document_is_no_change() -> None:
    count, failed = failed_forms(ALL)
    assert failed == []
    assert count > 1000


@pytest.mark.slow
def test_another_digit_in_any_document_is_one_change() -> None:
    count, failed = failed_digits(ALL)
    assert failed == []
    assert count > 1000


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
