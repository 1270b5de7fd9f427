"""From a turn of a source's health to the messages it makes: one per recipient and turn, none per run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from limen.alerts.event import HEALTH, VERSION, HealthEvent, dump
from limen.alerts.payload import Coverage, addressed, coverage_event, instant, recipients, source_event
from limen.domain.delivery import Delivery
from limen.domain.health import HealthState, Turn
from limen.domain.run_faults import fact_of
from limen.domain.source import Source

SUBSCRIPTION = "source health"
"""What the outbox and the mails name as the reason for the message."""


def headline(source_id: str, turn: Turn) -> str:
    """Return the turn in one line: `cn-mee-yjzj is failing: no list could be read`."""
    again = " again" if turn.is_recovery else ""
    return f"{source_id} is {turn.after.value}{again}: {fact_of(turn.reasons[0])}"


def event(source: Source, turn: Turn, *, last_new_at: datetime | None, coverage: Coverage | None = None) -> HealthEvent:
    """Return the event that tells of a turn. The times are UTC. `last_new_at` is None if nothing ever came."""
    return {
        "type": HEALTH,
        "version": VERSION,
        "timestamp": instant(turn.at),
        "data": {
            "headline": headline(source.id, turn),
            "source": source_event(source),
            "before": turn.before.value,
            "after": turn.after.value,
            "since": instant(turn.at),
            "reasons": list(turn.reasons),
            "last_new_at": None if last_new_at is None else instant(last_new_at),
            "coverage": coverage_event(coverage),
        },
    }


def deliveries_for(
    source: Source,
    turn: Turn,
    *,
    last_new_at: datetime | None,
    emails: Sequence[str],
    webhooks: Sequence[str],
    now: datetime,
    new_id: Callable[[], str],
    coverage: Coverage | None = None,
) -> tuple[Delivery, ...]:
    """Return one pending delivery per recipient, due at `now`; none for a promotion, which nobody waits for.

    `new_id` gives the unique part of each id (`uuid4().hex`); it must hold letters and digits only.
    """
    if turn.is_promotion:
        return ()
    payload = dump(event(source, turn, last_new_at=last_new_at, coverage=coverage))
    return addressed(payload, recipients(emails, webhooks), subscription=SUBSCRIPTION, now=now, new_id=new_id)


def meaning(state: str) -> str:
    """Return what a state means for whoever relies on the source, as a sentence."""
    return _MEANINGS[HealthState(state)]


_MEANINGS = {
    HealthState.PROBE: "It has yet to be crawled to the end.",
    HealthState.HEALTHY: "It brings what it should.",
    HealthState.DEGRADED: "Part of what it publishes may be missed until this is mended.",
    HealthState.FAILING: "Nothing that it publishes is seen until this is mended. It is tried again, less and less often.",
    HealthState.DEAD: "Nothing that it publishes is seen. It is tried once a day; correct its TOML, or switch it off there.",
}
