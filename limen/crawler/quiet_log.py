"""Scrapy's log without a line for every page: the crawl tells its events, and what went wrong is an issue."""

from __future__ import annotations

from typing import Any

from scrapy import Request
from scrapy.http import Response
from scrapy.logformatter import LogFormatter


class QuietLogFormatter(LogFormatter):
    """Says nothing of pages that came."""

    def crawled(self, request: Request, response: Response, spider: Any) -> None:  # type: ignore[override]
        """Return nothing to log."""
