"""Tables of a text as places."""

from __future__ import annotations

import pytest

from limen.domain.diff import diff
from limen.domain.table import column_head, table_at
from tests.unit.domain.making import within

TEXT = """Limits

| Metal | Monthly | Daily |
|---|---|---|
| Lead | 0.2 | 0.4 |
| Zinc \\| oxide | 0.5 | 1.0 | 7 |

Note 8.
"""


@pytest.mark.parametrize(
    ("number", "head"),
    [("0.2", "Monthly"), ("0.4", "Daily"), ("0.5", "Monthly"), ("1.0", "Daily"), ("7", ""), ("8", ""), ("Monthly", "")],
)
def test_the_head_of_a_column(number: str, head: str) -> None:
    assert column_head(TEXT, TEXT.index(number)) == head


def test_a_head_without_a_body() -> None:
    assert column_head("| Lead | 0.2 |", 9) == ""


def test_which_table() -> None:
    assert table_at(TEXT, TEXT.index("0.4")) == 0
    assert table_at(TEXT, TEXT.index("8")) is None


def test_cells_of_one_column_are_paired_whatever_they_are_called() -> None:
    old_text = "| Substance | TWA | STEL |\n|---|---|---|\n| Benzene | 6 | 10 |\n"
    new_text = "| Substance | TWA | STEL |\n|---|---|---|\n| Benzene | 3 | 6 |\n"
    old = [
        within(old_text, "6", "<= 6 mg/m**3", "TWA benzene", "air"),
        within(old_text, "10", "<= 10 mg/m**3", "STEL benzene", "air"),
    ]
    new = [
        within(new_text, "3", "<= 3 mg/m**3", "STEL", "benzene air"),
        within(new_text, "6", "<= 6 mg/m**3", "STEL", "benzene air"),
    ]
    found = diff(old, new, old_text=old_text, new_text=new_text).changes
    assert [(change.old, change.new) for change in found] == list(zip(old, new, strict=True))
