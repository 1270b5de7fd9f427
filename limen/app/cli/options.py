"""The options that several commands have."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from limen.app.cli.terminal import Format

LARGEST_ID = 2**31 - 1
LARGEST_COUNT = 1_000_000_000
"""More than any database holds; a number that the database cannot count to would be an error of its own."""


def _upper(code: str | None) -> str | None:
    return code and code.upper()


SourceOption = Annotated[str | None, typer.Option("--source", help="Only this source.")]
JurisdictionOption = Annotated[
    str | None, typer.Option("--jurisdiction", callback=_upper, help="Only this jurisdiction, e.g. CN.")
]
LimitOption = Annotated[int, typer.Option("--limit", min=1, max=LARGEST_COUNT, help="How many at the most.")]
FormatOption = Annotated[Format, typer.Option("--format", help="A table to read, or JSON.")]
SinceOption = Annotated[
    datetime | None, typer.Option("--since", formats=["%Y-%m-%d"], help="Only those found since this day (UTC).")
]
