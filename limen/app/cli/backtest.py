"""`limen backtest`: what a subscription would have sent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from limen.app.cli.context import invocation
from limen.app.cli.options import FormatOption
from limen.app.cli.terminal import Format, write_json, write_table

if TYPE_CHECKING:
    from limen.app.stages.backtest import Message

DAY = "%Y-%m-%d"


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(backtest)


def backtest(
    context: typer.Context,
    rule: Annotated[
        str | None, typer.Argument(help="The name of a subscription; with --file all of it if not named.")
    ] = None,
    *,
    since: Annotated[datetime, typer.Option(formats=[DAY], help="From what was found on this day on (UTC).")],
    until: Annotated[datetime | None, typer.Option(formats=[DAY], help="To this day, which counts too (UTC).")] = None,
    file: Annotated[Path | None, typer.Option(help="TOML with [[subscriptions]] to try out.")] = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Tell what a subscription would have sent, and of what it would have kept silent. Nothing is sent."""
    from limen.app.bootstrap import build_subscriptions, open_application
    from limen.app.config import load_rules
    from limen.app.stages.backtest import backtest as play
    from limen.app.stages.backtest import find_rules

    if rule is None and file is None:
        raise typer.BadParameter("name a subscription, or give a --file")
    if until is not None and until < since:
        raise typer.BadParameter(f"--until {until:{DAY}} is before --since {since:{DAY}}")
    config = invocation(context).config
    rules = find_rules(build_subscriptions(config if file is None else load_rules(file)), rule)
    with open_application(config, looks_only=True) as application:
        messages = play(
            application,
            rules,
            since=since.replace(tzinfo=UTC),
            until=until and _day_after(until),
        )
    if form is Format.JSON:
        write_json([_record(each) for each in messages])
        return
    write_table(
        ("found", "rule", "told of", "recipients", "would", "headline"),
        [_row(each) for each in messages],
        empty="nothing of what was found since then is selected",
    )


def _day_after(day: datetime) -> datetime:
    """Return the beginning of the next day (UTC); of the last one there is, its end."""
    end = datetime.max.replace(tzinfo=UTC)
    return min(day.replace(tzinfo=UTC), end - timedelta(days=1)) + timedelta(days=1)


def _row(message: Message) -> tuple[str, ...]:
    data = message.event["data"]
    return (
        message.event["timestamp"],
        data["subscription"],
        str(len(_sentences(message))),
        ", ".join(recipient for _, recipient in message.recipients),
        "go" if message.silence is None else f"not go: {message.silence.value.replace('_', ' ')}",
        data["headline"],
    )


def _record(message: Message) -> dict[str, Any]:
    data = message.event["data"]
    return {
        "found_at": message.event["timestamp"],
        "subscription": data["subscription"],
        "type": message.event["type"],
        "headline": data["headline"],
        "url": data["new"]["url"],
        "told": _sentences(message),
        "recipients": [{"channel": channel.value, "to": recipient} for channel, recipient in message.recipients],
        "silence": message.silence and message.silence.value,
    }


def _sentences(message: Message) -> list[str]:
    """Return what a message tells of, a sentence for each change or event."""
    if message.event["type"] == "document.event":
        return [happened["sentence"] for happened in message.event["data"]["events"]]
    return [change["sentence"] for change in message.event["data"]["changes"]]
