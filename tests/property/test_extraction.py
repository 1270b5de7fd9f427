"""What must hold for the extraction from any text at all."""

from __future__ import annotations

import hashlib
import json
import os
import random
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from limen.domain.document import Reading
from limen.domain.evidence import Evidence
from limen.domain.quantity import unit_scale
from limen.nlp.errors import ReadingError, UnsupportedLanguage
from limen.nlp.extraction import Extractor
from limen.nlp.folding import fold, unwrap
from limen.nlp.text import ocr, old_word
from limen.nlp.text.reader import read_page
from tests.unit.nlp.text.samples import one_of_each

_EXTRACTOR = Extractor()
_OTHER = Extractor()
_ROOT = Path(__file__).parents[2]
_CASES = _ROOT / "tests" / "unit" / "nlp" / "cases"

# Stretches that make the grammar work hard: numbers, units, comparators, table signs, headings, in both languages.
_WORDS = [
    "5", "1,000", "1 000", "0.5", "３", "二十万", "三分之一", "百分之", "half", "two thirds", "million", "万", "-", "±",
    "~", "–", "to", "至", ":", "/", "%", "mg/L", "Wh", "kg", "³", "m", "吨", "年", "每", "元", "$", "USD ", "(m²·s)", "(",
    ")", "[", "°C", "℃", "≥", "<", "no more than ", "at least ", "or more", "不得超过", "以上", "以下", "以内", "每年",
    "once a ", "year", "twice ", "from ", "between ", "and ", "by 31 December 2027", "2030年底", "| ", "|---|", "\n",
    "# ", "- ", "limit", "限值", "pH ", "shall ", "应", "。", ".", ";", " ", "\u00a0", "\u200b", "\ud800", "\x00",
]  # fmt: skip
_MORE_WORDS = [
    "**", "__", "_", "> ", "1. ", "(a) ", "（一）", "```", "[5](/x)", "<br>", "&lt;", "¹", "½", "10^-3", "e9", "1e999", "∞",
    "分别", "respectively", "由", "提高到", "raised ", "instead of ", "rather than ", "not ", "shall not\n", "不得\n", "within ",
    "Wh·kg⁻¹", "per ", "²", "㎎", "㎡", "％", "．", "，", "、", "；", "：", "～", "—", "零下", "负", "半", "过半", "倍", "成",
    "2027-12-31", "no later than ", "before ", "前", "起", "日", "第三条", "Article 4", "GB 12345—2020", "\r\n", "\t", "\x0b",
    "\x0c", "\x1b", "\x85", "\u2028", "\u2029", "\ufeff", "\u202e", "\u0301", "\U0001f50b", "٣", "৩", "Ⅳ", "㈠", "①", "〇",
    "\U00020000", "é", "ß", "İ", "ſ", "ﬁ", "Å", "µ", "Ω",
]  # fmt: skip
_PIECES = st.sampled_from(_WORDS)
_ALL_PIECES = st.one_of(st.sampled_from(_WORDS), st.sampled_from(_MORE_WORDS), st.text(max_size=3))
_TEXTS = st.one_of(
    st.text(),
    st.lists(_PIECES, max_size=40).map("".join),
    st.lists(_ALL_PIECES, max_size=40).map("".join),
)
_LANGUAGES = st.sampled_from(["en", "zh"])
_RELAXED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _evidence(reading: Reading) -> list[Evidence]:
    """Return the place of everything that a reading tells of its text."""
    return [
        *(each.evidence for each in reading.requirements),
        *(each.evidence for each in reading.sightings),
        *(each.evidence for each in reading.asides),
        *(each.evidence for each in reading.entities),
    ]


@_RELAXED
@given(text=_TEXTS, language=_LANGUAGES)
@example(text="", language="en")
@example(text="≥" * 50, language="zh")
@example(text="5 m/m/m/m/m/m", language="en")
@example(text="0:0 ratio 1/0", language="en")
@example(text="1e999 kg or more", language="en")
@example(text="| 2027 | 20 %", language="en")
@example(text="by 2027-02-31 and 2027-99-99, 5 and 6 % respectively", language="en")
@example(text="0 A ± 1 %", language="en")
def test_any_text_is_read_and_every_quote_stands_at_its_offsets(text: str, language: str) -> None:
    reading = _EXTRACTOR.read(text, language=language)
    for evidence in _evidence(reading):
        evidence.check(text)
    thresholds = [requirement.threshold for requirement in reading.requirements]
    thresholds += [sighting.threshold for sighting in reading.sightings]
    for threshold in thresholds:
        assert threshold.value.is_finite()
        assert unit_scale(threshold.unit).dimension
    quotes = [requirement.evidence for requirement in reading.requirements]
    assert all(quote in [sighting.evidence for sighting in reading.sightings] for quote in quotes)


@_RELAXED
@example(text="0分之٠", title="")
@given(text=_TEXTS, title=_TEXTS)
def test_whatever_is_told_of_a_text_stands_in_it(text: str, title: str) -> None:
    try:
        reading = _EXTRACTOR.read(text, title=title, asides=True)
    except UnsupportedLanguage:
        return
    for evidence in _evidence(reading):
        assert 0 <= evidence.start < evidence.end <= len(text)
        assert text[evidence.start : evidence.end] == evidence.quote
    assert all(issue.offset is None or 0 <= issue.offset <= len(text) for issue in reading.issues)
    assert all(0 <= requirement.confidence <= 1 for requirement in reading.requirements)
    assert len(reading.requirements) <= len(reading.sightings)


@_RELAXED
@given(text=_TEXTS, language=_LANGUAGES)
def test_the_same_text_gives_the_same_reading(text: str, language: str) -> None:
    first = _EXTRACTOR.read(text, language=language)
    assert first == _EXTRACTOR.read(text, language=language) == _OTHER.read(text, language=language)


@settings(_RELAXED, max_examples=40)
@given(texts=st.lists(st.tuples(_TEXTS, _LANGUAGES), min_size=2, max_size=5), data=st.data())
def test_no_text_changes_the_reading_of_another(texts: list[tuple[str, str]], data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(len(texts))))
    forwards = [_EXTRACTOR.read(text, language=language) for text, language in texts]
    backwards = {index: _OTHER.read(texts[index][0], language=texts[index][1]) for index in order}
    assert forwards == [backwards[index] for index in range(len(texts))]


@given(text=st.text())
def test_folding_keeps_every_place(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(text=st.lists(st.sampled_from(["shall", " ", "\n", "5", "a", "-", "1. ", "(a)", "of", "\r", "|"])).map("".join))
def test_unwrapping_changes_nothing_but_line_feeds_to_blanks(text: str) -> None:
    unwrapped = unwrap(text, unfinished=["shall", "of"])
    assert len(unwrapped) == len(text)
    assert all(before == after or (before, after) == ("\n", " ") for before, after in zip(text, unwrapped, strict=True))


# --- from bytes ---

_MEDIA_TYPES = [
    None, "", "text/html", "application/xhtml+xml", "text/xml", "application/xml", "application/pdf", "application/json",
    "text/plain", "text/markdown", "application/octet-stream", "application/msword", "application/rtf", "image/png",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "application/vnd.ms-excel", "application/zip",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/ofd", "text/html; charset=gb2312", "x/y/z",
]  # fmt: skip
_ENCODINGS = ["utf-8", "utf-8-sig", "gb18030", "utf-16", "latin-1", "cp1252", "big5"]
_WRAPPINGS = [
    "{}",
    "<p>{}</p>",
    "<html><body><table><tr><td>{}</td></tr></table></body></html>",
    "<rule>{}</rule>",
    '{{"a": "{}"}}',
]


@pytest.fixture(scope="module")
def no_programs() -> Iterator[None]:
    """Keep the programs of the machine out: starting one for every example takes hours."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (old_word, ocr):
            patch.setattr(module, "find_tool", lambda _: None)
        yield


@cache
def _files() -> dict[str, bytes]:
    return one_of_each()


@st.composite
def _bodies(draw: st.DrawFn) -> bytes:
    kind = draw(st.sampled_from(["bytes", "text", "file"]))
    if kind == "bytes":
        return draw(st.binary(max_size=200))
    if kind == "text":
        text = draw(st.sampled_from(_WRAPPINGS)).format("".join(draw(st.lists(_ALL_PIECES, max_size=25))))
        return text.encode(draw(st.sampled_from(_ENCODINGS)), errors="ignore")
    body = _files()[draw(st.sampled_from(sorted(_files())))]
    place, noise = draw(st.integers(0, len(body))), draw(st.binary(max_size=4))
    return body[:place] + noise + body[place + len(noise) :]


@pytest.mark.usefixtures("no_programs")
@pytest.mark.parametrize("media_type", _MEDIA_TYPES)
@settings(_RELAXED, max_examples=12)
@given(
    body=_bodies(), name=st.sampled_from(["file", "https://ministry.example/rule?id=5", "rule.pdf", "rule.xml", "a.b"])
)
def test_any_bytes_of_any_media_type_are_refused_or_read_and_extracted(
    media_type: str | None, body: bytes, name: str
) -> None:
    try:
        page = read_page(body, name=name, media_type=media_type)
        reading = _EXTRACTOR.read(page.text, title=page.title)
    except (ReadingError, UnsupportedLanguage):
        return
    for evidence in _evidence(reading):
        assert page.text[evidence.start : evidence.end] == evidence.quote


# --- in another process ---

_PROGRAM = """
import json, sys
from tests.property.test_extraction import digest
print(digest([tuple(pair) for pair in json.load(sys.stdin)]))
"""


def digest(texts: list[tuple[str, str]]) -> str:
    """Return a hash of all that is read of texts, each with its language."""
    readings: list[Reading] = [_EXTRACTOR.read(text, language=language, asides=True) for text, language in texts]
    return hashlib.sha256(repr(readings).encode()).hexdigest()


def _known_texts() -> list[tuple[str, str]]:
    """Return a few of the sentences of the case tables, and as many heaps of pieces."""
    dice = random.Random(20261128)
    cases = [
        (case["text"], case["lang"])
        for path in sorted(_CASES.glob("*.toml"))
        for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]
    ]
    words = [word for word in [*_WORDS, *_MORE_WORDS] if word.isprintable()]
    heaps = [("".join(dice.choices(words, k=30)), dice.choice(["en", "zh"])) for _ in range(80)]
    return [*dice.sample(cases, 80), *heaps]


@pytest.mark.slow
@pytest.mark.parametrize("seed", ["0", "4294967295"])
def test_another_process_with_other_hashes_reads_the_same(seed: str) -> None:
    texts = _known_texts()
    run = subprocess.run(
        [sys.executable, "-c", _PROGRAM],
        input=json.dumps(texts),
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(_ROOT)},
        cwd=_ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert run.stdout.strip() == digest(texts)


# --- in bounded time ---


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
