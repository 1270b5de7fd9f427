"""What must hold for the extraction from any text at all."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from limen.domain.quantity import unit_scale
from limen.nlp.extraction import Extractor
from limen.nlp.folding import fold

_EXTRACTOR = Extractor()

# Stretches that make the grammar work hard: numbers, units, comparators, table signs, headings, in both languages.
_PIECES = st.sampled_from(
    [
        "5", "1,000", "1 000", "0.5", "３", "二十万", "三分之一", "百分之", "half", "two thirds", "million", "万", "-", "±",
        "~", "–", "to", "至", ":", "/", "%", "mg/L", "Wh", "kg", "³", "m", "吨", "年", "每", "元", "$", "USD ", "(m²·s)", "(",
        ")", "[", "°C", "℃", "≥", "<", "no more than ", "at least ", "or more", "不得超过", "以上", "以下", "以内", "每年",
        "once a ", "year", "twice ", "from ", "between ", "and ", "by 31 December 2027", "2030年底", "| ", "|---|", "\n",
        "# ", "- ", "limit", "限值", "pH ", "shall ", "应", "。", ".", ";", " ", "\u00a0", "\u200b", "\ud800", "\x00",
    ]
)  # fmt: skip
_TEXTS = st.one_of(st.text(), st.lists(_PIECES, max_size=40).map("".join))
_RELAXED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@_RELAXED
@given(text=_TEXTS, language=st.sampled_from(["en", "zh"]))
@example(text="", language="en")
@example(text="≥" * 50, language="zh")
@example(text="5 m/m/m/m/m/m", language="en")
@example(text="0:0 ratio 1/0", language="en")
@example(text="1e999 kg or more", language="en")
def test_any_text_is_read_and_every_quote_stands_at_its_offsets(text: str, language: str) -> None:
    reading = _EXTRACTOR.read(text, language=language)
    for found in (*reading.requirements, *reading.sightings):
        found.evidence.check(text)
        assert found.threshold.value.is_finite()
        assert unit_scale(found.threshold.unit).dimension
    quotes = [requirement.evidence for requirement in reading.requirements]
    assert all(quote in [sighting.evidence for sighting in reading.sightings] for quote in quotes)


@_RELAXED
@given(text=_TEXTS, language=st.sampled_from(["en", "zh"]))
def test_the_same_text_gives_the_same_reading(text: str, language: str) -> None:
    assert _EXTRACTOR.read(text, language=language) == Extractor().read(text, language=language)


@given(text=st.text())
def test_folding_keeps_every_place(text: str) -> None:
    assert len(fold(text)) == len(text)


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    "unit", ["1", "中", "一", "1,", "1 ", "≥", "one ", "每", "| 1 ", "- ", "no ", "1-", "万", "5 m ", "第一", "%"]
)
def test_ten_thousand_signs_take_no_more_than_seconds(unit: str, language: str) -> None:
    text = unit * (10_000 // len(unit))
    started = time.process_time()
    _EXTRACTOR.read(text, language=language)
    assert time.process_time() - started < 20
