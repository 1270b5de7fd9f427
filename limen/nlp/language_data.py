"""The grammar of a language: TOML files in `nlp/languages/<code>/`, read on first use."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def load_grammar(code: str, name: str) -> dict[str, Any]:
    """Return the parsed file `languages/<code>/<name>.toml`. Treat it as read-only: it is shared.

    Raises:
        FileNotFoundError: the language has no such file.
        tomllib.TOMLDecodeError: the file is not TOML.
    """
    path = files("limen.nlp").joinpath("languages", code, f"{name}.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def supported_languages() -> tuple[str, ...]:
    """Return the codes of all languages that have a pipeline, sorted."""
    folder = files("limen.nlp").joinpath("languages")
    return tuple(sorted(item.name for item in folder.iterdir() if item.joinpath("pipeline.toml").is_file()))
