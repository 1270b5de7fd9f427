"""When a source is due: its TOML says how often, the database says when it was last crawled."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from limen.crawler.source_spec import SourceSpec
from limen.domain.health import Health, HealthState

SHORTEST_REST = timedelta(hours=1)
LONGEST_REST = timedelta(days=1)
FEWEST_BAD_RUNS = 2
"""With so many bad runs in a row a source may be called failing; each one more doubles the rest."""
_DOUBLINGS_TO_LONGEST = 5


def trigger(spec: SourceSpec, *, last_run_at: datetime | None) -> BaseTrigger:
    """Return the source's schedule as the clock's trigger. A restart does not begin the interval anew."""
    if spec.schedule.cron is not None:
        return CronTrigger.from_crontab(spec.schedule.cron, timezone=ZoneInfo(spec.timezone))
    seconds = spec.schedule.interval.total_seconds()
    start = None if last_run_at is None else last_run_at + spec.schedule.interval
    return IntervalTrigger(seconds=int(seconds), start_date=start)


def next_due(
    spec: SourceSpec, *, last_run_at: datetime, failed: bool = False, health: Health | None = None
) -> datetime:
    """Return when a source that was crawled at `last_run_at` is due again.

    `failed` is whether that run brought nothing: then the source is looked at again within the hour, lest a moment's
    trouble cost it a day. One that is known to fail (`health`) is asked more and more rarely, in the end once a day.
    """
    regular = _regular(spec, last_run_at)
    rest = None if health is None else rest_after(health)
    if rest is not None:
        return max(regular, last_run_at + rest)
    return min(regular, last_run_at + SHORTEST_REST) if failed else regular


def rest_after(health: Health) -> timedelta | None:
    """Return how long a failing or dead source is left alone after a run, whatever its schedule says; None for others."""
    match health.state:
        case HealthState.FAILING:
            doublings = min(max(health.bad_runs - FEWEST_BAD_RUNS, 0), _DOUBLINGS_TO_LONGEST)
            return min(SHORTEST_REST * (1 << doublings), LONGEST_REST)
        case HealthState.DEAD:
            return LONGEST_REST
        case _:
            return None


def _regular(spec: SourceSpec, last_run_at: datetime) -> datetime:
    if spec.schedule.cron is None:
        return last_run_at + spec.schedule.interval
    found = trigger(spec, last_run_at=last_run_at).get_next_fire_time(last_run_at, last_run_at + timedelta(seconds=1))
    assert isinstance(found, datetime)
    return found
