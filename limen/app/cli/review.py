"""`limen review`: requirements and joins of documents that Limen is not sure of, for a person to accept or reject."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from limen.app.cli.context import opened_store
from limen.app.cli.options import FormatOption, JurisdictionOption, LimitOption, SourceOption
from limen.app.cli.terminal import Format, write_json, write_table
from limen.domain.record import requirement_record
from limen.domain.review import ReviewState

if TYPE_CHECKING:
    from limen.store.review_queries import JoinEntry, ReviewEntry

app = typer.Typer(
    no_args_is_help=True, help="Doubtful requirements, and documents that may be of one rule: accept or reject."
)

MarksArgument = Annotated[list[str], typer.Argument(metavar="ID...", help="As `limen review list` shows them.")]
_JOIN = "join-"
"""What the ids of proposed joins begin with; those of requirements are hexadecimal."""
_LONGEST = 10


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
    """List what awaits a review: requirements, the newest document first, then proposed joins, the surest first."""
    from limen.store.review_queries import proposed_joins, queue

    with opened_store(context) as store, store.reading() as session:
        entries = queue(session, state=state, source_id=source, jurisdiction=jurisdiction, limit=limit)
        joins = proposed_joins(session, state=state, source_id=source, jurisdiction=jurisdiction, limit=limit)
    if form is Format.JSON:
        write_json([*(_record(entry) for entry in entries), *(_join_record(entry) for entry in joins)])
        return
    if entries or not joins:
        write_table(
            ("id", "confidence", "requirement", "metric", "subject", "changes", "source", "evidence"),
            [_row(entry) for entry in entries],
            empty="nothing awaits a review" if state is ReviewState.AWAITING else f"nothing was {state.value}",
        )
    if joins:
        write_table(
            ("id", "score", "reason", "source", "document", "may belong to", "title"),
            [_join_row(entry) for entry in joins],
            empty="",
        )


@app.command("show")
def show(
    context: typer.Context,
    mark: Annotated[str, typer.Argument(metavar="ID", help="As `limen review list` shows it.")],
    *,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show one requirement with its sentence, its document and why it is in doubt, or one proposed join."""
    from limen.store.review_queries import proposed_join, reviewed

    proposal = _proposal(mark)
    with opened_store(context) as store, store.reading() as session:
        if proposal is None:
            entry = reviewed(session, mark)
            record, lines = _record(entry), _lines(entry)
        else:
            asked = proposed_join(session, proposal)
            record, lines = _join_record(asked), _join_lines(asked)
    if form is Format.JSON:
        write_json(record)
        return
    write_table(("field", "value"), lines, empty="")


@app.command("accept")
def accept(context: typer.Context, marks: MarksArgument) -> None:
    """Take requirements for right: they are reported, and the next pass tells of the changes that waited for them.

    A proposed join: the document is part of the instrument, and the next pass compares it with those before it.
    """
    _decide(context, marks, ReviewState.ACCEPTED)


@app.command("reject")
def reject(context: typer.Context, marks: MarksArgument) -> None:
    """Take requirements for wrong: they are neither reported nor compared, in any later reading of the same words.

    A proposed join: the document is another rule, and this is not asked again.
    """
    _decide(context, marks, ReviewState.REJECTED)


def _decide(context: typer.Context, marks: list[str], state: ReviewState) -> None:
    from limen.app.clock import system_clock
    from limen.app.lineage import decide_join
    from limen.store.repositories import reviews

    with opened_store(context) as store, store.transaction() as session:
        for mark in marks:
            proposal = _proposal(mark)
            if proposal is None:
                reviews.decide(session, mark, state, at=system_clock())
            else:
                decide_join(session, proposal, state, at=system_clock())
    typer.echo(f"{len(marks)} {state.value}")


def _proposal(mark: str) -> int | None:
    """Return the number of a proposed join, None for the id of a requirement."""
    number = mark.removeprefix(_JOIN)
    is_number = number != mark and number.isascii() and number.isdigit() and len(number) < _LONGEST
    return int(number) if is_number else None


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
        "kind": "requirement",
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


def _join_row(entry: JoinEntry) -> tuple[str, ...]:
    return (
        f"{_JOIN}{entry.id}",
        f"{entry.score:.2f}",
        entry.reason.value,
        entry.source_id,
        entry.title,
        str(entry.instrument_id),
        entry.instrument,
    )


def _join_lines(entry: JoinEntry) -> list[tuple[str, str]]:
    return [
        ("id", f"{_JOIN}{entry.id}"),
        ("state", entry.state.value if entry.decided_at is None else f"{entry.state.value} {entry.decided_at.date()}"),
        ("document", f"{entry.document_id} {entry.title}"),
        ("url", entry.url),
        ("valid from", entry.valid_from.date().isoformat()),
        ("instrument now", "-" if entry.home_id is None else str(entry.home_id)),
        ("may belong to", f"{entry.instrument_id} {entry.instrument}"),
        ("because of", entry.reason.value),
        ("score", f"{entry.score:.2f}"),
    ]


def _join_record(entry: JoinEntry) -> dict[str, Any]:
    return {
        "kind": "join",
        "id": f"{_JOIN}{entry.id}",
        "state": entry.state.value,
        "decided_at": entry.decided_at and entry.decided_at.isoformat(),
        "reason": entry.reason.value,
        "score": round(entry.score, 4),
        "document": entry.document_id,
        "title": entry.title,
        "url": entry.url,
        "source": entry.source_id,
        "jurisdiction": entry.jurisdiction,
        "valid_from": entry.valid_from.isoformat(),
        "instrument": entry.home_id,
        "proposed_instrument": entry.instrument_id,
        "proposed_title": entry.instrument,
    }
