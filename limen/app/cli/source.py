"""`limen source`: the catalogue."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from limen.app.cli.context import invocation
from limen.app.cli.health import live_states, show_health
from limen.app.cli.options import FormatOption, JurisdictionOption
from limen.app.cli.progress import ProgressReporter
from limen.app.cli.terminal import Format, write_json, write_table

if TYPE_CHECKING:
    from limen.app.config import Config

app = typer.Typer(
    no_args_is_help=True, help="The sources: list them, see how they do, add one, try one, freeze its golden."
)
app.command("health")(show_health)


@app.command("list")
def list_sources(
    context: typer.Context,
    *,
    jurisdiction: JurisdictionOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """List the sources of the catalogue, shipped and your own."""
    from limen.crawler.catalogue import load_catalogue

    config = invocation(context).config
    catalogue = load_catalogue(config.crawl.sources, builtin=config.crawl.builtin_sources)
    specs = [spec for spec in catalogue.values() if jurisdiction in (None, spec.jurisdiction)]
    states = live_states(config, specs)
    if form is Format.JSON:
        write_json([{**spec.model_dump(mode="json"), "health": states[spec.id].value} for spec in specs])
        return
    write_table(
        ("source", "kind", "class", "state", "every", "name"),
        [
            (
                spec.id,
                spec.kind.value,
                spec.document_class.value,
                states[spec.id].value if spec.enabled else "off",
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
    """Find a site's WordPress posts, feed or sitemap and write its TOML."""
    from limen.app.errors import InputError
    from limen.crawler.catalogue import dump_spec, load_catalogue
    from limen.crawler.discovery import discover

    config = invocation(context).config
    crawl = config.crawl
    catalogue = load_catalogue(crawl.sources, builtin=crawl.builtin_sources)
    spec = discover(url, contact=crawl.contact, policy=config.network.policy)
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
    form: FormatOption = Format.TABLE,
) -> None:
    """Fetch a few documents politely and show what would be stored and read; nothing is kept."""
    from limen.app.trial import trial, tried

    with ProgressReporter() as reporter, trial(_config(context), name, count=count, reporter=reporter) as application:
        found = tried(application, count=count)
    if form is Format.JSON:
        write_json(found.as_json())
    else:
        write_table(found.HEAD, found.rows(), empty="no document could be had")
        for line in found.lines():
            typer.echo(line)
    if not found.documents:
        raise typer.Exit(1)


@app.command("freeze")
def freeze_source(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="ID", help="The source.")],
    *,
    directory: Annotated[Path, typer.Option(help="Where the goldens of all sources lie.")] = Path("tests/golden"),
    as_fetched: Annotated[
        bool, typer.Option("--as-fetched", help="Keep the site's own words (not for a repository that others see).")
    ] = False,
) -> None:
    """Fetch a list and a document politely and write them as the source's golden, in words of our own."""
    from limen.app.errors import InputError
    from limen.app.freezing import freeze, write
    from limen.app.trial import trial

    with ProgressReporter() as reporter, trial(_config(context), name, count=1, reporter=reporter) as application:
        cases = freeze(application, application.catalogue[name], as_fetched=as_fetched)
    if not cases:
        raise InputError(f"{name}: no list and no document could be had; see why: limen source try {name}")
    try:
        written = write(cases, directory / name)
    except FileExistsError as error:
        raise InputError(f"{error}: there is a golden already; move it away, or name another --directory") from error
    for place in written:
        typer.echo(f"wrote {place}")
    typer.echo("read expected.json with a person's eyes: it holds what was read, and that is not yet what is right")


def _config(context: typer.Context) -> Config:
    return invocation(context).config
