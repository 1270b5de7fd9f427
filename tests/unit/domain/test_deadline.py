from __future__ import annotations

import pytest

from limen.domain.deadline import last_day, same_deadline


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("2027-06-30", (2027, 6, 30)),
        ("2027-06", (2027, 6, 31)),
        ("2027", (2027, 12, 31)),
        ("2027-28", (2028, 12, 31)),
        ("soon", (0, 0, 0)),
    ],
)
def test_the_end_of_a_period(period: str, expected: tuple[int, int, int]) -> None:
    assert last_day(period) == expected


def test_one_day_in_two_writings() -> None:
    assert same_deadline("2027", "2027-12-31")
    assert same_deadline(None, None)
    assert same_deadline("soon", "soon")
    assert not same_deadline("soon", "later")
    assert not same_deadline("2027", "2028")
    assert not same_deadline("2025-27", "2026-27")


def test_a_date_on_one_side_only() -> None:
    assert not same_deadline("2027", None)
    assert not same_deadline(None, "2027", old_text="From 2026 on.", new_text="By 2027.")
    assert same_deadline(None, "2027", old_text="## Until 2027", new_text="By 2027.")
    assert same_deadline("2027-28", None, old_text="2027-28", new_text="in the year to June 2028")
