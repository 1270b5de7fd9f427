"""The case tables of the unit tests as passages: single sentences, which a model fitted to whole passages would not know."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.eval.corpus import AnnotatedPassage

_NUMBERS = ("value", "value_max", "previous")


def read_cases(folder: Path) -> Iterator[AnnotatedPassage]:
    """Yield a passage for each case of the tables in a folder that say which requirements a text holds."""
    for path in sorted(folder.glob("*.toml")):
        for number, case in enumerate(tomllib.loads(path.read_text(encoding="utf-8")).get("case", ())):
            if "requirements" in case:
                yield AnnotatedPassage(
                    id=f"{path.stem}-{number}",
                    language=case["lang"],
                    title=case.get("title") or "",
                    text=case["text"],
                    stage="none",
                    comment_deadline=None,
                    requirements=tuple(_requirement(entry, case["text"]) for entry in case["requirements"]),
                    traps=(),
                )


def _requirement(entry: dict[str, Any], text: str) -> dict[str, Any]:
    # an empty one says that there is none
    numbers = {name: Decimal(str(entry[name])) if entry[name] != "" else None for name in _NUMBERS if name in entry}
    return {"op": "=", "quote": text, **entry, **numbers}
