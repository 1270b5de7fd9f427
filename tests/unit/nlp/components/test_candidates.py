"""The candidate tables: which numbers the components before `roles` see in a sentence, each with its value and unit."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from spacy.language import Language
from spacy.tokens import Doc

from limen.nlp.pipeline import build_pipeline, prepare

TABLES = Path(__file__).parent / "candidates"
_PRECISION = Decimal("1e-9")


def _cases() -> list[Any]:
    found = []
    for path in sorted(TABLES.glob("*.toml")):
        for number, case in enumerate(tomllib.loads(path.read_text(encoding="utf-8"))["case"], start=1):
            found.append(pytest.param(path.stem, case, id=f"{path.stem}-{number}"))
    return found


@cache
def _language(code: str) -> Language:
    return build_pipeline(code)


def _candidates(code: str, text: str) -> list[str]:
    """Return "value unit" or "low..high unit" of each mention that `roles` is given, in order."""
    language = _language(code)
    doc: Doc = prepare(language, text)
    for name, component in language.pipeline:
        if name == "roles":
            break
        doc = component(doc)
    return [
        "..".join(_written(value) for value in (mention.value, mention.value_max) if value is not None)
        + f" {mention.unit}"
        for mention in doc._.mentions
    ]


def _written(value: Decimal) -> str:
    return f"{value.quantize(_PRECISION).normalize() + 0:f}"


@pytest.mark.parametrize(("code", "case"), _cases())
def test_finds_each_number_with_its_value_and_unit(code: str, case: dict[str, Any]) -> None:
    assert _candidates(code, case["text"]) == case["candidates"], case["text"]
