"""What can go wrong with sources before and while they are crawled."""

from __future__ import annotations

from limen.domain.errors import LimenError


class CrawlerError(LimenError):
    """A source cannot be used. The message names the file or URL and says what to do."""


class CatalogueError(CrawlerError):
    """A source TOML is wrong. The message lists each fault with file and key."""


class NothingFound(CrawlerError):
    """A site was searched for a feed or sitemap and has none that can be read."""


class PageError(CrawlerError):
    """An answer is not what its source says it is (a feed that became HTML, a list without rows, JSON of another layout)."""
