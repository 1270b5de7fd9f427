"""The root of the command line: global options and the commands' registration."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated

import typer

from limen import __version__
from limen.app.cli import (
    backtest,
    demo,
    event,
    instrument,
    notify,
    press,
    reading,
    records,
    reprocess,
    review,
    run,
    search,
    source,
)
from limen.app.cli.context import Invocation

app = typer.Typer(
    name="limen",
    help="Watches regulators and the trade press and tells you the moment a required number changes, with proof.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:  # noqa: FBT001 - typer's form of an eager option
    if wanted:
        typer.echo(f"limen {__version__}")
        raise typer.Exit


@app.callback()
def root(
    context: typer.Context,
    config: Annotated[
        Path | None, typer.Option("--config", "-c", help="Configuration file; $LIMEN_CONFIG, else ./limen.toml.")
    ] = None,
    verbose: Annotated[int, typer.Option("--verbose", "-v", count=True, help="Log more; twice for everything.")] = 0,
    version: Annotated[  # noqa: ARG001, FBT002 - typer calls the callback
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    """Watches regulators and the trade press and tells you the moment a required number changes, with proof."""
    level = {0: logging.WARNING, 1: logging.INFO}.get(verbose, logging.DEBUG)
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    if not verbose:
        # Alembic tells of every start at this level.
        logging.getLogger("alembic").setLevel(logging.WARNING)
    context.obj = Invocation(config_path=config)


reading.register(app)
run.register(app)
reprocess.register(app)
backtest.register(app)
search.register(app)
records.register(app)
demo.register(app)
app.add_typer(instrument.app, name="instrument")
app.add_typer(source.app, name="source")
app.add_typer(event.app, name="event")
app.add_typer(notify.app, name="notify")
app.add_typer(review.app, name="review")
app.add_typer(press.app, name="press")
