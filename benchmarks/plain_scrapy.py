"""The yardstick of the crawl: Scrapy as it comes, downloading the same pages and keeping none.

Run as a process of its own: `python -m benchmarks.plain_scrapy ADDRESS COUNT CONCURRENCY`; prints the seconds between the
opening and the closing of the spider.
"""

from __future__ import annotations

import sys
import time
from collections.abc import AsyncIterator
from typing import Any

import scrapy
from scrapy.crawler import AsyncCrawlerProcess


class PlainSpider(scrapy.Spider):
    """Asks for every page and does nothing with it."""

    name = "plain"

    async def start(self) -> AsyncIterator[Any]:
        """Yield a request for each page."""
        self.began = time.monotonic()
        self.pages = 0
        for number in range(int(sys.argv[2])):
            yield scrapy.Request(f"{sys.argv[1]}/page/{number}")

    def parse(self, response: scrapy.http.Response) -> None:
        """Count a page."""
        self.pages += response.status == 200

    def closed(self, reason: str) -> None:
        """Print the seconds."""
        assert reason == "finished"
        assert self.pages == int(sys.argv[2])
        print(time.monotonic() - self.began)


if __name__ == "__main__":
    concurrency = int(sys.argv[3])
    process = AsyncCrawlerProcess(
        {
            "CONCURRENT_REQUESTS": concurrency,
            "CONCURRENT_REQUESTS_PER_DOMAIN": concurrency,
            "LOG_LEVEL": "WARNING",
            "TELNETCONSOLE_ENABLED": False,
            "REMOTE_CONTROL_ENABLED": False,
            "DOWNLOAD_DELAY": 0,
        }
    )
    process.crawl(PlainSpider)
    process.start()
