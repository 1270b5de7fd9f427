"""`limen source`: the catalogue."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer

from limen.app.cli.context import invocation
from limen.app.cli.progress import ProgressReporter
from limen.app.cli.terminal import Format, write_json, write_table

app = typer.Typer(no_args_is_help=True, help="The sources: list them, add one, try one.")


@app.command("list")
def list_sources(
    context: typer.Context,
    *,
    jurisdiction: Annotated[str | None, typer.Option(help="Only this jurisdiction, e.g. CN.")] = None,
    form: Annotated[Format, typer.Option("--format", help="A table to read, or JSON.")] = Format.TABLE,
) -> None:
    """List the sources of the catalogue, shipped and your own."""
    from limen.crawler.catalogue import load_catalogue

    crawl = invocation(context).config.crawl
    catalogue = load_catalogue(crawl.sources, builtin=crawl.builtin_sources)
    specs = [spec for spec in catalogue.values() if jurisdiction in (None, spec.jurisdiction)]
    if form is Format.JSON:
        write_json([spec.model_dump(mode="json") for spec in specs])
        return
    write_table(
        ("source", "kind", "class", "state", "every", "name"),
        [
            (
                spec.id,
                spec.kind.value,
                spec.document_class.value,
                spec.state.value if spec.enabled else "off",
                spec.schedule.every or spec.schedule.cron or "",
                spec.name,
            )
            for spec in specs
        ],
        empty="no such source",
    )


@app.command("add")
def add(
    context: typer.Context,
    url: Annotated[str, typer.Argument(help="Address of the site, of its feed or of its sitemap.")],
    *,
    directory: Annotated[
        Path | None,
        typer.Option(help="Where to write the TOML; by default the first of [crawl] sources, else ./sources."),
    ] = None,
) -> None:
    """Find a site's feed or sitemap and write its TOML."""
    from limen.app.errors import InputError
    from limen.crawler.catalogue import dump_spec, load_catalogue
    from limen.crawler.discovery import discover

    crawl = invocation(context).config.crawl
    catalogue = load_catalogue(crawl.sources, builtin=crawl.builtin_sources)
    spec = discover(url, contact=crawl.contact)
    if spec.id in catalogue:
        raise InputError(
            f"{url}: the catalogue has this site already, as {spec.id!r}; try it: limen source try {spec.id}"
        )
    target = directory or next(iter(crawl.sources), Path("sources"))
    target.mkdir(parents=True, exist_ok=True)
    path = target / f"{spec.id}.toml"
    path.write_text(dump_spec(spec), encoding="utf-8")
    typer.echo(f"wrote {path}: a {spec.kind.value}, {spec.entry[0]}")
    if target not in crawl.sources:
        typer.echo(f'name its directory in limen.toml, so that it is crawled: [crawl] sources = ["{target}"]')
    typer.echo(f"look it over (jurisdiction, document_class, timezone are guesses), then: limen source try {spec.id}")


@app.command("try")
def try_source(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="ID", help="The source.")],
    *,
    count: Annotated[int, typer.Option(min=1, max=20, help="How many documents to fetch.")] = 3,
    form: Annotated[Format, typer.Option("--format", help="A table to read, or JSON.")] = Format.TABLE,
) -> None:
    """Fetch a few documents politely and show what would be stored and read; nothing is kept."""
    from limen.app.bootstrap import open_application
    from limen.app.passes import choose_sources, run_pass
    from limen.store import queries
    from limen.store.repositories import issues

    config = invocation(context).config
    with tempfile.TemporaryDirectory(prefix="limen-try-") as scratch:
        # A database of its own: what is tried must not look like a first run of the real one.
        trial = config.model_copy(update={"data_dir": Path(scratch), "database": None, "subscriptions": ()})
        with open_application(trial) as application, ProgressReporter() as reporter:
            run_pass(application, choose_sources(application, [name]), reporter=reporter, max_items=count)
            with application.store.reading() as session:
                documents = queries.documents(session, limit=count)
                troubles = issues.load(session)
    rows: list[dict[str, Any]] = [
        {
            "title": entry.title,
            "url": entry.url,
            "published": None if entry.published is None else entry.published.isoformat(),
            "language": entry.language,
            "stage": entry.stage.value,
            "requirements": entry.requirements,
        }
        for entry in documents
    ]
    if form is Format.JSON:
        write_json({"documents": rows, "issues": [each.issue.message for each in troubles]})
    else:
        write_table(
            ("published", "language", "stage", "requirements", "title", "url"),
            [
                (
                    (row["published"] or "")[:10],
                    row["language"],
                    row["stage"],
                    "-" if row["requirements"] is None else str(row["requirements"]),
                    row["title"],
                    row["url"],
                )
                for row in rows
            ],
            empty="no document could be had",
        )
        for each in troubles:
            typer.echo(f"issue: {each.issue.message}")
    if not rows:
        raise typer.Exit(1)
