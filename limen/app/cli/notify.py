"""`limen notify`: try the channels."""

from __future__ import annotations

from uuid import uuid4

import typer

from limen.app.cli.context import invocation
from limen.app.errors import ConfigError
from limen.domain.delivery import ChannelKind

app = typer.Typer(no_args_is_help=True, help="Try the alert channels.")


@app.callback()
def group() -> None:
    """Try the alert channels."""


@app.command("test")
def test(context: typer.Context) -> None:
    """Send a sample alert to every recipient of every subscription and of [health], marked as a test."""
    from limen.alerts.errors import DeliveryFailed
    from limen.alerts.sample import sample_delivery
    from limen.app.bootstrap import build_subscriptions, open_channels
    from limen.app.clock import system_clock

    config = invocation(context).config
    subscriptions = build_subscriptions(config)
    if not subscriptions and not config.health.emails and not config.health.webhooks:
        raise ConfigError(
            "there is no [[subscriptions]] section, so nobody would hear of a change; limen.example.toml has one"
        )
    told = [(each.emails, each.webhooks) for each in subscriptions]
    told.append((config.health.emails, config.health.webhooks))
    recipients = [(ChannelKind.EMAIL, address) for emails, _ in told for address in emails]
    recipients += [(ChannelKind.WEBHOOK, name) for _, webhooks in told for name in webhooks]
    failed = False
    with open_channels(config) as channels:
        for channel, recipient in dict.fromkeys(recipients):
            now = system_clock()
            delivery = sample_delivery(channel=channel, recipient=recipient, now=now, new_id=lambda: uuid4().hex)
            try:
                channels[channel].send(delivery, now=now)
            except DeliveryFailed as error:
                failed = True
                typer.echo(f"{channel.value} {recipient}: {error}", err=True)
            else:
                typer.echo(f"{channel.value} {recipient}: accepted")
    if failed:
        raise typer.Exit(1)
