from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from limen.alerts.wrap import columns, wrap


def test_chinese_is_broken_between_letters_and_never_before_a_closing_sign() -> None:
    text = "动力型电池分为能量型和功率型，其中使用三元材料的能量型单体电池能量密度≥230Wh/kg，电池组能量密度≥165Wh/kg。"
    lines = wrap(text, width=40, indent="  ").split("\n")
    assert len(lines) > 2
    assert all(columns(line) <= 42 and line.startswith("  ") for line in lines)
    assert not any(line.strip()[0] in "，。" for line in lines)
    assert "".join(line.strip() for line in lines) == text


def test_words_and_addresses_stay_whole() -> None:
    url = "https://www.example.org/" + "a" * 90
    assert wrap(f"see {url} now", width=30).split("\n") == ["see", url, "now"]


@pytest.mark.parametrize(("text", "expected"), [("", ""), ("  \n ", ""), ("a\n\nb", "a b")])
def test_white_space_is_normalised(text: str, expected: str) -> None:
    assert wrap(text) == expected


@given(st.text())
def test_no_letter_is_lost(text: str) -> None:
    assert "".join(wrap(text, width=20).split()) == "".join(text.split())
