"""What one reading has and the other text still states is a doubt, and not an alert."""

from __future__ import annotations

import pytest

from limen.domain.change import ChangeKind, Difference
from limen.domain.diff import diff
from limen.domain.printed import printed_numbers
from limen.domain.requirement import Requirement
from tests.unit.domain.making import within

OLD = "The bond amounts to USD 12,000 per hectare. Records of the monitoring are stored for 6 years."
NEW = "For each hectare the bond amounts to 12000.00 USD. Records of the monitoring are stored for 6 years."


def bond(text: str, quote: str) -> Requirement:
    return within(text, quote, "= 12000 USD/hectare", "bond")


def compare(old: list[Requirement], new: list[Requirement], old_text: str = OLD, new_text: str = NEW) -> Difference:
    return diff(old, new, old_text=old_text, new_text=new_text)


def test_a_requirement_that_the_new_reading_missed() -> None:
    difference = compare([bond(OLD, "USD 12,000 per hectare")], [])
    assert difference.changes == ()
    assert [(doubt.kind, doubt.requirement.metric) for doubt in difference.doubts] == [(ChangeKind.REMOVED, "bond")]


def test_a_requirement_that_the_old_reading_missed() -> None:
    difference = compare([], [bond(NEW, "12000.00 USD")])
    assert difference.changes == ()
    assert [doubt.kind for doubt in difference.doubts] == [ChangeKind.ADDED]


def test_without_the_texts_nobody_can_tell() -> None:
    assert [change.kind for change in diff([bond(OLD, "USD 12,000 per hectare")], []).changes] == [ChangeKind.REMOVED]


def test_a_changed_digit_is_no_echo() -> None:
    difference = compare([bond(OLD, "USD 12,000 per hectare")], [], new_text=NEW.replace("12000", "12500"))
    assert [change.kind for change in difference.changes] == [ChangeKind.REMOVED]


def test_the_same_number_in_another_sentence_is_no_echo() -> None:
    text = "The agency spent USD 12,000 on paper last year."
    assert [change.kind for change in compare([bond(OLD, "USD 12,000")], [], new_text=text).changes] == [
        ChangeKind.REMOVED
    ]


def test_a_number_that_belongs_to_another_requirement_is_no_echo() -> None:
    old_text = "The holder of a licence is insured against damage for at least USD 5 million."
    new_text = "The holder of a licence has paid at least USD 5 million into a closure fund."
    old = within(
        old_text, "at least USD 5 million", ">= 5000000 USD", "insurance against damage", "holder of a licence"
    )
    new = within(
        new_text, "at least USD 5 million", ">= 5000000 USD", "payment into a closure fund", "holder of a licence"
    )
    difference = compare([old], [new], old_text, new_text)
    assert [change.kind for change in difference.changes] == [ChangeKind.ADDED, ChangeKind.REMOVED]
    assert difference.doubts == ()


def test_a_range_needs_both_its_numbers() -> None:
    old_text = "The pH of the effluent lies between 6.0 and 9.5."
    old = within(old_text, "between 6.0 and 9.5", "between 6.0 9.5 dimensionless", "pH", "effluent")
    assert len(compare([old], [], old_text, "The pH of the effluent lies in the range of 6 to 9.5.").doubts) == 1
    assert len(compare([old], [], old_text, "The pH of the effluent lies in the range of 6 to 9.").changes) == 1


def test_a_number_in_words_echoes_only_up_to_twelve() -> None:
    text = "Records are kept for five years."
    old = within(text, "for five years", ">= 5 year", "storage time", "records")
    assert len(compare([old], [], text, text).doubts) == 1
    text = "Records are kept for thirty years."
    old = within(text, "for thirty years", ">= 30 year", "storage time", "records")
    assert len(compare([old], [], text, text).changes) == 1


def test_full_width_digits() -> None:
    old_text, new_text = "电池能量密度≥２６０Ｗｈ／ｋｇ。", "| 电池 | 能量密度 | ≥260 Wh/kg |"
    old = within(old_text, "≥２６０Ｗｈ／ｋｇ", ">= 260 Wh/kg", "能量密度", "电池")
    assert compare([old], [], old_text, new_text).changes == ()


def test_a_small_number_in_a_word_is_an_echo() -> None:
    old_text = "The employer shall provide at least two sets of work clothes per person."
    new_text = "You are entitled to no fewer than 2 sets of work clothes."
    new = within(new_text, "no fewer than 2 sets", ">= 2 piece", "sets of work clothes")
    difference = compare([], [new], old_text, new_text)
    assert [doubt.kind for doubt in difference.doubts] == [ChangeKind.ADDED]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Two hearings, 1,500 objections, once a year", ["2", "1500", "1"]),
        ("三年内两次，万一有事，第三条，十二个月，2.50元", ["3", "2", "2.5"]),
        ("someone told the tenant of 007", ["7"]),
    ],
)
def test_numbers_as_a_text_prints_them(text: str, numbers: list[str]) -> None:
    assert printed_numbers(text) == numbers
