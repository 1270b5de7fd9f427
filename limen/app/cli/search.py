"""`limen search`."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from limen.app.cli.context import opened_store
from limen.app.cli.options import LARGEST_COUNT
from limen.app.cli.terminal import Format, console, write_json
from limen.domain.record import requirement_record

if TYPE_CHECKING:
    from limen.store.search.results import DocumentHit, RequirementHit, SearchResults

HELP = """Search texts and numbers.

Words find texts, English and Chinese. Fields narrow: metric:"energy density" subject:cell jurisdiction:CN stage:draft
source:cn-mee-yjzj lang:zh class:news modality:mandatory entity:MIIT; a minus excludes. Numbers have units, and units are
converted: ">=200 Wh/kg", "<0.1 mg/L", "160..170 Wh/kg".
"""


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(help=HELP)(search)


def search(
    context: typer.Context,
    query: Annotated[list[str], typer.Argument(help="The query; quote it, or its > and < are the shell's.")],
    *,
    as_of: Annotated[
        datetime | None,
        typer.Option("--as-of", formats=["%Y-%m-%d"], help="Answer as the texts stood on this day (UTC)."),
    ] = None,
    known_on: Annotated[
        datetime | None,
        typer.Option(
            "--known-on", formats=["%Y-%m-%d"], help="Answer by what was fetched by the end of this day (UTC)."
        ),
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", min=1, max=LARGEST_COUNT, help="How many of each list at the most.")
    ] = 20,
    form: Annotated[Format, typer.Option("--format", help="Text to read, or JSON.")] = Format.TABLE,
) -> None:
    """Search texts and numbers."""
    from limen.app.bootstrap import metric_ids
    from limen.store.search.search import search as find

    with opened_store(context) as store, store.reading() as session:
        results = find(
            session,
            " ".join(query),
            as_of=as_of and as_of.date(),
            known_on=known_on and known_on.date(),
            limit=limit,
            metric_ids=metric_ids(),
        )
    if form is Format.JSON:
        write_json(_record(results))
    else:
        _print(results)


def _print(results: SearchResults) -> None:
    out = console()
    for hit in results.requirements:
        requirement = hit.requirement
        line = Text()
        line.append(f"{requirement.metric} {requirement.threshold}", style="bold")
        if requirement.subject:
            line.append(f"  {requirement.subject}")
        if requirement.condition:
            line.append(f" ({requirement.condition})")
        if requirement.by:
            line.append(f" by {requirement.by}")
        out.print(line)
        _print_document(hit.document)
    for document in results.documents:
        out.print(Text(document.title, style="bold"))
        _print_document(document)
    shown = f"{len(results.requirements)} of {results.requirement_count} requirements"
    if results.document_count:
        shown += f", {len(results.documents)} of {results.document_count} documents"
    out.print(Text(shown if results.requirement_count or results.document_count else "nothing found", style="dim"))


def _print_document(hit: DocumentHit) -> None:
    out = console()
    place = f"    {hit.jurisdiction} · {hit.stage.value} · valid from {hit.valid_from.date()} · {hit.title}"
    out.print(Text(place, style="dim"))
    out.print(Text(f"    {hit.url}", style="dim"))
    snippet = Text(f"    {hit.snippet.text}")
    for start, end in hit.snippet.marks:
        snippet.stylize("bold yellow", start + 4, end + 4)
    out.print(snippet)


def _record(results: SearchResults) -> dict[str, Any]:
    return {
        "requirement_count": results.requirement_count,
        "requirements": [_requirement_record(hit) for hit in results.requirements],
        "document_count": results.document_count,
        "documents": [_document_record(hit) for hit in results.documents],
    }


def _requirement_record(hit: RequirementHit) -> dict[str, Any]:
    return {"key": hit.key, **requirement_record(hit.requirement), "document": _document_record(hit.document)}


def _document_record(hit: DocumentHit) -> dict[str, Any]:
    return {
        "title": hit.title,
        "url": hit.url,
        "source": hit.source_id,
        "jurisdiction": hit.jurisdiction,
        "language": hit.language,
        "stage": hit.stage.value,
        "version": hit.number,
        "valid_from": hit.valid_from.isoformat(),
        "comment_deadline": None if hit.comment_deadline is None else hit.comment_deadline.isoformat(),
        "snippet": hit.snippet.text,
    }
