"""Documents from list pages."""

from __future__ import annotations

from collections.abc import AsyncIterator

from scrapy import Request
from scrapy.http import Response

from limen.crawler.pages.listing import next_page, read_listing
from limen.crawler.source_spec import SourceKind
from limen.crawler.spiders.base import DocumentSpider
from limen.crawler.spiders.page_text import page_text


class ListingSpider(DocumentSpider):
    """Follows the rows of a list and its further pages."""

    name = "listing"
    kind = SourceKind.LISTING

    async def discover(self, response: Response) -> AsyncIterator[Request]:
        """Take the rows' documents, and yield the request for the next page, unless this one told nothing new.

        Raises:
            PageError: there are no rows.
        """
        rules = self.spec.listing
        assert rules is not None
        html = page_text(response, self.spec)
        number = response.meta.get("limen_page", 1)
        entry = response.meta.get("limen_entry", response.url)
        taken = self.take(
            read_listing(html, url=response.url, rules=rules, zone=self.spec.timezone, deadline=self.spec.deadline)
        )
        following = next_page(html, url=response.url, entry_url=entry, rules=rules, number=number)
        if following is not None and (taken or number == 1) and self.may_take_more:
            yield self.list_request(following, callback=self.discover, limen_page=number + 1, limen_entry=entry)
