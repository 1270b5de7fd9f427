"""`limen reprocess`: what is stored, read anew by today's readers and extractor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING, Annotated, Any

import typer

from limen.app.cli.context import invocation
from limen.app.cli.options import LARGEST_ID, FormatOption, SourceOption
from limen.app.cli.progress import ProgressReporter
from limen.app.cli.run import stopping
from limen.app.cli.terminal import CHANGE_COLUMNS, Format, change_cells, messages, write_json, write_table
from limen.domain.record import requirement_record

if TYPE_CHECKING:
    from limen.app.stages.reprocess import Reprocessed
    from limen.domain.requirement import Requirement


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(reprocess)


def reprocess(
    context: typer.Context,
    *,
    source: SourceOption = None,
    document: Annotated[
        int | None, typer.Option("--document", metavar="ID", min=1, max=LARGEST_ID, help="Only this document.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would change, and write nothing.")] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Read what is stored anew after an upgrade, and tell what that changes. Nobody is alerted."""
    from limen.app.bootstrap import open_application
    from limen.app.lock import exclusive
    from limen.app.passes import require_known
    from limen.app.stages.reprocess import reprocess as read_anew

    config = invocation(context).config
    with open_application(config, looks_only=dry_run) as application:
        require_known(application.catalogue, [] if source is None else [source])
        alone = nullcontext() if dry_run else exclusive(config.data_dir, what="limen reprocess")
        with alone, stopping(application.stop.set), ProgressReporter() as reporter:
            done = read_anew(application, reporter=reporter, source_id=source, document_id=document, dry_run=dry_run)
        interrupted = application.stop.is_set()
    if form is Format.JSON:
        write_json({"dry_run": dry_run, "documents": [_record(each) for each in done], "totals": _totals(done)})
    else:
        _print(done)
    if interrupted:
        messages().print(
            "interrupted; this is what the documents until then would change"
            if dry_run
            else "interrupted; what was read anew is kept, and the next call goes on from there"
        )
        raise typer.Exit(1)


def _print(done: Sequence[Reprocessed]) -> None:
    if not done:
        typer.echo("nothing to do: everything was read by the readers and the extractor of today")
        return
    write_table(
        ("document", "text", "added", "removed", "changed", "renamed", "surer", "less sure", "title"),
        [_summary(each) for each in done if _differs(each)],
        empty="every document reads as before",
    )
    rows = [row for each in done for row in _rows(each)]
    if rows:
        write_table(("document", *CHANGE_COLUMNS), rows, empty="")
    for each in done:
        if each.trouble is not None:
            typer.echo(f"document {each.document_id}: {each.trouble}")
    totals = _totals(done)
    typer.echo(
        f"{totals['documents']} documents: {totals['other_texts']} with another text, {totals['troubles']} not read anew, "
        f"{totals['older']} older versions"
    )
    typer.echo(
        f"requirements: {totals['added']} added, {totals['removed']} removed, {totals['changed']} changed, "
        f"{totals['renamed']} with other names, {totals['surer']} surer, {totals['less_sure']} less sure"
    )


def _differs(each: Reprocessed) -> bool:
    counts = _totals([each])
    return any(count for name, count in counts.items() if name not in ("documents", "older"))


def _summary(each: Reprocessed) -> tuple[str, ...]:
    counts = (len(each.added), len(each.removed), len(each.changed), each.renamed, each.surer, each.less_sure)
    return str(each.document_id), "another" if each.is_other_text else "the same", *map(str, counts), each.title


def _rows(each: Reprocessed) -> Iterator[tuple[str, ...]]:
    document = str(each.document_id)
    for requirement in each.added:
        yield document, "added", "-", "-", str(requirement.threshold), *_about(requirement)
    for requirement in each.removed:
        yield document, "removed", "-", str(requirement.threshold), "-", *_about(requirement)
    for change in each.changed:
        yield document, *change_cells(change)


def _about(requirement: Requirement) -> tuple[str, str]:
    return requirement.metric, requirement.subject or ""


def _record(each: Reprocessed) -> dict[str, Any]:
    return {
        "id": each.document_id,
        "source": each.source_id,
        "url": each.url,
        "title": each.title,
        "version": each.number,
        "other_text": each.is_other_text,
        "trouble": each.trouble,
        "older_versions": each.older,
        "added": [requirement_record(requirement) for requirement in each.added],
        "removed": [requirement_record(requirement) for requirement in each.removed],
        "changed": [
            {
                "kind": change.kind.value,
                "direction": change.direction.value,
                "old": change.old and requirement_record(change.old),
                "new": change.new and requirement_record(change.new),
            }
            for change in each.changed
        ],
        "renamed": each.renamed,
        "surer": each.surer,
        "less_sure": each.less_sure,
    }


def _totals(done: Sequence[Reprocessed]) -> dict[str, int]:
    return {
        "documents": len(done),
        "other_texts": sum(each.is_other_text for each in done),
        "troubles": sum(each.trouble is not None for each in done),
        "older": sum(each.older for each in done),
        "added": sum(len(each.added) for each in done),
        "removed": sum(len(each.removed) for each in done),
        "changed": sum(len(each.changed) for each in done),
        "renamed": sum(each.renamed for each in done),
        "surer": sum(each.surer for each in done),
        "less_sure": sum(each.less_sure for each in done),
    }
