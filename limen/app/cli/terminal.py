"""What the commands share when they talk: format, tables and progress."""

from __future__ import annotations

import codecs
import json
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any, TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from limen.domain.record import to_json

if TYPE_CHECKING:
    from limen.domain.change import Change

PIPED_WIDTH = 100_000
"""Columns where there is no terminal: wide enough that each row stays one line, for `grep` and `awk`."""


CHANGE_COLUMNS = ("change", "direction", "old", "new", "metric", "subject")
"""The columns that `change_cells` fills."""


class Format(StrEnum):
    """How a command prints its result."""

    TABLE = "table"
    JSON = "json"


def escape_what_cannot_be_shown(stream: TextIO) -> None:
    """Let a stream write characters that its encoding lacks (Chinese in Latin-1 or ASCII) as JSON escapes them."""
    codecs.register_error("limen.escape", _escaped)
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(errors="limen.escape")


def _escaped(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    return json.dumps(error.object[error.start : error.end])[1:-1], error.end


def console() -> Console:
    """Return a console on standard output; plain and unwrapped where the output is piped."""
    if sys.stdout.isatty():
        return Console()
    return Console(width=PIPED_WIDTH, no_color=True, highlight=False)


def messages() -> Console:
    """Return a console on standard error, for progress and remarks: standard output stays for results."""
    return Console(stderr=True, highlight=False)


def minute(moment: datetime | None) -> str:
    """Return a moment for a table, to the minute (UTC); a dash for none."""
    return "-" if moment is None else moment.strftime("%Y-%m-%d %H:%M")


def change_cells(change: Change) -> tuple[str, ...]:
    """Return a change for a table; a dash stands for the side that is not there."""
    shown = change.subject_requirement
    return (
        change.kind.value.replace("_", " "),
        change.direction.value,
        str(change.old.threshold) if change.old else "-",
        str(change.new.threshold) if change.new else "-",
        shown.metric,
        shown.subject or "",
    )


def write_json(value: Any) -> None:
    """Print a value as one line of JSON; decimals keep their digits."""
    sys.stdout.write(to_json(value) + "\n")


def write_table(columns: Sequence[str], rows: Iterable[Sequence[str]], *, empty: str) -> None:
    """Print rows under their column names, or the sentence `empty` if there are none."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    console().print(table if table.row_count else empty)
