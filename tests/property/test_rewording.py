"""A rule in other words requires the same."""

from __future__ import annotations

import re
from collections import Counter
from random import Random

import pytest

from limen.domain.requirement import Requirement
from limen.nlp.extraction import Extractor
from limen.nlp.text.reader import read_page
from tests.eval.score import words_f1
from tests.property.rewordings.saying import RELATIONS, Numbers, Saying
from tests.property.rewordings.spelled import in_chinese, in_english, plain
from tests.support.known_fault import known_fault

EXAMPLES = 20
SAME = 0.6
KNOWN_FAULTS = {
    "names_under_bold_heads": "the linker sees other words where a head is bold",
}
_EXTRACTOR = Extractor()
_SMALL_WORDS = {"of", "the"}
_WORD = re.compile(r"[a-z]+|[\u4e00-\u9fff]")


def numbers(requirement: Requirement) -> Numbers:
    """Return what a rule says apart from its names, as the relations write it."""
    threshold = requirement.threshold
    bounds = (threshold.value, threshold.value_max)
    value, upper = ("" if bound is None else plain(bound) for bound in bounds)
    return (threshold.op.value, value, upper, threshold.unit, requirement.modality.value, requirement.by or "")


def names(requirement: Requirement) -> list[str]:
    """Return the words of metric and subject: which of the two a word goes to is the linker's to learn."""
    return sorted(set(_WORD.findall(f"{requirement.metric} {requirement.subject or ''}".lower())) - _SMALL_WORDS)


def are_same(names: list[str], others: list[str]) -> bool:
    """Tell whether two names are the same as the guide has it: enough of their words are."""
    return words_f1(Counter(names), Counter(others)) >= SAME


def faults(saying: Saying) -> list[object]:
    """Return the texts that are read otherwise than they should be, with what is read of them."""
    found: list[object] = []
    first = None
    for text in dict.fromkeys(saying.texts):
        read = read_page(text.encode(), name="page.html").text if saying.is_html else text
        requirements = list(_EXTRACTOR.read(read, language=saying.language).requirements)
        requirements.sort(key=lambda each: (numbers(each), names(each)))
        seen = [numbers(each) for each in requirements]
        previous = {"" if each.previous is None else plain(each.previous) for each in requirements}
        if seen != sorted(saying.requires) or previous != {saying.previous}:
            found.append((text, seen, previous))
        elif saying.names:
            named = [names(each) for each in requirements]
            first = first or named
            if not all(map(are_same, named, first)):
                found.append((text, named, first))
    return found


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=known_fault({"known_fault": KNOWN_FAULTS.get(name)})) for name in RELATIONS],
)
def test_other_words_require_the_same(name: str) -> None:
    sayings = [RELATIONS[name](Random(f"{name} {seed}")) for seed in range(EXAMPLES)]
    assert sum(len(set(saying.texts)) > 1 for saying in sayings) > EXAMPLES / 2
    assert [fault for saying in sayings for fault in faults(saying)] == []


def test_numbers_in_words() -> None:
    english = [in_english(number) for number in (7, 13, 40, 99, 120)]
    assert english == ["seven", "thirteen", "forty", "ninety-nine", "one hundred and twenty"]
    assert [in_chinese(number) for number in (7, 10, 13, 40, 99)] == ["七", "十", "十三", "四十", "九十九"]
