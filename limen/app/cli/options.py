"""The options that several commands have."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from limen.app.cli.terminal import Format

SourceOption = Annotated[str | None, typer.Option("--source", help="Only this source.")]
JurisdictionOption = Annotated[str | None, typer.Option("--jurisdiction", help="Only this jurisdiction, e.g. CN.")]
LimitOption = Annotated[int, typer.Option("--limit", min=1, help="How many at the most.")]
FormatOption = Annotated[Format, typer.Option("--format", help="A table to read, or JSON.")]
SinceOption = Annotated[
    datetime | None, typer.Option("--since", formats=["%Y-%m-%d"], help="Only those found since this day (UTC).")
]
