"""`limen source health`: how the sources are doing, the worst first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from limen.app.cli.context import invocation
from limen.app.cli.options import FormatOption
from limen.app.cli.terminal import Format, minute, write_json, write_table

if TYPE_CHECKING:
    from limen.app.config import Config
    from limen.crawler.source_spec import SourceSpec
    from limen.domain.health import HealthState, Turn
    from limen.store.health_queries import SourceHealth


def show_health(
    context: typer.Context,
    source: Annotated[str | None, typer.Argument(metavar="[ID]", help="One source, with the turns it took.")] = None,
    *,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show how the sources are doing, the worst first: state, since when, what came last, what is wrong."""
    from limen.app.bootstrap import open_store
    from limen.app.passes import require_known
    from limen.crawler.catalogue import load_catalogue
    from limen.store.health_queries import source_health
    from limen.store.repositories import health

    config = invocation(context).config
    catalogue = load_catalogue(config.crawl.sources, builtin=config.crawl.builtin_sources)
    require_known(catalogue, () if source is None else (source,))
    wanted = {name for name, spec in catalogue.items() if spec.enabled} if source is None else {source}
    with open_store(config) as store, store.reading() as session:
        entries = [entry for entry in source_health(session) if entry.source.id in wanted]
        turns = [] if source is None else [turn for _, turn in health.turns(session, source_id=source)]
    _add_unseen(entries, wanted, catalogue)
    if form is Format.JSON:
        records = [_record(entry, catalogue[entry.source.id]) for entry in entries]
        write_json(records if source is None else {**records[0], "turns": [_turn_record(turn) for turn in turns]})
        return
    write_table(
        ("source", "state", "since", "last new", "next", "reasons"),
        [_row(entry, catalogue[entry.source.id]) for entry in entries],
        empty="there is no enabled source; see: limen source list",
    )
    if source is not None and turns:
        typer.echo("")
        write_table(
            ("turned", "from", "to", "reasons"),
            [(minute(turn.at), turn.before.value, turn.after.value, "; ".join(turn.reasons)) for turn in turns],
            empty="",
        )


def live_states(config: Config, specs: Sequence[SourceSpec]) -> dict[str, HealthState]:
    """Return how each source is doing; as its catalogue entry says where no run was judged yet. Makes no database."""
    from limen.app.bootstrap import open_store
    from limen.app.stages.health import start_state
    from limen.store.repositories import health

    known = {}
    if config.database is not None or (config.data_dir / "limen.db").exists():
        with open_store(config) as store, store.reading() as session:
            known = health.load_all(session)
    return {spec.id: known[spec.id].state if spec.id in known else start_state(spec) for spec in specs}


def _add_unseen(entries: list[SourceHealth], wanted: set[str], catalogue: Mapping[str, SourceSpec]) -> None:
    """Add the sources of the catalogue that the database has not met yet."""
    from limen.store.health_queries import SourceHealth
    from limen.store.records import SourceState

    for name in sorted(wanted - {entry.source.id for entry in entries}):
        crawled = SourceState(source_id=name)
        entries.append(SourceHealth(source=catalogue[name].to_source(), health=None, crawled=crawled))


def _state(entry: SourceHealth, spec: SourceSpec) -> str:
    from limen.app.stages.health import start_state

    if not spec.enabled:
        return "off"
    return start_state(spec).value if entry.health is None else entry.health.state.value


def _row(entry: SourceHealth, spec: SourceSpec) -> tuple[str, ...]:
    health = entry.health
    return (
        entry.source.id,
        _state(entry, spec),
        "-" if health is None else minute(health.turned_at),
        "-" if health is None else minute(health.last_new_at),
        minute(entry.crawled.next_due_at),
        ("not crawled yet" if entry.crawled.last_run_at is None else "")
        if health is None
        else "; ".join(health.reasons),
    )


def _record(entry: SourceHealth, spec: SourceSpec) -> dict[str, Any]:
    health = entry.health
    return {
        "source": entry.source.id,
        "state": _state(entry, spec),
        "since": None if health is None else health.turned_at.isoformat(),
        "checked_at": None if health is None else health.checked_at.isoformat(),
        "last_new_at": None if health is None else _instant(health.last_new_at),
        "last_run_at": _instant(entry.crawled.last_run_at),
        "last_success_at": _instant(entry.crawled.last_success_at),
        "next_due_at": _instant(entry.crawled.next_due_at),
        "bad_runs": 0 if health is None else health.bad_runs,
        "good_runs": 0 if health is None else health.good_runs,
        "reasons": [] if health is None else list(health.reasons),
    }


def _turn_record(turn: Turn) -> dict[str, Any]:
    return {
        "at": turn.at.isoformat(),
        "before": turn.before.value,
        "after": turn.after.value,
        "reasons": list(turn.reasons),
    }


def _instant(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
