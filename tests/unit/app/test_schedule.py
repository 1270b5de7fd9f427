"""When a source is due again: by its schedule, sooner after a failure, more and more rarely while it fails."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from limen.app.schedule import next_due, rest_after
from limen.crawler.source_spec import SourceSpec
from limen.domain.health import Health, HealthState

NOW = datetime(2026, 3, 2, 6, 10, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def spec(**schedule: str) -> SourceSpec:
    return SourceSpec.model_validate(
        {
            "id": "gazette",
            "name": "Gazette",
            "publisher": "Test",
            "jurisdiction": "XX",
            "language": "en",
            "kind": "feed",
            "document_class": "news",
            "homepage": "https://gazette.example/",
            "entry": ("https://gazette.example/feed.xml",),
            "timezone": "Asia/Shanghai",
            "schedule": schedule,
        }
    )


def health(state: HealthState, *, bad_runs: int = 0) -> Health:
    return Health(state=state, turned_at=NOW, checked_at=NOW, watched_since=NOW, bad_runs=bad_runs)


def test_a_source_is_due_by_its_schedule() -> None:
    assert next_due(spec(every="6h"), last_run_at=NOW) == NOW + 6 * HOUR
    assert next_due(spec(cron="0 9 * * *"), last_run_at=NOW) == datetime(2026, 3, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize("state", [HealthState.PROBE, HealthState.HEALTHY, HealthState.DEGRADED])
def test_a_source_that_brings_something_keeps_its_schedule(state: HealthState) -> None:
    assert rest_after(health(state)) is None
    assert next_due(spec(every="2h"), last_run_at=NOW, health=health(state)) == NOW + 2 * HOUR


def test_a_first_failure_is_looked_at_again_within_the_hour() -> None:
    assert next_due(spec(every="1d"), last_run_at=NOW, failed=True) == NOW + HOUR
    assert next_due(spec(every="30m"), last_run_at=NOW, failed=True) == NOW + HOUR / 2
    assert next_due(spec(cron="0 9 * * *"), last_run_at=NOW, failed=True) == NOW + HOUR


@pytest.mark.parametrize(
    ("bad_runs", "hours"), [(0, 1), (2, 1), (3, 2), (4, 4), (5, 8), (6, 16), (7, 24), (50, 24), (10**6, 24)]
)
def test_a_failing_source_is_asked_more_and_more_rarely(bad_runs: int, hours: int) -> None:
    failing = health(HealthState.FAILING, bad_runs=bad_runs)
    assert next_due(spec(every="15m"), last_run_at=NOW, failed=True, health=failing) == NOW + hours * HOUR
    assert next_due(spec(every="7d"), last_run_at=NOW, failed=True, health=failing) == NOW + 7 * DAY


def test_a_dead_source_is_tried_once_a_day() -> None:
    dead = health(HealthState.DEAD, bad_runs=40)
    assert next_due(spec(every="15m"), last_run_at=NOW, failed=True, health=dead) == NOW + DAY
    assert next_due(spec(every="2d"), last_run_at=NOW, health=dead) == NOW + 2 * DAY
