"""`limen demo`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from limen.app.cli.progress import ProgressReporter
from limen.app.cli.terminal import console, messages

if TYPE_CHECKING:
    from limen.app.demo.story import Day
    from limen.store.queries import ChangeEntry

STORY = {
    1: "The draft appears.",
    2: "The draft is revised; every site has a new template as well.",
    3: "The final text comes out, at another address and as a PDF.",
}

_STYLES = {"tightened": "bold red", "loosened": "bold green", "neutral": "bold"}


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(demo)


def demo(
    directory: Annotated[
        Path, typer.Option("--directory", help="Where its database is left for you; emptied at each run.")
    ] = Path("demo-data"),
) -> None:
    """Play three days on a local site: a draft appears, is revised, becomes final; mails and webhooks arrive."""
    from limen.app.demo.story import play

    began = time.monotonic()
    out = console()
    messages().print(
        "Limen watches four small sites on this machine; the texts are the demo's own, no official ones.\n"
    )
    with ProgressReporter() as reporter:
        for day in play(directory, reporter=reporter):
            _print_day(out, day)
    _print_outlook(out, directory, seconds=time.monotonic() - began)


def _print_day(out: Console, day: Day) -> None:
    out.print(Text(f"Day {day.number}, {day.moment:%d %B %Y}. {STORY[day.number]}", style="bold underline"))
    found = sum(entry.requirements or 0 for entry in day.documents)
    out.print(f"  {len(day.documents)} new texts with {found} requirements:")
    for entry in day.documents:
        out.print(
            Text(f"    {entry.requirements or 0:>3}  {entry.title}  ({entry.stage.value}, version {entry.number})")
        )
    out.print(f"  {len(day.changes)} changes:" if day.changes else "  no change")
    for change in day.changes:
        _print_change(out, change)
    for mail in day.mails:
        out.print(
            Text.assemble("  mail to ", ", ".join(mail.recipients), ": ", (str(mail.message["subject"]), "italic"))
        )
    for event in day.events:
        data = event.event["data"]
        out.print(
            Text(f"  webhook {event.id[:16]}…, signature verified, {len(data['changes'])} changes: {data['headline']}")
        )
    out.print()


def _print_change(out: Console, entry: ChangeEntry) -> None:
    change = entry.change
    shown = change.subject_requirement
    old = str(change.old.threshold) if change.old else "nothing"
    new = str(change.new.threshold) if change.new else "nothing"
    line = Text.assemble(
        f"    {shown.metric}",
        f", {shown.subject}" if shown.subject else "",
        ": ",
        (f"{old} -> {new}", "bold"),
        "  ",
        (change.direction.value, _STYLES[change.direction.value]),
    )
    out.print(line)
    for name, side, requirement in (("was", entry.old, change.old), ("is", entry.new, change.new)):
        if requirement is not None:
            evidence = requirement.evidence
            text = f"{name} “{evidence.quote}” at [{evidence.start}, {evidence.end}) of {side.url} ({side.stage.value})"
            out.print(Padding(Text(text, style="dim"), (0, 0, 0, 8), expand=False))


def _print_outlook(out: Console, directory: Path, *, seconds: float) -> None:
    command = f"limen --config {directory / 'limen.toml'}"
    out.print(Text(f"Done in {seconds:.0f} s. The database is in {directory}; look around in it:", style="bold"))
    for arguments in (
        "search 'metric:\"energy density\" >=200 Wh/kg jurisdiction:CN'",
        "search 'metric:能量密度 >=0.2 kWh/kg' --as-of 2024-05-10",
        "search '电池 循环寿命'",
        "change list",
        "event list",
        "delivery list",
        "issue list",
    ):
        out.print(Text(f"  .venv/bin/{command} {arguments}"), soft_wrap=True)
