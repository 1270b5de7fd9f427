"""What people call a language."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files


def language_name(code: str) -> str:
    """Return the English name of an ISO 639-1 code, or the code itself where the table has none."""
    return _names().get(code, code)


@cache
def _names() -> dict[str, str]:
    return tomllib.loads(files("limen.nlp").joinpath("language_names.toml").read_text(encoding="utf-8"))
