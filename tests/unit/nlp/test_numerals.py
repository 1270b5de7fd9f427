"""Numbers keep the digits that they had."""

from __future__ import annotations

import pytest

from limen.nlp.numerals import numeral_reader


@pytest.mark.parametrize("code", ["en", "zh"])
@pytest.mark.parametrize(
    ("written", "value"), [("6.0×10¹¹", "600000000000"), ("007", "7"), ("1,500", "1500"), ("2.50", "2.50")]
)
def test_a_value_is_written_in_full(code: str, written: str, value: str) -> None:
    assert [str(numeral.value) for numeral in numeral_reader(code).read(f"{written} ")] == [value]
