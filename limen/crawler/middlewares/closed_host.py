"""Hosts that are left alone for the rest of a run."""

from __future__ import annotations

from scrapy.exceptions import IgnoreRequest


class HostClosed(IgnoreRequest):
    """Nothing more is asked of a host in this run. `url` stands for the host, so that it makes one issue, not one a page."""

    def __init__(self, message: str, *, url: str) -> None:
        super().__init__(message)
        self.url = url


class CrawlStopped(IgnoreRequest):
    """The crawl was asked to end while a request waited for its host. The next run makes up for it."""
