"""The case tables: one entry for each wording that must be read, in our own words.

A table says what is right by `docs/requirements.md`. A sentence that the program still gets wrong stays, with `known_fault`.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from limen.domain.requirement import Requirement
from limen.nlp.extraction import Extractor
from tests.support.known_fault import known_fault

CASES = Path(__file__).parent / "cases"


def _cases() -> list[Any]:
    found = []
    for path in sorted(CASES.glob("*.toml")):
        for number, case in enumerate(tomllib.loads(path.read_text(encoding="utf-8"))["case"], start=1):
            name = f"{path.stem}-{number}-{case['lang']}"
            found.append(pytest.param(case, id=name, marks=known_fault(case)))
    return found


@cache
def _extractor() -> Extractor:
    return Extractor()


def _stated(key: str, value: str) -> Decimal | str | None:
    """Return a field as a requirement has it; an empty string says that it must have none."""
    if value == "":
        return None
    return Decimal(value) if key in {"value", "value_max", "previous"} else value


def _seen(requirement: Requirement, keys: set[str]) -> dict[str, str]:
    """Return the fields that a case states about a requirement, as the table writes them."""
    threshold = requirement.threshold
    fields: dict[str, Any] = {
        "op": threshold.op.value,
        "value": threshold.value,
        "value_max": threshold.value_max,
        "unit": threshold.unit,
        "previous": requirement.previous,
        "by": requirement.by,
        "modality": requirement.modality.value,
        "quote": requirement.evidence.quote,
    }
    return {key: value for key, value in fields.items() if key in keys or (key == "value_max" and value is not None)}


@pytest.mark.parametrize("case", _cases())
def test_reads_every_requirement_and_nothing_else(case: dict[str, Any]) -> None:
    reading = _extractor().read(case["text"], language=case["lang"], title=case.get("title"))
    expected = [{key: _stated(key, value) for key, value in entry.items()} for entry in case["requirements"]]
    keys = [set(entry) for entry in case["requirements"]]
    keys += [{"op", "value", "unit", "quote"}] * (len(reading.requirements) - len(keys))
    seen = [_seen(requirement, wanted) for requirement, wanted in zip(reading.requirements, keys, strict=False)]
    assert seen == expected, case["text"]


def test_no_sentence_is_written_twice() -> None:
    """Sentences that differ in nothing but their numbers would only count a fault twice."""
    texts = [re.sub(r"[\d.,]+", "0", case.values[0]["text"]).strip().lower() for case in _cases()]
    assert [text for text, count in Counter(texts).items() if count > 1] == []
