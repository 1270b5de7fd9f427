"""What the global options give to every command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from limen.app.config import Config, load_config

if TYPE_CHECKING:
    from limen.store.session import Store


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


@contextmanager
def opened_store(context: typer.Context) -> Iterator[Store]:
    """Open the database of the configuration for as long as the context lasts. Raises `ConfigError` or `StoreError`."""
    from limen.app.bootstrap import open_store

    with open_store(invocation(context).config) as store:
        yield store
