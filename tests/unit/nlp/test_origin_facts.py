"""Who issued a document, and what it replaces and repeals: sentences of our own in `facts.toml`."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from limen.nlp.components.succession import Succession
from limen.nlp.extraction import Extractor

CASES: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "facts.toml").read_text(encoding="utf-8"))["case"]


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor()


@pytest.mark.parametrize("case", CASES, ids=[case["text"][:40] for case in CASES])
def test_what_a_document_says_of_itself(extractor: Extractor, case: dict[str, Any]) -> None:
    reading = extractor.read(case["text"], language=case["lang"], title=case.get("title"))
    told = {
        "issued_by": [issuer.name for issuer in reading.issued_by],
        "bodies": [issuer.canonical for issuer in reading.issued_by],
        "replaces": list(reading.replaces),
        "repeals": list(reading.repeals),
        "references": sorted(reading.references),
        "effective_on": reading.effective_on and reading.effective_on.isoformat(),
        "comment_deadline": "" if reading.comment_deadline is None else reading.comment_deadline.isoformat(),
    }
    expected = {key: value for key, value in case.items() if key in told}
    if "references" in expected:
        expected["references"] = sorted(expected["references"])
    assert {key: told[key] for key in expected} == expected


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 40


def test_names_are_those_of_the_printed_text() -> None:
    replaces, repeals = Succession("zh").find("《矿山（粉尘）办法》同时废止", printed="《矿山（粉尘）办法》同时废止")
    assert (replaces, repeals) == ((), ("《矿山（粉尘）办法》",))


@pytest.mark.parametrize("code", ["en", "zh"])
@pytest.mark.parametrize(
    "piece", ["Aaa ", "Act of ", "《", "代替《甲》", "Ministry of Mines, ", "中", "GB 1-2020 and "]
)
def test_long_texts_take_no_time_beyond_their_length(code: str, piece: str) -> None:
    from time import perf_counter

    succession = Succession(code)
    times = []
    for size in (20_000, 80_000):
        start = perf_counter()
        succession.find((piece * (size // len(piece) + 1))[:size])
        times.append(perf_counter() - start)
    assert times[1] < 12 * times[0] + 0.2
