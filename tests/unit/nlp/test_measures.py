"""Reading single numbers and units, apart from any text."""

from __future__ import annotations

from decimal import Decimal

import pytest

from limen.domain.quantity import unit_scale
from limen.nlp.extraction import Extractor
from limen.nlp.folding import fold
from limen.nlp.language_data import load_grammar
from limen.nlp.measures import unit_reader
from limen.nlp.numerals import numeral_reader
from limen.nlp.registry import COMPONENTS, register


@pytest.mark.parametrize(
    ("code", "written", "value"),
    [
        ("en", "1,234.5", "1234.5"),
        ("en", "0,025", "0.025"),
        ("en", "twelve hundred", "1200"),
        ("en", "3.5 million", "3500000"),
        ("en", "minus 20", "-20"),
        ("zh", "三万五千", "35000"),
        ("zh", "两百零六", "206"),
        ("zh", "二点五", "2.5"),
        ("zh", "３．５亿", "350000000"),
    ],
)
def test_numbers_keep_their_exact_value(code: str, written: str, value: str) -> None:
    assert [numeral.value for numeral in numeral_reader(code).read(fold(written))] == [Decimal(value)]


@pytest.mark.parametrize("written", ["9" * 40, "1,2345,6"])
def test_long_or_broken_runs_of_digits_are_no_whole_number(written: str) -> None:
    assert Decimal(written.replace(",", "")) not in {numeral.value for numeral in numeral_reader("en").read(written)}


@pytest.mark.parametrize(
    ("code", "written", "unit"),
    [
        ("en", " watt-hours per kilogram", "Wh/kg"),
        ("en", " tonnes per calendar year", "tonne/year"),
        ("en", "㎎/㎥", "mg/m**3"),
        ("zh", "千克标准煤/吨", "kg/tonne"),
        ("zh", "元/立方米", "CNY/m**3"),
    ],
)
def test_units_are_spelled_as_pint_knows_them(code: str, written: str, unit: str) -> None:
    found = unit_reader(code).after(fold(written), 0)
    assert found is not None
    assert found.name == unit
    assert unit_scale(found.name).dimension


def test_components_of_every_language_are_registered_once() -> None:
    register()
    register()
    for code in ("en", "zh"):
        names = load_grammar(code, "pipeline")["components"]
        assert len(names) == len(set(names))
        assert set(names) <= set(COMPONENTS)


def test_an_empty_text_has_an_empty_reading() -> None:
    reading = Extractor().read("", language="zh")
    assert reading.requirements == reading.sightings == ()
