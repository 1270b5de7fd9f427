"""How a source is doing: a state machine over its runs, which turns late enough not to flap and early enough to be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import assert_never

from limen.domain.run_faults import CrawlReport, Expected, Fault, Gravity, RunOutcome, faults


class HealthState(StrEnum):
    """How a source is doing."""

    PROBE = "probe"
    """Never crawled to the end: the first run will show whether it is as the catalogue says."""
    HEALTHY = "healthy"
    DEGRADED = "degraded"
    """Something comes, but less than should, or nothing new for too long."""
    FAILING = "failing"
    """Nothing comes, run after run."""
    DEAD = "dead"
    """Nothing has come for weeks. It is still tried, once a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthRules:
    """How patient the machine is. The defaults are those of `[health]` in the configuration."""

    failing_after: int = 3
    """Runs in a row of which nothing came, before a source is called failing."""
    blind_after: int = 2
    """The same where not even a list could be read."""
    dead_after: timedelta = timedelta(days=14)
    """How long a source is failing before it is called dead."""
    dead_runs: int = 10
    """Runs in a row of which nothing came, that it takes beside the time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How a source is doing.

    `bad_runs` counts the runs in a row of which nothing came, `good_runs` those without a fault; both are 0 after a run
    that brought part of what it should. `reasons` is what is wrong, in sentences; `watched_since` when its first run was
    judged, `last_new_at` when something new came last, None if nothing ever did.
    """

    state: HealthState
    turned_at: datetime
    checked_at: datetime
    watched_since: datetime
    last_new_at: datetime | None = None
    reasons: tuple[str, ...] = ()
    bad_runs: int = 0
    good_runs: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A source's health has turned: the one moment at which people are told."""

    at: datetime
    before: HealthState
    after: HealthState
    reasons: tuple[str, ...]

    @property
    def is_promotion(self) -> bool:
        """Whether a new source has shown that it works. That is no recovery, and nobody is woken for it."""
        return self.before is HealthState.PROBE and self.after is HealthState.HEALTHY

    @property
    def is_recovery(self) -> bool:
        """Whether all is well again."""
        return self.after is HealthState.HEALTHY and not self.is_promotion


def begin(*, checked: bool, at: datetime, last_new_at: datetime | None = None) -> Health:
    """Return the health of a source that no run was judged of: `checked` is whether a person saw that it works.

    `last_new_at` is when its newest document came in, None if it has none.
    """
    return Health(
        state=HealthState.HEALTHY if checked else HealthState.PROBE,
        turned_at=at,
        checked_at=at,
        watched_since=at,
        last_new_at=last_new_at,
        # What a person saw counts as a good run.
        good_runs=1 if checked else 0,
    )


def judge(
    health: Health, run: CrawlReport, *, expected: Expected, rules: HealthRules | None = None
) -> tuple[Health, Turn | None]:
    """Return the health after a run, and the turn it took; None if it stays as it is.

    A run that was interrupted changes nothing. Otherwise `checked_at` of the result is the end of the run.
    """
    if run.outcome is RunOutcome.INTERRUPTED:
        return health, None
    last_new_at = max(health.last_new_at or run.at, run.at) if run.new else health.last_new_at
    found = faults(run, expected=expected, quiet_since=last_new_at or health.watched_since)
    gravity = found[0].gravity if found else None
    nothing_came = gravity is not None and gravity >= Gravity.ALL
    seen = replace(
        health,
        checked_at=run.at,
        last_new_at=last_new_at,
        bad_runs=health.bad_runs + 1 if nothing_came else 0,
        good_runs=0 if found else health.good_runs + 1,
    )
    after = _next(health, seen, run, gravity, rules or HealthRules())
    reasons = _reasons(found, bad_runs=seen.bad_runs)
    if after is health.state:
        # A sound run of a source that is not yet trusted again leaves the reasons standing.
        kept = () if after in (HealthState.HEALTHY, HealthState.PROBE) else health.reasons
        return replace(seen, reasons=reasons or kept), None
    turn = Turn(at=run.at, before=health.state, after=after, reasons=reasons or (_all_well(run),))
    return replace(seen, state=after, turned_at=run.at, reasons=reasons), turn


def _next(before: Health, seen: Health, run: CrawlReport, gravity: Gravity | None, rules: HealthRules) -> HealthState:
    """Return the state after a run; `seen` has counted it already."""
    match before.state:
        case HealthState.PROBE:
            return _after_probe(seen, run, gravity, rules)
        case HealthState.HEALTHY:
            if _has_failed(seen, gravity, rules):
                return HealthState.FAILING
            # One bad run is weather: the run before must have had a fault too. Where nothing came at all, the next
            # runs tell whether the source is failing, so that its death is told once and not in two steps.
            degraded = gravity is Gravity.PART and before.good_runs == 0
            return HealthState.DEGRADED if degraded else HealthState.HEALTHY
        case HealthState.DEGRADED:
            if gravity is None:
                return HealthState.HEALTHY
            return HealthState.FAILING if _has_failed(seen, gravity, rules) else HealthState.DEGRADED
        case HealthState.FAILING:
            long_enough = run.at - before.turned_at > rules.dead_after and seen.bad_runs >= rules.dead_runs
            return HealthState.DEAD if long_enough else _recovered(before, seen, gravity)
        case HealthState.DEAD:
            if gravity is None and run.new:
                return HealthState.HEALTHY
            return _recovered(before, seen, gravity)
        case _:
            assert_never(before.state)


def _after_probe(seen: Health, run: CrawlReport, gravity: Gravity | None, rules: HealthRules) -> HealthState:
    """The first run that ends decides; a site that is down at our first visit gets another."""
    if run.outcome is not RunOutcome.COMPLETED:
        return HealthState.FAILING if _has_failed(seen, gravity, rules) else HealthState.PROBE
    match gravity:
        case None:
            return HealthState.HEALTHY
        case Gravity.PART:
            return HealthState.DEGRADED
        case _:
            return HealthState.FAILING


def _has_failed(seen: Health, gravity: Gravity | None, rules: HealthRules) -> bool:
    match gravity:
        case Gravity.BLIND:
            return seen.bad_runs >= min(rules.blind_after, rules.failing_after)
        case Gravity.ALL:
            return seen.bad_runs >= rules.failing_after
        case _:
            return False


def _recovered(before: Health, seen: Health, gravity: Gravity | None) -> HealthState:
    """Two runs in a row of which something came end a failure: wholly if both were good, in part if this one has a fault."""
    if seen.good_runs > 1:
        return HealthState.HEALTHY
    if gravity is Gravity.PART and before.bad_runs == 0:
        return HealthState.DEGRADED
    return before.state


def _reasons(found: Sequence[Fault], *, bad_runs: int) -> tuple[str, ...]:
    """Return the faults in sentences; the first says for how many runs nothing has come."""
    if bad_runs > 1:
        first = replace(found[0], fact=f"{found[0].fact}, nothing came of {bad_runs} runs in a row")
        found = (first, *found[1:])
    return tuple(fault.sentence for fault in found)


def _all_well(run: CrawlReport) -> str:
    if run.listed is None:
        return "its lists are read again"
    return f"the last run listed {run.listed} document{'' if run.listed == 1 else 's'}, {run.new} of them new"
