"""Documents from a service that answers with JSON."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from typing import Any

from scrapy import Request
from scrapy.http import Response

from limen.crawler.pages.json_api import JsonList, Turn, ask, next_turn, read_json_api
from limen.crawler.source_rules import JsonApi
from limen.crawler.source_spec import SourceKind
from limen.crawler.spiders.base import DocumentSpider


class JsonApiSpider(DocumentSpider):
    """Follows the items of a list in JSON and its further pages."""

    name = "json_api"
    kind = SourceKind.JSON_API

    @property
    def rules(self) -> JsonApi:
        """The source's `[json_api]`."""
        assert self.spec.json_api is not None
        return self.spec.json_api

    def first_requests(self) -> Iterable[Request]:
        """Yield the requests for the first pages, asked for in the service's way."""
        for entry in self.spec.entry:
            yield self._page(self.with_query(entry), Turn(), seen=frozenset())

    async def discover(self, response: Response) -> AsyncIterator[Request]:
        """Take the items and yield the request for the next page. Raises `PageError` if the answer is another."""
        meta = response.meta
        entry, turn, seen = meta["limen_entry"], meta["limen_turn"], meta["limen_seen"]
        found = read_json_api(
            response.body,
            url=response.url,
            base=entry,
            rules=self.rules,
            zone=self.spec.timezone,
            deadline=self.spec.deadline,
            encoding=self.spec.encoding,
        )
        self.take(found.entries)
        listed = {entry.url for entry in found.entries}
        # A service that knows no pages gives the first one again, for ever.
        if not listed <= seen:
            for request in self._following(found, entry, turn, seen=seen | listed):
                yield request

    def _following(self, found: JsonList, entry: str, turn: Turn, *, seen: frozenset[str]) -> Iterable[Request]:
        if self.rules.next is not None:
            if found.next_url is not None and turn.number < self.rules.max_pages and self.may_take_more:
                turn = Turn(number=turn.number + 1, offset=turn.offset + found.count)
                yield self._asked(found.next_url, None, entry=entry, turn=turn, seen=seen)
        elif (following := next_turn(turn, rules=self.rules, count=found.count)) is not None and self.may_take_more:
            yield self._page(entry, following, seen=seen)

    def _page(self, entry: str, turn: Turn, *, seen: frozenset[str]) -> Request:
        url, body = ask(entry, rules=self.rules, turn=turn)
        return self._asked(url, body, entry=entry, turn=turn, seen=seen)

    def _asked(self, url: str, body: str | None, *, entry: str, turn: Turn, seen: frozenset[str]) -> Request:
        headers: dict[str, Any] = {"Accept": "application/json"} if self.rules.script is None else {}
        if body is not None:
            headers["Content-Type"] = "application/json"
        return self.list_request(
            url,
            callback=self.discover,
            headers=headers | self.rules.headers | self.api_headers(),
            method="GET" if self.rules.next is not None and turn.number > 1 else self.rules.method,
            body=body,
            limen_entry=entry,
            limen_turn=turn,
            limen_seen=seen,
        )
