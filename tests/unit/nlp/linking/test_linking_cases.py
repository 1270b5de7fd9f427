"""Runs the cases of `cases/*.toml`, one file a language, through the whole pipeline."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from limen.nlp.extraction import Extractor
from tests.support.known_fault import known_fault

_CASES = Path(__file__).parent / "cases"
_WORD = re.compile(r"[a-z]{3,}|[\u4e00-\u9fff]")


def read_cases() -> list[Any]:
    return [
        pytest.param(path.stem, case, id=f"{path.stem}: {case['rule']}", marks=known_fault(case))
        for path in sorted(_CASES.glob("*.toml"))
        for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]
    ]


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor()


@pytest.mark.parametrize(("code", "case"), read_cases())
def test_case(extractor: Extractor, code: str, case: dict[str, str]) -> None:
    reading = extractor.read(case["text"], language=code)
    at = case["text"].index(case["number"])
    found = [
        requirement
        for requirement in reading.requirements
        if requirement.evidence.start < at + len(case["number"]) and at < requirement.evidence.end
    ]
    assert len(found) == 1
    assert words(case["metric"]) <= words(found[0].metric)
    assert words(case.get("subject")) <= words(found[0].subject)
    assert words(case.get("condition")) <= words(found[0].condition)


def words(text: str | None) -> set[str]:
    return {word.removesuffix("s") for word in _WORD.findall((text or "").lower())}
