"""How the sources are doing, for people to look at: frozen rows, the worst first. Nothing here writes."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from limen.domain.health import Health, HealthState
from limen.domain.source import Source
from limen.store.records import SourceState
from limen.store.repositories import health, sources

_WORST_FIRST = (
    HealthState.DEAD,
    HealthState.FAILING,
    HealthState.DEGRADED,
    HealthState.PROBE,
    HealthState.HEALTHY,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """One source and how it is doing. `health` is None until a run of it was judged; `crawled` says when it is due."""

    source: Source
    health: Health | None
    crawled: SourceState


def source_health(session: Session) -> tuple[SourceHealth, ...]:
    """Return all sources that were ever in the catalogue, the worst first, then by id."""
    known = health.load_all(session)
    states = sources.states(session)
    entries = (
        SourceHealth(
            source=source,
            health=known.get(source.id),
            crawled=states.get(source.id, SourceState(source_id=source.id)),
        )
        for source in sources.load_all(session)
    )
    return tuple(sorted(entries, key=_rank))


def _rank(entry: SourceHealth) -> tuple[int, str]:
    state = HealthState.PROBE if entry.health is None else entry.health.state
    return _WORST_FIRST.index(state), entry.source.id
