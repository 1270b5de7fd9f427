"""What a server asks for by Retry-After."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from scrapy.http import Response

from limen.crawler.middlewares.retry import retry_after

NOW = datetime(2026, 9, 14, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"120", 120.0),
        (b"Mon, 14 Sep 2026 12:01:00 GMT", 60.0),
        (b"Mon, 14 Sep 2026 11:00:00 GMT", 0.0),
        (b"9" * 400, 30 * 86_400.0),
        (b"Fri, 31 Dec 9999 23:59:59 GMT", 30 * 86_400.0),
        (b"soon", None),
        (b"", None),
        (b"-5", None),
        (b"\xb2", None),
        (b"Mon, 99 Sep 2026 12:01:00 GMT", None),
    ],
)
def test_seconds_and_dates(value: bytes, expected: float | None) -> None:
    assert retry_after(Response("http://site.example/", headers={"Retry-After": value}), now=NOW) == expected
