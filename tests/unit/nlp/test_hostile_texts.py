"""No text takes longer than its length warrants: eight times the length, not sixty-four times the time."""

from __future__ import annotations

import sys
import time
from types import FrameType

import pytest

from limen.nlp.extraction import Extractor
from limen.nlp.structure import parse
from limen.nlp.table_context import TableContext

SHORT, TIMES = 2_000, 8
MARGIN = 3
"""A quadratic expression would take eight times as long as a linear one; a busy machine does not."""
LEAST = 0.01
"""Seconds below which a time says nothing."""
EXTRACTOR = Extractor()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    "part",
    [
        "1234567890", "(", "()", "[", "|", "|\n", "| 1 | 2 |\n", "| 5\n", "中", "第", "第1", "一", "百分之", "《", "1,", "1 ",
        "1/", "- ", "- \n", "#", "# a\n", ". ", "*", "**a", " ", "\n", "\t", "a", "A", "a ", "a@", "a.", "http://a", '"',
        "10^", "5 ± ", "Regulation and ", "replaces ", "Ministry of ", "by the end of ", "hundred and ", "2024 ", "\\",
    ],
)  # fmt: skip
def test_time_grows_with_the_length(part: str, language: str) -> None:
    def seconds(length: int) -> float:
        text = (part * length)[:length]
        began = time.process_time()
        EXTRACTOR.read(text, language=language, asides=True)
        return time.process_time() - began

    seconds(SHORT)  # grammars read
    assert seconds(TIMES * SHORT) < TIMES * MARGIN * max(LEAST, seconds(SHORT))


@pytest.mark.parametrize(
    "part", ["| 1 | 2 |\n", "# a\n5 mg\n", "1,", "not more than 5 mg. ", "- 5 mg\n", "第一条 5毫克\n"]
)
def test_calls_grow_with_the_numbers(part: str) -> None:
    language = "en" if part.isascii() else "zh"

    def calls(count: int) -> int:
        made = 0

        def note(_frame: FrameType, event: str, _argument: object) -> None:
            nonlocal made
            made += event == "call"

        sys.setprofile(note)
        try:
            EXTRACTOR.read(part * count, language=language)
        finally:
            sys.setprofile(None)
        return made

    calls(10)
    few, many = calls(100), calls(400)
    assert many < 4.5 * few


def test_each_row_of_a_long_table_has_its_section() -> None:
    rows = 500
    structure = parse("| Substance | Limit |\n|---|---|\n| Metals | |\n" + "| lead | 5 |\n" * rows)
    table = TableContext(structure, structure.tables[0])
    assert table.section(0) == ""
    assert {table.section(row) for row in range(1, rows + 1)} == {"Metals"}
    assert table.head(1) == table.head(1) == "Limit"
