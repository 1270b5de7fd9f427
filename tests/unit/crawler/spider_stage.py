"""A spider without Scrapy around it: what it takes and asks for, answer by answer."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from scrapy import Request
from scrapy.http import TextResponse

from limen.crawler.pages.entry import Entry
from limen.crawler.source_spec import SourceSpec

NOW = datetime(2026, 3, 5, 15, 30, tzinfo=UTC)


class Notebook:
    """Stands for the recorder: revisions by identity as they were seen at a time, and counts."""

    def __init__(self, revisions: Mapping[str, str]) -> None:
        self._revisions = revisions
        self.seen_at = NOW - timedelta(hours=6)
        self.counts: Counter[str] = Counter()

    def clock(self) -> datetime:
        return NOW

    def emit(self, event: str, **facts: object) -> None:
        self.counts[event] += 1

    async def known(self, identities: Sequence[str]) -> dict[str, Any]:
        found = (each for each in identities if each in self._revisions)
        return {each: SimpleNamespace(revision=self._revisions[each], confirmed_at=self.seen_at) for each in found}


class Stage:
    """One spider on it. `taken` is what it took, in order."""

    def __init__(self, spider_class: type[Any], table: dict[str, Any], *, revisions: Mapping[str, str] | None = None):
        taken: list[Entry] = []

        class Staged(spider_class):  # type: ignore[misc]
            may_take_more = True

            def take(self, entries: Iterable[Entry]) -> int:
                listed = list(entries)
                taken.extend(listed)
                return len(listed)

            def list_request(self, url: str, *, callback: Any, headers: Any = None, **meta: Any) -> Request:
                return Request(url, callback=callback, headers=headers, meta=meta, dont_filter=True)

            def api_headers(self) -> dict[str, str]:
                return {"X-Api-Key": "a key"}

        self.taken = taken
        self.spider: Any = Staged()
        self.spider.spec = spec(table)
        self.spider.recorder = Notebook(revisions or {})

    def first(self) -> list[Request]:
        return list(self.spider.first_requests())

    def answer(
        self, request: Request, body: object, *, status: int = 200, into: list[Request] | None = None
    ) -> list[Request]:
        """Answer a request, and return what is asked for next; `into` has it also where the callback raises."""
        asked = [] if into is None else into
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        response = TextResponse(request.url, body=data, status=status, request=request)

        async def collect() -> list[Request]:
            callback = request.callback
            assert callback is not None
            found = callback(response)
            if isinstance(found, AsyncIterator):
                async for each in found:
                    asked.append(each)
            else:
                asked.extend(found)
            return asked

        return asyncio.run(collect())


def spec(table: dict[str, Any]) -> SourceSpec:
    return SourceSpec.model_validate(
        {
            "id": "test",
            "name": "Test",
            "publisher": "Test",
            "jurisdiction": "US",
            "language": "en",
            "document_class": "notice",
            "homepage": "https://site.example/",
            "timezone": "America/New_York",
            "schedule": {"every": "1h"},
            **table,
        }
    )
