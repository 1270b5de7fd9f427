"""`limen event`: what documents did as a whole, apart from their requirements."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Annotated, Any

import typer

from limen.app.cli.context import opened_store
from limen.app.cli.options import FormatOption, JurisdictionOption, LimitOption, SinceOption, SourceOption
from limen.app.cli.terminal import Format, minute, write_json, write_table
from limen.domain.document_event import EventKind
from limen.domain.record import requirement_record

if TYPE_CHECKING:
    from limen.domain.change import DocumentSide
    from limen.store.event_queries import EventEntry

app = typer.Typer(
    no_args_is_help=True,
    help="What documents did as a whole: stage, comment deadline, effective date, title, withdrawal.",
)


@app.callback()
def group() -> None:
    """Make this a group: it has one command so far."""


@app.command("list")
def list_events(
    context: typer.Context,
    *,
    kind: Annotated[EventKind | None, typer.Option(help="Only this kind.")] = None,
    source: SourceOption = None,
    jurisdiction: JurisdictionOption = None,
    since: SinceOption = None,
    limit: LimitOption = 50,
    form: FormatOption = Format.TABLE,
) -> None:
    """List events, newest first."""
    from limen.store import event_queries

    with opened_store(context) as store, store.reading() as session:
        entries = event_queries.events(
            session,
            kind=kind,
            since=since and since.replace(tzinfo=UTC),
            source_id=source,
            jurisdiction=jurisdiction,
            limit=limit,
        )
    if form is Format.JSON:
        write_json([_record(entry) for entry in entries])
        return
    write_table(
        ("found", "event", "before", "after", "source", "rule"),
        [_row(entry) for entry in entries],
        empty="no such event is recorded" if kind or source or jurisdiction or since else "no event is recorded",
    )


def _row(entry: EventEntry) -> tuple[str, ...]:
    event = entry.kept.event
    return (
        minute(entry.detected_at),
        event.kind.value.replace("_", " "),
        event.before or "-",
        event.after or "-",
        entry.source.id,
        entry.instrument,
    )


def _record(entry: EventEntry) -> dict[str, Any]:
    event, number = entry.kept.event, entry.kept.number
    official = None if number is None else number.official
    return {
        "id": entry.kept.id,
        "kind": event.kind.value,
        "before": event.before,
        "after": event.after,
        "detected_at": entry.detected_at.isoformat(),
        "told_at": entry.told_at and entry.told_at.isoformat(),
        "silence": entry.kept.silence and entry.kept.silence.value,
        "source": entry.source.id,
        "jurisdiction": entry.source.jurisdiction,
        "instrument": entry.instrument,
        "old": None if entry.old is None else _side_record(entry.old),
        "new": _side_record(entry.new),
        "claim": None if number is None else requirement_record(number.claim),
        "official": None if official is None else requirement_record(official),
    }


def _side_record(side: DocumentSide) -> dict[str, Any]:
    return {"title": side.title, "url": side.url, "version": side.version_id, "stage": side.stage.value}
