"""What the global options give to every command."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import typer

from limen.app.config import Config, load_config


@dataclass(frozen=True)
class Invocation:
    """The global options of this call; the configuration is read when a command first needs it."""

    config_path: Path | None

    @cached_property
    def config(self) -> Config:
        """The checked configuration. Raises `ConfigError`."""
        return load_config(self.config_path)


def invocation(context: typer.Context) -> Invocation:
    """Return the global options that the root callback stored."""
    found = context.find_object(Invocation)
    assert found is not None
    return found
