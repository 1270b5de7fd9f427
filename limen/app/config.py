"""The configuration: one TOML file, read once, checked whole, passed down as one frozen object.

`limen.example.toml` shows every key with its default. A secret may be given as `env:NAME`, which reads that variable.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, model_validator

from limen.app.errors import ConfigError
from limen.crawler.strict_table import StrictTable, read_table
from limen.domain.address_policy import AddressPolicy
from limen.domain.change import ChangeKind, Direction
from limen.domain.document_event import EventKind

CONFIG_VARIABLE = "LIMEN_CONFIG"
DEFAULT_CONFIG = Path("limen.toml")
ALL_EVENTS = "all"


def _from_environment(secret: SecretStr) -> SecretStr:
    value = secret.get_secret_value()
    if not value.startswith("env:"):
        return secret
    name = value.removeprefix("env:")
    if name not in os.environ:
        raise ValueError(f"the environment variable {name} is not set")
    return SecretStr(os.environ[name])


Secret = Annotated[SecretStr, AfterValidator(_from_environment)]
EmailAddress = Annotated[str, Field(pattern=r"^[^@\s,<>]+@[^@\s,<>]+$")]


class CrawlConfig(StrictTable):
    """`[crawl]`: how Limen presents itself and where more sources lie."""

    contact: str = ""
    """URL or e-mail address at which a webmaster reaches you; sent with every request."""
    sources: tuple[Path, ...] = ()
    """Directories with source TOMLs of your own, beside the shipped catalogue."""
    builtin_sources: bool = True
    settings: Mapping[str, Any] = Field(default_factory=dict)
    """Scrapy settings to override, e.g. `DOWNLOAD_TIMEOUT = 60`."""


def _allowance(entry: str) -> str:
    AddressPolicy([entry])
    return entry


class NetworkConfig(StrictTable):
    """`[network]`: what may be called beside the public internet."""

    allow: tuple[Annotated[str, AfterValidator(_allowance)], ...] = ()
    """Host names, addresses, networks (`10.0.0.0/8`), and names or addresses with a port."""

    @property
    def policy(self) -> AddressPolicy:
        """The policy for every call but to the mail server."""
        return AddressPolicy(self.allow)


class ReadConfig(StrictTable):
    """`[read]`: the work of turning bytes into requirements."""

    workers: Annotated[int, Field(ge=0, le=64)] = 2
    """Worker processes; 0 reads in the main process."""
    timeout: Annotated[float, Field(gt=0)] = 120.0
    """Seconds that one document may take."""
    attachment_patience_hours: Annotated[float, Field(ge=0)] = 24.0
    """How long a page waits for an attachment that cannot be fetched, before it is read without it."""


class ExtractionConfig(StrictTable):
    """`[extraction]`: how sure a reading must be before anybody is told of it."""

    review_below: Annotated[float, Field(ge=0, le=1)] = 0.0
    """Requirements whose confidence is under this await a person (`limen review`) and alert nobody; 0 is off."""


class SmtpConfig(StrictTable):
    """`[smtp]`: the server that takes the mail."""

    host: str
    port: Annotated[int, Field(gt=0, lt=65536)] = 587
    security: Literal["none", "starttls", "tls"] = "starttls"
    username: str | None = None
    password: Secret | None = None
    sender: EmailAddress
    helo: str | None = None
    """The name that Limen greets the server with; None for this machine's full name, which takes a look-up."""
    timeout: Annotated[float, Field(gt=0)] = 30.0


class WebhookConfig(StrictTable):
    """`[[webhooks]]`: an endpoint that takes signed events (Standard Webhooks)."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
    url: Annotated[str, Field(pattern=r"^https?://")]
    secret: Secret
    timeout: Annotated[float, Field(gt=0)] = 20.0


def _each_event(wanted: object) -> object:
    """Return the events that a list names; `all` stands for every one."""
    if not isinstance(wanted, list):
        return wanted
    known = [kind.value for kind in EventKind]
    if strange := next((each for each in wanted if each not in (ALL_EVENTS, *known)), None):
        raise ValueError(f"{strange!r} is no event; there are {', '.join((ALL_EVENTS, *known))}")
    return known if ALL_EVENTS in wanted else wanted


class SubscriptionConfig(StrictTable):
    """`[[subscriptions]]`: who hears of which changes and events. An empty filter lets everything pass, but for `events`."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_. -]*$")]
    jurisdictions: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    directions: tuple[Direction, ...] = ()
    kinds: tuple[ChangeKind, ...] = ()
    languages: tuple[str, ...] = ()
    changes: bool = True
    """False for those who want to hear of events only."""
    events: Annotated[tuple[EventKind, ...], BeforeValidator(_each_event)] = ()
    """What documents do as a whole, or `["all"]`."""
    emails: tuple[EmailAddress, ...] = ()
    webhooks: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _has_recipient(self) -> Self:
        if not self.emails and not self.webhooks:
            raise ValueError("needs at least one of emails and webhooks")
        if not self.changes and not self.events:
            raise ValueError('asks for nothing: with changes = false it needs events, e.g. ["all"]')
        return self


class RulesFile(StrictTable):
    """A file with `[[subscriptions]]` only, to try them out before they are configured."""

    subscriptions: tuple[SubscriptionConfig, ...] = ()


class AlertConfig(StrictTable):
    """`[alerts]`: when a change is worth a message, and how often one is tried."""

    max_age_days: Annotated[float, Field(gt=0)] = 30.0
    """Changes in documents published longer ago are kept but send nothing: the first crawl of an archive is no news."""
    max_attempts: Annotated[int, Field(ge=1)] = 12
    first_retry_seconds: Annotated[float, Field(gt=0)] = 30.0
    longest_retry_hours: Annotated[float, Field(gt=0)] = 12.0


class HealthConfig(StrictTable):
    """`[health]`: who hears when a source turns (degraded, failing, dead, healthy again), and how soon it does."""

    emails: tuple[EmailAddress, ...] = ()
    webhooks: tuple[str, ...] = ()
    failing_after: Annotated[int, Field(ge=1, le=100)] = 3
    """Runs in a row of which nothing came."""
    blind_after: Annotated[int, Field(ge=1, le=100)] = 2
    """Runs in a row in which not even a list could be read."""
    dead_after_days: Annotated[float, Field(gt=0)] = 14.0


class Config(StrictTable):
    """The whole configuration, with absolute paths."""

    data_dir: Path = Path("limen-data")
    database: str | None = None
    """SQLAlchemy URL; None for `limen.db` in the data directory."""
    crawl: CrawlConfig = CrawlConfig()
    network: NetworkConfig = NetworkConfig()
    read: ReadConfig = ReadConfig()
    extraction: ExtractionConfig = ExtractionConfig()
    alerts: AlertConfig = AlertConfig()
    health: HealthConfig = HealthConfig()
    smtp: SmtpConfig | None = None
    webhooks: tuple[WebhookConfig, ...] = ()
    subscriptions: tuple[SubscriptionConfig, ...] = ()

    @model_validator(mode="after")
    def _targets_exist(self) -> Self:
        known = {webhook.name for webhook in self.webhooks}
        for name, group in (("webhooks", self.webhooks), ("subscriptions", self.subscriptions)):
            names = [entry.name for entry in group]
            if double := next((entry for entry in names if names.count(entry) > 1), None):
                raise ValueError(f"{name}: the name {double!r} is given twice")
        told = [(f"subscription {each.name!r}", each.emails, each.webhooks) for each in self.subscriptions]
        for place, emails, webhooks in (*told, ("[health]", self.health.emails, self.health.webhooks)):
            if missing := [name for name in webhooks if name not in known]:
                raise ValueError(f"{place} names a webhook {missing[0]!r} that is not defined")
            if emails and self.smtp is None:
                raise ValueError(f"{place} has emails, but there is no [smtp] section")
        return self

    @property
    def database_url(self) -> str:
        """The SQLAlchemy URL of the database."""
        return self.database or f"sqlite:///{self.data_dir / 'limen.db'}"


def load_config(path: Path | None = None) -> Config:
    """Read and check the configuration.

    `path` None means `$LIMEN_CONFIG`, else `limen.toml` in the working directory if it exists, else all defaults.
    Relative paths in the file start at the file's directory.

    Raises:
        ConfigError: the file is missing, is no TOML, or has a wrong key or value.
    """
    if path is None and (named := os.environ.get(CONFIG_VARIABLE)):
        path = Path(named)
    if path is None:
        if not DEFAULT_CONFIG.exists():
            return _absolute(Config(), Path.cwd())
        path = DEFAULT_CONFIG
    config = read_table(path, Config, complaint=ConfigError, remedy="name another file with --config")
    return _absolute(config, path.resolve().parent)


def load_rules(path: Path) -> RulesFile:
    """Read and check a file of subscriptions to try out. Raises `ConfigError`."""
    return read_table(path, RulesFile, complaint=ConfigError, remedy="name another file with --file")


def _absolute(config: Config, directory: Path) -> Config:
    crawl = config.crawl.model_copy(update={"sources": tuple(directory / source for source in config.crawl.sources)})
    return config.model_copy(update={"data_dir": (directory / config.data_dir).resolve(), "crawl": crawl})
