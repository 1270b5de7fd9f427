"""Why a request was not sent."""

from __future__ import annotations

from scrapy.exceptions import IgnoreRequest


class HostClosed(IgnoreRequest):
    """Nothing more is asked of a host in this run. `url` stands for the host, so that it makes one issue, not one a page."""

    def __init__(self, message: str, *, url: str) -> None:
        super().__init__(message)
        self.url = url


class HostResting(HostClosed):
    """The host asked for more peace than a run can give it. It is left alone until its time has passed."""


class CrawlStopped(IgnoreRequest):
    """The crawl was asked to end while a request waited for its host. The next run makes up for it."""


class RobotsDenied(IgnoreRequest):
    """The site's robots.txt forbids this page to Limen. It is left out; ask the site, or remove it from the source."""


class RobotsUnavailable(HostClosed):
    """The site's robots.txt could not be had (5xx, 429, time-out, no connection), so nothing of the site may be fetched now."""
