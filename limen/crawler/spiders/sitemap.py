"""Documents from sitemaps, sitemap indexes and news sitemaps."""

from __future__ import annotations

from collections.abc import AsyncIterator

from scrapy import Request
from scrapy.http import Response

from limen.crawler.pages.sitemap import read_sitemap
from limen.crawler.source_spec import SourceKind
from limen.crawler.spiders.base import DocumentSpider


class SitemapSpider(DocumentSpider):
    """Follows the newest addresses of a sitemap, and the sitemaps of an index."""

    name = "sitemap"
    kind = SourceKind.SITEMAP

    async def discover(self, response: Response) -> AsyncIterator[Request]:
        """Take the documents, and yield requests for further sitemaps. Raises `PageError` if the answer is no sitemap."""
        rules = self.spec.sitemap
        found = read_sitemap(response.body, url=response.url, zone=self.spec.timezone, rules=rules)
        self.take(found.entries)
        depth = response.meta.get("limen_depth", 0)
        if found.sitemaps and depth >= self.spec.limits.max_depth:
            self.budget.leave("max_depth", len(found.sitemaps))
        elif found.sitemaps and self.may_take_more:
            for address in found.sitemaps[: rules.max_sitemaps]:
                yield self.list_request(address, callback=self.discover, limen_depth=depth + 1)
