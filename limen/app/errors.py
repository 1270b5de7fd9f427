"""What can go wrong between the parts: configuration, another process at work, a crawl process that died."""

from __future__ import annotations

from pathlib import Path

from limen.domain.errors import LimenError


class ConfigError(LimenError):
    """The configuration cannot be used. The message names the file, the key and what is allowed there."""


class Busy(LimenError):
    """Another Limen process works on the same data directory. Wait for it, or stop it."""

    def __init__(self, lock: Path, holder: str) -> None:
        super().__init__(
            f"{lock.parent} is in use by another limen process ({holder}): wait for it to finish, or stop it"
        )
        self.holder = holder


class CrawlFailed(LimenError):
    """The crawl process could not do its batch. What it had stored is kept; the next run takes up the rest."""


class UnknownSource(LimenError):
    """A source id is not in the catalogue. The message lists the nearest ids."""


class UnknownRule(LimenError):
    """A subscription is not among those that are configured or given. The message lists their names."""


class InputError(LimenError):
    """A file or passage given on the command line cannot be used. The message names it and says why."""
