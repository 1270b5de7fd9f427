"""`limen extract` and `limen diff`: the reader and the diff engine on plain files, without a database."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from limen.app.cli.terminal import Format, write_table

if TYPE_CHECKING:
    from limen.domain.change import Change
    from limen.domain.document import Reading


class Language(StrEnum):
    """The languages with a pipeline, or the text's own by detection."""

    AUTO = "auto"
    ENGLISH = "en"
    CHINESE = "zh"

    @property
    def code(self) -> str | None:
        """ISO 639-1, or None to detect it."""
        return None if self is Language.AUTO else self.value


class ExtractFormat(StrEnum):
    """How `limen extract` prints."""

    JSONL = "jsonl"
    TABLE = "table"


LanguageOption = Annotated[Language, typer.Option("--lang", help="Language of the text.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(extract)
    app.command()(diff)


def extract(
    file: Annotated[
        str,
        typer.Argument(help="HTML, PDF, DOCX, XLSX, XML, Markdown or text; .jsonl of passages; - for standard input."),
    ] = "-",
    *,
    lang: LanguageOption = Language.AUTO,
    form: Annotated[
        ExtractFormat, typer.Option("--format", help="One JSON object a line, or a table.")
    ] = ExtractFormat.JSONL,
    quantities: Annotated[bool, typer.Option("--quantities", help="Also every number seen, with its role.")] = False,
) -> None:
    """Read the numeric requirements out of a document."""
    from limen.nlp.output import reading_to_json

    for identifier, reading in _readings(file, lang):
        if form is ExtractFormat.JSONL:
            sys.stdout.write(reading_to_json(identifier, reading, quantities=quantities) + "\n")
        else:
            _print_reading(identifier, reading, quantities=quantities)


def diff(
    old: Annotated[Path, typer.Argument(help="The earlier version.")],
    new: Annotated[Path, typer.Argument(help="The later version.")],
    *,
    lang: LanguageOption = Language.AUTO,
    form: Annotated[Format, typer.Option("--format", help="A table to read, or JSON.")] = Format.TABLE,
) -> None:
    """Compare the requirements of two versions of a document."""
    from limen.app.read_file import read_file
    from limen.domain.diff import diff as compare
    from limen.nlp.output import difference_to_json

    before, after = (read_file(path, language=lang.code) for path in (old, new))
    difference = compare(
        before.reading.requirements, after.reading.requirements, old_text=before.text, new_text=after.text
    )
    if form is Format.JSON:
        sys.stdout.write(difference_to_json(difference) + "\n")
        return
    write_table(
        ("change", "direction", "old", "new", "metric", "subject"),
        [_change_row(change) for change in difference.changes],
        empty="no requirement changed",
    )
    if difference.notes:
        typer.echo(f"({len(difference.notes)} more moved, were reworded or restated in another unit)")
    for doubt in difference.doubts:
        typer.echo(
            f"in doubt, look by hand: {doubt.requirement.metric} {doubt.requirement.threshold} ({doubt.kind.value}?)"
        )


def _readings(file: str, lang: Language) -> Iterator[tuple[str, Reading]]:
    from limen.app.read_file import read_bytes, read_file, read_passages

    if file == "-":
        yield "-", read_bytes(sys.stdin.buffer.read(), name="standard input", language=lang.code).reading
    elif file.endswith(".jsonl"):
        yield from read_passages(Path(file), language=lang.code)
    else:
        yield file, read_file(Path(file), language=lang.code).reading


def _print_reading(identifier: str, reading: Reading, *, quantities: bool) -> None:
    deadline = f", comments until {reading.comment_deadline}" if reading.comment_deadline else ""
    typer.echo(f"{identifier}: language {reading.language}, stage {reading.stage.value}{deadline}")
    write_table(
        ("requirement", "metric", "subject", "condition", "modality", "by", "evidence"),
        [
            (
                str(found.threshold),
                found.metric,
                found.subject or "",
                found.condition or "",
                found.modality.value,
                found.by or "",
                found.evidence.quote,
            )
            for found in reading.requirements
        ],
        empty="no requirement found",
    )
    if quantities:
        write_table(
            ("number", "role", "metric", "evidence"),
            [
                (str(seen.threshold), seen.role.value, seen.metric or "", seen.evidence.quote)
                for seen in reading.sightings
            ],
            empty="no number with a unit found",
        )


def _change_row(change: Change) -> tuple[str, ...]:
    shown = change.subject_requirement
    return (
        change.kind.value.replace("_", " "),
        change.direction.value,
        str(change.old.threshold) if change.old else "-",
        str(change.new.threshold) if change.new else "-",
        shown.metric,
        shown.subject or "",
    )
