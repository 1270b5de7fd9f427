"""What docs/sources.md shows is what the catalogue takes."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from limen.crawler.source_spec import SourceKind, SourceSpec

PAGE = (Path(__file__).parents[3] / "docs" / "sources.md").read_text(encoding="utf-8")
HEAD, *EXAMPLES = (tomllib.loads(block) for block in re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL))


def test_the_documented_head_is_a_source() -> None:
    assert SourceSpec.model_validate(HEAD).kind is SourceKind.FEED


def test_each_kind_has_an_example_that_is_a_source() -> None:
    assert {SourceSpec.model_validate(HEAD | example).kind for example in EXAMPLES} == set(SourceKind)


def test_each_table_is_explained() -> None:
    properties: dict[str, Any] = SourceSpec.model_json_schema()["properties"]
    tables = {name for name, schema in properties.items() if "$ref" in str(schema) or name == "query"}
    tables -= {"kind", "document_class", "state", "schedule"}
    assert {name for name in tables if f"[{name}]" not in PAGE} == set()
