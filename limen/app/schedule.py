"""When a source is due: its TOML says how often, the database says when it was last crawled."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from limen.crawler.source_spec import SourceSpec


def trigger(spec: SourceSpec, *, last_run_at: datetime | None) -> BaseTrigger:
    """Return the source's schedule as the clock's trigger. A restart does not begin the interval anew."""
    if spec.schedule.cron is not None:
        return CronTrigger.from_crontab(spec.schedule.cron, timezone=ZoneInfo(spec.timezone))
    seconds = spec.schedule.interval.total_seconds()
    start = None if last_run_at is None else last_run_at + spec.schedule.interval
    return IntervalTrigger(seconds=int(seconds), start_date=start)


def next_due(spec: SourceSpec, *, last_run_at: datetime) -> datetime:
    """Return when a source that was crawled at `last_run_at` is due again."""
    if spec.schedule.cron is None:
        return last_run_at + spec.schedule.interval
    found = trigger(spec, last_run_at=last_run_at).get_next_fire_time(last_run_at, last_run_at + timedelta(seconds=1))
    assert isinstance(found, datetime)
    return found
