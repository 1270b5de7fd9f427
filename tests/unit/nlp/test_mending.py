"""What reprinting does to numbers, signs and units: understood where one reading is possible, else told."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from limen.domain.issue import IssueKind, Severity
from limen.nlp.extraction import Extractor
from limen.nlp.folding import fold
from limen.nlp.measures import unit_reader
from limen.nlp.mending import LOST, mend

_EXTRACTOR = Extractor()


def _found(text: str, *, language: str = "en") -> list[tuple[str, Decimal, str]]:
    reading = _EXTRACTOR.read(text, language=language)
    thresholds = [each.threshold for each in reading.requirements]
    return [(each.op.value, each.value, each.unit) for each in thresholds]


@pytest.mark.parametrize(
    "written",
    [
        "≥165 Wh/kg",
        "≧ 165 Wh/kg",
        "&ge;165 Wh/kg",
        "&ge, 165 Wh/kg",
        "ge; 165 Wh/kg",
        "ge,165 Wh/kg",
        "≮ 165 Wh/kg",
        "≥１６５ Ｗｈ／ｋｇ",
        "≥165 Wh / kg",
        "≥165 W h/kg",
        "≥165 W h / k g",
        "≥165Whkg",
        "≥ 1 65 Wh/kg",
        "≥ 1 6 5 Wh/kg",
    ],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_one_limit_in_many_damaged_spellings(written: str, language: str) -> None:
    frame = "The energy density of a cell is {}." if language == "en" else "单体电池能量密度应{}。"
    assert _found(frame.format(written), language=language) == [(">=", Decimal(165), "Wh/kg")]


@pytest.mark.parametrize(
    ("written", "value", "unit"),
    [
        ("0 . 5 mg/L", "0.5", "mg/L"),
        ("0. 5 mg/L", "0.5", "mg/L"),
        ("0 .05 mg/L", "0.05", "mg/L"),
        ("2 .5 mg/L", "2.5", "mg/L"),
        ("2 . 5 mg/L", "2.5", "mg/L"),
        ("O.5 mg/L", "0.5", "mg/L"),
        ("2 5 mg / l", "25", "mg/L"),
        ("1O0 mg/L", "100", "mg/L"),
        ("30 mg/m 3", "30", "mg/m**3"),
        ("30 mg/Nm 3", "30", "mg/m**3"),
        ("30 m g/ m 3", "30", "mg/m**3"),
        ("≯ 5 mg/L", "5", "mg/L"),
        ("55 d B", "55", "dB"),
        ("1 650 mg/L", "1650", "mg/L"),
        ("250⁹ mg/L", "250", "mg/L"),
        ("250 [9] mg/L", "250", "mg/L"),
        ("0.50 [a] mg/L", "0.50", "mg/L"),
        ("1,250 [9] mg/L", "1250", "mg/L"),
        ("1 250.5 [9] mg/L", "1250.5", "mg/L"),
        ("250* mg/L", "250", "mg/L"),
    ],
)
def test_one_reading_is_possible(written: str, value: str, unit: str) -> None:
    assert _found(f"The concentration must not exceed {written} in any sample.") == [("<=", Decimal(value), unit)]


@pytest.mark.parametrize("written", ["2 5 mg/L", "l65 mg/L", "16S0 mg/L", "1 2.5 mg/L"])
def test_two_readings_are_possible(written: str) -> None:
    text = f"The concentration must not exceed {written} in any sample."
    reading = _EXTRACTOR.read(text, language="en")
    assert reading.requirements == ()
    [issue] = reading.issues
    assert (issue.kind, issue.severity) == (IssueKind.AMBIGUOUS, Severity.WARNING)
    assert issue.offset == text.index(written)
    assert written in issue.message
    assert "more than one way; nothing is reported" in issue.message


def test_what_was_put_together_is_told_too() -> None:
    [issue] = _EXTRACTOR.read("贮存时间不得超过 9 0天。", language="zh").issues
    assert (issue.kind, issue.severity) == (IssueKind.AMBIGUOUS, Severity.INFO)
    assert issue.message == "'9 0天。': the number is damaged and is read as 90"


def test_a_text_that_is_damaged_all_over_is_told_once() -> None:
    issues = _EXTRACTOR.read("It must not exceed 2 5 mg/L. " * 50, language="en").issues
    assert len(issues) == 21
    assert issues[-1].message == "30 more numbers are damaged: get a better copy of the text"


@pytest.mark.parametrize(
    "text",
    [
        "Table 2 5 mg/L of arsenic",
        "in Annex 1 5 mg/L",
        "表2 5mg/L",
        "1 650 mg/L and 12 000 t",
        "dissolved O2 mg/L",
        "5l of water, 5S/m, 20 Gt, 10 % of it",
        "emissions of 5 Gt, 10 of them",
        "2. 5 mg/L of arsenic",
        "as amended in 2. 5 of the cells",
        "Al2O3 % and S8",
        "the large, 5 of the legs",
        "a depth of 5 m 3 times a day",
        "on 5 May 10 mg",
        "https://example.org/a?ge;5",
        "call 010 66 55 44 or 1 2 3",
        "5 m long, 3 m wide",
        "| 12 | 34 | 5 mg |",
        "10⁶ cells and 3 × 10⁹ m³ of 5 m³ and 250 [9]",
    ],
)
def test_what_is_whole_stays_as_it_is(text: str) -> None:
    folded = fold(text)
    mended = mend(folded, unit_reader("en"))
    assert (mended.text, mended.damages) == (folded, ())


def test_cells_of_a_table_hold_one_number() -> None:
    mended = mend("| 7 5 | 1OO | 1 2 3 |", unit_reader("zh"))
    assert mended.text == "| 075 | 100 | 00123 |"
    assert [damage.read_as for damage in mended.damages] == ["75", "100", "123"]


@given(st.text(alphabet="0123456789OIlS. ,;|&gelt/mkgWh3不≥\n", max_size=60))
def test_offsets_stay_true(text: str) -> None:
    mended = mend(fold(text), unit_reader("en"))
    assert len(mended.text) == len(text)
    for damage in mended.damages:
        shown = mended.text[damage.start : damage.end]
        assert shown == LOST * len(shown) if damage.read_as is None else shown.lstrip("0") == damage.read_as.lstrip("0")


@pytest.mark.parametrize("piece", ["7", "7 ", "7 . ", "O", "O1", "m 3 ", "| 7 7 ", "ge,1 ", "1 1,"])
def test_time_grows_with_the_text_and_no_more(piece: str) -> None:
    def seconds(times: int) -> float:
        begun = time.perf_counter()
        mend(piece * times, unit_reader("en"))
        return time.perf_counter() - begun

    seconds(1000)
    assert min(seconds(40_000) for _ in range(2)) < 12 * min(seconds(10_000) for _ in range(3)) + 0.05
