"""`limen extract` and `limen diff`: the reader and the diff engine on plain files, without a database."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from limen.app.cli.options import FormatOption
from limen.app.cli.terminal import CHANGE_COLUMNS, Format, change_cells, write_table
from limen.domain.reason import Reason
from limen.domain.sighting import QuantityRole
from limen.domain.threshold import plain

if TYPE_CHECKING:
    from limen.domain.document import Reading
    from limen.domain.sighting import Aside, Sighting


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
        typer.Argument(
            help="HTML, PDF, Word, Excel, OFD, XML, Markdown, text or a picture; .jsonl of passages; - for standard input."
        ),
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

    for identifier, reading in _readings(file, lang, asides=quantities):
        if form is ExtractFormat.JSONL:
            sys.stdout.write(reading_to_json(identifier, reading, quantities=quantities) + "\n")
        else:
            _print_reading(identifier, reading, quantities=quantities)
        _tell_issues(identifier, reading)


def diff(
    old: Annotated[Path, typer.Argument(help="The earlier version.")],
    new: Annotated[Path, typer.Argument(help="The later version.")],
    *,
    lang: LanguageOption = Language.AUTO,
    form: FormatOption = Format.TABLE,
) -> None:
    """Compare the requirements of two versions of a document."""
    from limen.app.read_file import read_file
    from limen.domain.joint import Version, compare
    from limen.domain.redline import redline_of, redline_text
    from limen.nlp.output import difference_to_json

    before, after = (read_file(path, language=lang.code) for path in (old, new))
    for path, each in ((old, before), (new, after)):
        _tell_issues(str(path), each.reading)
    difference = compare(
        Version(text=before.text, reading=before.reading), Version(text=after.text, reading=after.reading)
    )
    if form is Format.JSON:
        sys.stdout.write(difference_to_json(difference, old_text=before.text, new_text=after.text) + "\n")
        return
    write_table(
        CHANGE_COLUMNS,
        [change_cells(change) for change in difference.changes],
        empty="no requirement changed",
    )
    for change in difference.changes:
        typer.echo(redline_text(redline_of(change, old_text=before.text, new_text=after.text)))
    if difference.notes:
        typer.echo(f"({len(difference.notes)} more moved, were reworded or restated in another unit)")
    for doubt in difference.doubts:
        typer.echo(
            f"in doubt, look by hand: {doubt.requirement.metric} {doubt.requirement.threshold} ({doubt.kind.value}?)"
        )


def _readings(file: str, lang: Language, *, asides: bool) -> Iterator[tuple[str, Reading]]:
    from limen.app.read_file import read_bytes, read_file, read_passages

    if file == "-":
        body = sys.stdin.buffer.read()
        yield "-", read_bytes(body, name="standard input", language=lang.code, asides=asides).reading
    elif file.endswith(".jsonl"):
        yield from read_passages(Path(file), language=lang.code, asides=asides)
    else:
        yield file, read_file(Path(file), language=lang.code, asides=asides).reading


def _tell_issues(identifier: str, reading: Reading) -> None:
    """Write what could not be read beside the output, which programs read: it must not look like what is not there."""
    for issue in reading.issues:
        place = "" if issue.message.startswith(Path(identifier).name) else f"{identifier}: "
        typer.echo(f"{issue.severity.value}: {place}{issue.message}", err=True)


def _print_reading(identifier: str, reading: Reading, *, quantities: bool) -> None:
    deadline = f", comments until {reading.comment_deadline}" if reading.comment_deadline else ""
    typer.echo(f"{identifier}: language {reading.language}, stage {reading.stage.value}{deadline}")
    facts = (
        ("issued by", [issuer.name for issuer in reading.issued_by]),
        ("numbers", reading.references),
        ("replaces", reading.replaces),
        ("repeals", reading.repeals),
    )
    for name, values in facts:
        if values:
            typer.echo(f"{name}: {'; '.join(values)}")
    write_table(
        ("requirement", "metric", "subject", "condition", "modality", "by", "confidence", "evidence"),
        [
            (
                str(found.threshold),
                found.metric,
                found.subject or "",
                found.condition or "",
                found.modality.value,
                found.by or "",
                f"{found.confidence:.2f}",
                found.evidence.quote,
            )
            for found in reading.requirements
        ],
        empty="no requirement found",
    )
    if quantities:
        typer.echo("")
        write_table(
            ("number", "unit", "role", "operator", "metric", "reason", "evidence"),
            _quantity_rows(reading),
            empty="no number found",
        )


def _quantity_rows(reading: Reading) -> list[tuple[str, ...]]:
    """Return a row for each number of a text, in the order of the text."""
    rows = [(seen.evidence, _sighting_row(seen)) for seen in reading.sightings]
    rows += [(aside.evidence, _aside_row(aside)) for aside in reading.asides]
    return [row for evidence, row in sorted(rows, key=lambda pair: (pair[0].start, pair[0].end))]


def _sighting_row(seen: Sighting) -> tuple[str, ...]:
    threshold = seen.threshold
    amount = plain(threshold.value)
    if threshold.value_max is not None:
        amount = f"{amount} to {plain(threshold.value_max)}"
    stated = Reason.OPERATOR_ASSUMED not in seen.reasons
    return (
        amount,
        threshold.unit,
        seen.role.value,
        threshold.op.value if stated or seen.role is QuantityRole.REQUIREMENT else "",
        seen.metric or "",
        ", ".join(_worded(reason) for reason in seen.reasons),
        seen.evidence.quote,
    )


def _aside_row(aside: Aside) -> tuple[str, ...]:
    return "", "", aside.role.value, "", "", _worded(aside.reason), aside.evidence.quote


def _worded(reason: Reason) -> str:
    return reason.value.replace("_", " ")
