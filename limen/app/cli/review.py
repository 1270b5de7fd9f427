"""`limen review`: requirements that the extractor is not sure of, for a person to accept or reject."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from limen.app.cli.context import opened_store
from limen.app.cli.options import FormatOption, JurisdictionOption, LimitOption, SourceOption
from limen.app.cli.terminal import Format, write_json, write_table
from limen.domain.record import requirement_record
from limen.domain.review import ReviewState

if TYPE_CHECKING:
    from limen.store.review_queries import ReviewEntry

app = typer.Typer(no_args_is_help=True, help="Requirements less sure than [extraction] review_below: accept or reject.")

MarksArgument = Annotated[list[str], typer.Argument(metavar="ID...", help="As `limen review list` shows them.")]


@app.command("list")
def list_queue(
    context: typer.Context,
    *,
    state: Annotated[ReviewState, typer.Option(help="What awaits a decision, or what was decided.")] = (
        ReviewState.AWAITING
    ),
    source: SourceOption = None,
    jurisdiction: JurisdictionOption = None,
    limit: LimitOption = 50,
    form: FormatOption = Format.TABLE,
) -> None:
    """List what awaits a review, the newest document first."""
    from limen.store.review_queries import queue

    with opened_store(context) as store, store.reading() as session:
        entries = queue(session, state=state, source_id=source, jurisdiction=jurisdiction, limit=limit)
    if form is Format.JSON:
        write_json([_record(entry) for entry in entries])
        return
    write_table(
        ("id", "confidence", "requirement", "metric", "subject", "changes", "source", "evidence"),
        [_row(entry) for entry in entries],
        empty="nothing awaits a review" if state is ReviewState.AWAITING else f"nothing was {state.value}",
    )


@app.command("show")
def show(
    context: typer.Context,
    mark: Annotated[str, typer.Argument(metavar="ID", help="As `limen review list` shows it.")],
    *,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show one requirement with its sentence, its document, and why it is in doubt."""
    from limen.store.review_queries import reviewed

    with opened_store(context) as store, store.reading() as session:
        entry = reviewed(session, mark)
    if form is Format.JSON:
        write_json(_record(entry))
        return
    write_table(("field", "value"), _lines(entry), empty="")


@app.command("accept")
def accept(context: typer.Context, marks: MarksArgument) -> None:
    """Take requirements for right: they are reported, and the next pass tells of the changes that waited for them."""
    _decide(context, marks, ReviewState.ACCEPTED)


@app.command("reject")
def reject(context: typer.Context, marks: MarksArgument) -> None:
    """Take requirements for wrong: they are neither reported nor compared, in any later reading of the same words."""
    _decide(context, marks, ReviewState.REJECTED)


def _decide(context: typer.Context, marks: list[str], state: ReviewState) -> None:
    from limen.app.clock import system_clock
    from limen.store.repositories import reviews

    with opened_store(context) as store, store.transaction() as session:
        for mark in marks:
            reviews.decide(session, mark, state, at=system_clock())
    typer.echo(f"{len(marks)} {state.value}")


def _row(entry: ReviewEntry) -> tuple[str, ...]:
    found = entry.requirement
    return (
        entry.mark,
        f"{found.confidence:.2f}",
        str(found.threshold),
        found.metric,
        found.subject or "",
        str(entry.held) if entry.held else "",
        entry.source_id,
        found.evidence.quote,
    )


def _lines(entry: ReviewEntry) -> list[tuple[str, str]]:
    found = entry.requirement
    told = (
        ("id", entry.mark),
        ("state", entry.state.value if entry.decided_at is None else f"{entry.state.value} {entry.decided_at.date()}"),
        ("requirement", str(found.threshold)),
        ("metric", found.metric),
        ("subject", found.subject),
        ("condition", found.condition),
        ("modality", found.modality.value),
        ("by", found.by),
        ("confidence", f"{found.confidence:.2f}"),
        ("because", ", ".join(reason.value.replace("_", " ") for reason in found.reasons)),
        ("evidence", found.evidence.quote),
        ("sentence", entry.sentence),
        ("changes that wait", str(entry.held)),
        ("document", entry.title),
        ("url", entry.url),
    )
    return [(name, value) for name, value in told if value]


def _record(entry: ReviewEntry) -> dict[str, Any]:
    return {
        "id": entry.mark,
        "state": entry.state.value,
        "decided_at": entry.decided_at and entry.decided_at.isoformat(),
        **requirement_record(entry.requirement),
        "sentence": entry.sentence,
        "held_changes": entry.held,
        "title": entry.title,
        "url": entry.url,
        "source": entry.source_id,
        "jurisdiction": entry.jurisdiction,
        "valid_from": entry.valid_from.isoformat(),
    }
