"""Until when comments are open, where only the document's page says so."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from limen.crawler.pages.page_deadline import page_deadline
from limen.crawler.source_rules import DeadlineRule

PUBLISHED = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)


def found(html: str, rule: DeadlineRule, *, published: datetime | None = PUBLISHED) -> str | None:
    deadline = page_deadline(html, rule=rule, zone="Asia/Shanghai", published=published)
    return deadline and deadline.isoformat()


RANGE = DeadlineRule(rule="range_end", where="page", select="p.time")
DAYS = DeadlineRule(rule="relative_days", where="page", pattern=r"within (\d+) days")


def test_at_its_place() -> None:
    html = "<p>2020年1月1日至2020年1月2日</p><p class='time'>公示时间：2026年9月1日<b>至</b>\n2026年9月30日</p>"
    assert found(html, RANGE) == "2026-09-30T23:59:59+08:00"


def test_the_first_place_that_states_one() -> None:
    html = "<p class='time'>时间</p><p class='time'>2026年9月1日至2026年9月20日</p><p class='time'>2026年9月1日至9月30日</p>"
    assert found(html, RANGE) == "2026-09-20T23:59:59+08:00"


def test_anywhere_but_in_scripts() -> None:
    html = "<body><script>var x = 'within 5 days';</script><style>/* within 6 days */</style><p>Write within&nbsp;30\ndays.</p>"
    assert found(html, DAYS) == "2026-10-01T23:59:59+08:00"


@pytest.mark.parametrize("html", ["", "<p>nothing</p>", "<p class='time'>soon</p>", "\0<"])
def test_a_page_that_states_none(html: str) -> None:
    assert found(html, RANGE) is None
    assert found(html, DAYS) is None


def test_days_from_nowhere_mean_nothing() -> None:
    assert found("<p>within 30 days</p>", DAYS, published=None) is None
