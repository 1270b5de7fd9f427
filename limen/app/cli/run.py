"""`limen run` and `limen serve`."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from limen.app.cli.context import invocation
from limen.app.cli.progress import ProgressReporter
from limen.app.cli.terminal import Format, messages, write_json, write_table

if TYPE_CHECKING:
    from limen.app.report import PassSummary


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(run)
    app.command()(serve)


def run(
    context: typer.Context,
    source: Annotated[
        list[str] | None, typer.Argument(help="Sources to crawl now; all that are due if none is named.")
    ] = None,
    *,
    form: Annotated[Format, typer.Option("--format", help="Summary as a table or as JSON.")] = Format.TABLE,
) -> None:
    """Make one full pass: crawl, read, group, extract, compare, judge the sources, notify."""
    from limen.app.bootstrap import open_application
    from limen.app.lock import exclusive
    from limen.app.passes import choose_sources, run_pass

    config = invocation(context).config
    with open_application(config) as application, exclusive(config.data_dir, what="limen run"):
        chosen = choose_sources(application, source or ())
        with stopping(application.stop.set), ProgressReporter() as reporter:
            summary = run_pass(application, chosen, reporter=reporter)
    _print_summary(summary, form)
    if summary.interrupted:
        messages().print("interrupted; what is stored is safe, and the next run goes on from there")
        raise typer.Exit(1)


def serve(context: typer.Context) -> None:
    """Make passes by the sources' schedules until stopped (Ctrl-C, SIGTERM)."""
    from limen.app.bootstrap import open_application
    from limen.app.lock import exclusive
    from limen.app.report import Silent
    from limen.app.scheduler import Service

    config = invocation(context).config
    with open_application(config) as application, exclusive(config.data_dir, what="limen serve"):
        service = Service(application, reporter=Silent())

        def stop() -> None:
            application.stop.set()
            service.wake()

        with stopping(stop):
            messages().print(f"limen serves {config.data_dir}; Ctrl-C ends it")
            service.run()
    messages().print("limen has stopped; the next start goes on from here")


@contextmanager
def stopping(stop: Callable[[], None]) -> Iterator[None]:
    """Call `stop` at the first SIGINT or SIGTERM; a second SIGINT ends the process the usual way."""

    def handle(number: int, _frame: FrameType | None) -> None:
        messages().print("stopping after the step at hand; once more to stop at once")
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
        stop()

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _print_summary(summary: PassSummary, form: Format) -> None:
    from dataclasses import asdict

    if form is Format.JSON:
        write_json(asdict(summary))
        return
    write_table(
        ("source", "outcome", "fetched", "unchanged", "versions", "requirements", "changes", "issues"),
        [
            (
                name,
                tally.outcome,
                *map(
                    str,
                    (tally.fetched, tally.unchanged, tally.versions, tally.requirements, tally.changes, tally.issues),
                ),
            )
            for name, tally in sorted(summary.sources.items())
        ],
        empty="nothing was due; name sources to crawl them anyway",
    )
    for turn in summary.turns:
        typer.echo(turn)
    typer.echo(f"messages: {summary.sent} sent, {summary.postponed} put off, {summary.given_up} given up")
    if any(tally.issues for tally in summary.sources.values()):
        typer.echo("see what went wrong: limen issue list")
