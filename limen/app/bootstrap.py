"""The only place that builds adapters. Everything else is given what it needs, so that tests can give it something else."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from limen.alerts.channel import Channel
from limen.alerts.email import EmailChannel
from limen.alerts.retry import RetryPolicy
from limen.alerts.settings import SmtpSecurity, SmtpServer, WebhookEndpoint
from limen.alerts.subscriptions import Subscription
from limen.alerts.webhook import WebhookChannel
from limen.app.clock import Clock, system_clock
from limen.app.config import Config, RulesFile
from limen.app.errors import ConfigError
from limen.app.workers import Workers
from limen.crawler.catalogue import Catalogue, load_catalogue
from limen.domain.delivery import ChannelKind
from limen.store.blobs import BlobStore
from limen.store.errors import SchemaTooOld
from limen.store.repositories import sources
from limen.store.search.conditions import MetricIds
from limen.store.session import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """Everything a pass works with. `stop` is set to end the pass after the step it is in."""

    config: Config
    store: Store
    blobs: BlobStore
    catalogue: Catalogue
    subscriptions: tuple[Subscription, ...]
    channels: Mapping[ChannelKind, Channel]
    retry: RetryPolicy
    workers: Workers
    clock: Clock = system_clock
    wire_clock: Clock = system_clock
    """The time of retries and signatures, which receivers check against their own; `clock` may play another day."""
    clock_offset_seconds: float = 0.0
    stop: threading.Event = field(default_factory=threading.Event)


@contextmanager
def open_application(
    config: Config, *, clock: Clock = system_clock, clock_offset_seconds: float = 0.0, looks_only: bool = False
) -> Iterator[Application]:
    """Yield the application over a configuration: directories made, database upgraded, catalogue loaded.

    `clock_offset_seconds` is passed on to the crawl process, whose clock cannot be handed over. `looks_only` leaves out what
    a pass needs and a look does not: the catalogue is not written to the database, and nothing is tidied up.

    Raises:
        ConfigError: the data directory cannot be made, or an entry for the alerts cannot work.
        CatalogueError: a source TOML is wrong.
        StoreError: the database cannot be opened.
    """
    catalogue = load_catalogue(config.crawl.sources, builtin=config.crawl.builtin_sources)
    with (
        open_channels(config) as channels,
        open_store(config) as store,
        Workers(count=config.read.workers, timeout=config.read.timeout) as workers,
    ):
        blobs = BlobStore(blob_directory(config))
        if not looks_only:
            blobs.sweep()
            with store.transaction() as session:
                for spec in catalogue.values():
                    sources.save(session, spec.to_source())
        yield Application(
            config=config,
            store=store,
            blobs=blobs,
            catalogue=catalogue,
            subscriptions=build_subscriptions(config),
            channels=channels,
            retry=build_retry(config),
            workers=workers,
            clock=clock,
            clock_offset_seconds=clock_offset_seconds,
        )


@contextmanager
def open_store(config: Config) -> Iterator[Store]:
    """Yield the upgraded database of a configuration. Raises `ConfigError` and `StoreError`."""
    try:
        blob_directory(config).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"data_dir {config.data_dir}: cannot be made ({error.strerror}); name another one") from error
    with Store.open(config.database_url) as store:
        try:
            store.check_schema()
        except SchemaTooOld:
            # Only then is the write lock asked for: whoever only looks does not wait for whoever writes.
            store.upgrade()
        yield store


def blob_directory(config: Config) -> Path:
    """Return where the fetched bytes are kept."""
    return config.data_dir / "blobs"


@contextmanager
def open_channels(config: Config) -> Iterator[Mapping[ChannelKind, Channel]]:
    """Yield the channels that the configuration has settings for. Raises `InvalidAlertSetting`."""
    channels: dict[ChannelKind, Channel] = {}
    if config.smtp is not None:
        smtp = config.smtp
        server = SmtpServer(
            host=smtp.host,
            port=smtp.port,
            security=SmtpSecurity(smtp.security),
            username=smtp.username,
            password=None if smtp.password is None else smtp.password.get_secret_value(),
            sender=smtp.sender,
            timeout_seconds=smtp.timeout,
            helo=smtp.helo,
        )
        channels[ChannelKind.EMAIL] = EmailChannel(server)
    if config.webhooks:
        endpoints = [
            WebhookEndpoint(
                name=each.name, url=each.url, secret=each.secret.get_secret_value(), timeout_seconds=each.timeout
            )
            for each in config.webhooks
        ]
        webhooks = WebhookChannel(endpoints, policy=config.network.policy)
        channels[ChannelKind.WEBHOOK] = webhooks
        try:
            yield channels
        finally:
            webhooks.close()
        return
    yield channels


def build_retry(config: Config) -> RetryPolicy:
    """Return when unsent messages are tried again."""
    return RetryPolicy(
        jitter=random.random,
        first=timedelta(seconds=config.alerts.first_retry_seconds),
        longest=timedelta(hours=config.alerts.longest_retry_hours),
        max_attempts=config.alerts.max_attempts,
    )


def build_subscriptions(config: Config | RulesFile) -> tuple[Subscription, ...]:
    """Return who hears of what. Raises `InvalidAlertSetting`."""
    return tuple(Subscription(**entry.model_dump()) for entry in config.subscriptions)


def metric_ids() -> MetricIds:
    """Return the search's way to find a metric by its name in any language that has a pipeline."""
    from limen.nlp.language_data import supported_languages
    from limen.nlp.lexicon.metrics import metric_lexicon

    def find(text: str) -> frozenset[str]:
        found = (metric_lexicon().find(text, language) for language in supported_languages())
        return frozenset(filter(None, found))

    return find
