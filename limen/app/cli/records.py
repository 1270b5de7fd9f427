"""`limen change`, `issue`, `delivery` and `document`: what is kept, for people to look at."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from limen.app.cli.context import opened_store
from limen.app.cli.options import LARGEST_ID, FormatOption, JurisdictionOption, LimitOption, SinceOption, SourceOption
from limen.app.cli.terminal import CHANGE_COLUMNS, Format, change_cells, minute, write_json, write_table
from limen.domain.change import Direction
from limen.domain.delivery import DeliveryState
from limen.domain.record import requirement_record

if TYPE_CHECKING:
    from limen.domain.change import DocumentSide
    from limen.domain.requirement import Requirement
    from limen.store.queries import ChangeEntry, VersionEntry

change = typer.Typer(no_args_is_help=True, help="What changed, with both numbers and their evidence.")
issue = typer.Typer(no_args_is_help=True, help="What could not be fetched, read or sent, and what to do about it.")
delivery = typer.Typer(no_args_is_help=True, help="The messages, sent and unsent.")
document = typer.Typer(no_args_is_help=True, help="The documents and their versions.")


def register(app: typer.Typer) -> None:
    """Add the groups to the application."""
    for name, group in (("change", change), ("issue", issue), ("delivery", delivery), ("document", document)):
        app.add_typer(group, name=name)


@change.command("list")
def list_changes(
    context: typer.Context,
    *,
    source: SourceOption = None,
    jurisdiction: JurisdictionOption = None,
    direction: Annotated[Direction | None, typer.Option(help="Only this direction.")] = None,
    since: SinceOption = None,
    limit: LimitOption = 50,
    form: FormatOption = Format.TABLE,
) -> None:
    """List changes, newest first."""
    from datetime import UTC

    from limen.store import queries

    with opened_store(context) as store, store.reading() as session:
        entries = queries.changes(
            session,
            since=since and since.replace(tzinfo=UTC),
            source_id=source,
            jurisdiction=jurisdiction,
            direction=direction,
            limit=limit,
            with_texts=form is Format.JSON,
        )
    if form is Format.JSON:
        write_json([_change_record(entry) for entry in entries])
        return
    write_table(
        ("found", *CHANGE_COLUMNS, "rule"),
        [_change_row(entry) for entry in entries],
        empty="no change is recorded",
    )


@issue.command("list")
def list_issues(
    context: typer.Context,
    *,
    source: SourceOption = None,
    limit: LimitOption = 50,
    form: FormatOption = Format.TABLE,
) -> None:
    """List issues, those seen last first."""
    from limen.store.repositories import issues

    with opened_store(context) as store, store.reading() as session:
        entries = issues.load(session, source_id=source, limit=limit)
    if form is Format.JSON:
        write_json(
            [
                {
                    "kind": entry.issue.kind.value,
                    "severity": entry.issue.severity.value,
                    "source": entry.issue.source_id,
                    "url": entry.issue.url,
                    "offset": entry.issue.offset,
                    "message": entry.issue.message,
                    "count": entry.count,
                    "first_seen": entry.first_seen.isoformat(),
                    "last_seen": entry.last_seen.isoformat(),
                }
                for entry in entries
            ]
        )
        return
    write_table(
        ("last seen", "times", "source", "kind", "message"),
        [
            (
                minute(entry.last_seen),
                str(entry.count),
                entry.issue.source_id or "",
                entry.issue.kind.value.replace("_", " "),
                entry.issue.message,
            )
            for entry in entries
        ],
        empty="no issue is recorded",
    )


@delivery.command("list")
def list_deliveries(
    context: typer.Context,
    *,
    state: Annotated[DeliveryState | None, typer.Option(help="Only those in this state.")] = None,
    limit: LimitOption = 50,
    form: FormatOption = Format.TABLE,
) -> None:
    """List messages, newest first."""
    from limen.store import queries

    with opened_store(context) as store, store.reading() as session:
        entries = queries.deliveries(session, state=state, limit=limit)
    if form is Format.JSON:
        write_json(
            [
                {
                    "id": entry.delivery.id,
                    "subscription": entry.delivery.subscription,
                    "channel": entry.delivery.channel.value,
                    "recipient": entry.delivery.recipient,
                    "state": entry.delivery.state.value,
                    "attempts": entry.delivery.attempts,
                    "created_at": entry.delivery.created_at.isoformat(),
                    "next_attempt_at": entry.delivery.next_attempt_at and entry.delivery.next_attempt_at.isoformat(),
                    "last_error": entry.delivery.last_error,
                    "changes": list(entry.change_ids),
                    "events": list(entry.event_ids),
                }
                for entry in entries
            ]
        )
        return
    write_table(
        ("id", "state", "tries", "channel", "recipient", "subscription", "changes", "events", "last error"),
        [
            (
                entry.delivery.id,
                entry.delivery.state.value,
                str(entry.delivery.attempts),
                entry.delivery.channel.value,
                entry.delivery.recipient,
                entry.delivery.subscription,
                str(len(entry.change_ids)),
                str(len(entry.event_ids)),
                entry.delivery.last_error or "",
            )
            for entry in entries
        ],
        empty="no message was written",
    )


@delivery.command("retry")
def retry_deliveries(
    context: typer.Context,
    identifier: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="One message; all that were given up if not named.")
    ] = None,
) -> None:
    """Take up messages again that were given up; the next pass sends them, under their old ids."""
    from limen.app.clock import system_clock
    from limen.store.repositories import deliveries

    with opened_store(context) as store, store.transaction() as session:
        count = deliveries.requeue(session, at=system_clock(), delivery_id=identifier)
    typer.echo(f"{count} taken up again" if count else "nothing to take up: no such message was given up")


@delivery.command("drop")
def drop_delivery(
    context: typer.Context, identifier: Annotated[str, typer.Argument(metavar="ID", help="The message.")]
) -> None:
    """Give up an unsent message for good."""
    from limen.app.clock import system_clock
    from limen.store.repositories import deliveries

    with opened_store(context) as store, store.transaction() as session:
        deliveries.mark_failed(session, identifier, error="dropped by hand", at=system_clock(), next_attempt_at=None)
    typer.echo(f"{identifier} will not be sent")


@document.command("list")
def list_documents(
    context: typer.Context,
    *,
    source: SourceOption = None,
    jurisdiction: JurisdictionOption = None,
    limit: LimitOption = 50,
    form: FormatOption = Format.TABLE,
) -> None:
    """List documents, those fetched last first."""
    from limen.store import queries

    with opened_store(context) as store, store.reading() as session:
        entries = queries.documents(session, source_id=source, jurisdiction=jurisdiction, limit=limit)
    if form is Format.JSON:
        write_json([_document_record(entry) for entry in entries])
        return
    write_table(
        ("id", "source", "version", "valid from", "stage", "requirements", "gone since", "same story", "title", "url"),
        [_document_row(entry) for entry in entries],
        empty="no document is stored; limen run crawls",
    )


@document.command("duplicates")
def list_duplicates(
    context: typer.Context,
    identifier: Annotated[
        int | None,
        typer.Argument(
            metavar="[ID]", min=1, max=LARGEST_ID, help="Only the group of this document; all groups if not named."
        ),
    ] = None,
    *,
    limit: LimitOption = 50,
    form: FormatOption = Format.TABLE,
) -> None:
    """List the groups of documents that tell the same story, with all their members."""
    from limen.store import queries

    with opened_store(context) as store, store.reading() as session:
        groups = queries.duplicates(session, document_id=identifier, limit=limit)
    if form is Format.JSON:
        write_json(
            [{"group": group.id, "documents": [_document_record(each) for each in group.members]} for group in groups]
        )
        return
    write_table(
        ("group", "id", "source", "valid from", "title", "url"),
        [
            (str(group.id), str(each.document_id), each.source_id, _day(each.valid_from), each.title, each.url)
            for group in groups
            for each in group.members
        ],
        empty="no two documents tell the same story"
        if identifier is None
        else "no other document tells the same story",
    )


def _change_row(entry: ChangeEntry) -> tuple[str, ...]:
    return (minute(entry.detected_at), *change_cells(entry.change), entry.instrument)


def _change_record(entry: ChangeEntry) -> dict[str, Any]:
    from limen.domain.redline import redline_between, redline_record

    runs = redline_between(entry.change, entry.old, entry.new)
    return {
        "id": entry.id,
        "key": entry.key,
        "kind": entry.change.kind.value,
        "direction": entry.change.direction.value,
        "detected_at": entry.detected_at.isoformat(),
        "source": entry.source.id,
        "jurisdiction": entry.source.jurisdiction,
        "instrument": entry.instrument,
        "old": _side_record(entry.change.old, entry.old),
        "new": _side_record(entry.change.new, entry.new),
        "redline": None if runs is None else redline_record(runs),
    }


def _side_record(requirement: Requirement | None, side: DocumentSide) -> dict[str, Any] | None:
    if requirement is None:
        return None
    return {**requirement_record(requirement), "url": side.url, "version": side.version_id}


def _document_row(entry: VersionEntry) -> tuple[str, ...]:
    return (
        str(entry.document_id),
        entry.source_id,
        str(entry.number),
        _day(entry.valid_from),
        entry.stage.value,
        "-" if entry.requirements is None else str(entry.requirements),
        _day(entry.gone_at) if entry.gone_at else "",
        str(len(entry.group)) if entry.group else "",
        entry.title,
        entry.url,
    )


def _document_record(entry: VersionEntry) -> dict[str, Any]:
    return {
        "id": entry.document_id,
        "source": entry.source_id,
        "url": entry.url,
        "title": entry.title,
        "version": entry.number,
        "language": entry.language,
        "stage": entry.stage.value,
        "valid_from": entry.valid_from.isoformat(),
        "comment_deadline": entry.comment_deadline and entry.comment_deadline.isoformat(),
        "requirements": entry.requirements,
        "gone_at": entry.gone_at and entry.gone_at.isoformat(),
        "group": list(entry.group),
    }


def _day(moment: datetime) -> str:
    return moment.date().isoformat()
