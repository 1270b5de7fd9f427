"""`limen instrument`: the rules, the documents that belong to each, and what held when; joined and split by hand."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from limen.app.cli.context import opened_store
from limen.app.cli.options import LARGEST_ID, FormatOption, JurisdictionOption
from limen.app.cli.terminal import Format, console, write_json, write_table
from limen.domain.record import requirement_record

if TYPE_CHECKING:
    from datetime import date

    from limen.domain.history import History, Milestone, Repeal, RequirementHistory, RuleText
    from limen.store.queries import InstrumentEntry, VersionEntry

app = typer.Typer(no_args_is_help=True, help="The rules: which documents belong to each, and what held when.")

IdArgument = Annotated[
    int, typer.Argument(metavar="ID", min=1, max=LARGEST_ID, help="As `limen instrument list` shows it.")
]


@app.command("list")
def list_instruments(
    context: typer.Context,
    *,
    jurisdiction: JurisdictionOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """List the rules with their documents, oldest first."""
    from limen.store import queries

    with opened_store(context) as store, store.reading() as session:
        entries = queries.instruments(session, jurisdiction=jurisdiction)
    if form is Format.JSON:
        write_json([_record(entry) for entry in entries])
        return
    write_table(
        ("id", "jurisdiction", "documents", "latest stage", "edition", "since", "numbers", "title"),
        [_row(entry) for entry in entries],
        empty=f"no rule of {jurisdiction} is stored" if jurisdiction else "no rule is stored; limen run crawls",
    )


@app.command("show")
def show(
    context: typer.Context,
    identifier: IdArgument,
    *,
    as_of: Annotated[
        datetime | None,
        typer.Option("--as-of", formats=["%Y-%m-%d"], help="What held on this day (UTC); today if not named."),
    ] = None,
    known_on: Annotated[
        datetime | None,
        typer.Option("--known-on", formats=["%Y-%m-%d"], help="By what was fetched by the end of this day (UTC)."),
    ] = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show the documents of a rule in their order, and each requirement that holds with its history."""
    from limen.app.clock import system_clock
    from limen.domain.history import history
    from limen.store import history_queries, queries

    with opened_store(context) as store, store.reading() as session:
        entry = queries.instrument(session, identifier)
        found = history(
            history_queries.rule_texts(session, identifier),
            as_of=(as_of or system_clock()).date(),
            known_on=known_on and known_on.date(),
            repeals=history_queries.repeals(session, identifier),
        )
    if form is Format.JSON:
        write_json(_history_record(entry, found, known_on=known_on and known_on.date()))
    else:
        _print(entry, found)


@app.command("join")
def join(
    context: typer.Context,
    identifier: IdArgument,
    other: Annotated[
        int, typer.Argument(metavar="OTHER", min=1, max=LARGEST_ID, help="The rule whose documents become part of ID.")
    ],
) -> None:
    """Make two rules one: the documents of OTHER become part of ID, and the next pass compares what it makes possible."""
    from limen.app.clock import system_clock
    from limen.app.lineage import join_instruments

    with opened_store(context) as store, store.transaction() as session:
        moved = join_instruments(session, identifier, other, at=system_clock())
    if moved.documents:
        typer.echo(
            f"{_documents(len(moved.documents))} of instrument {other} now part of {identifier}: {moved.instrument.title}"
        )
    else:
        typer.echo(f"nothing to move: instrument {other} has no documents any more")


@app.command("split")
def split(
    context: typer.Context,
    identifier: IdArgument,
    documents: Annotated[
        list[int],
        typer.Argument(metavar="DOCUMENT...", min=1, max=LARGEST_ID, help="As `limen instrument show` lists them."),
    ],
) -> None:
    """Take documents out of a rule into one of their own. What was told of them is not told again."""
    from limen.app.clock import system_clock
    from limen.app.lineage import split_documents

    with opened_store(context) as store, store.transaction() as session:
        moved = split_documents(session, identifier, documents, at=system_clock())
    made = f"instrument {moved.instrument.id}: {moved.instrument.title}"
    if moved.documents:
        typer.echo(f"{_documents(len(moved.documents))} of instrument {identifier} now {made}")
    else:
        typer.echo(f"nothing to move: already {made}")


def _documents(count: int) -> str:
    return "1 document" if count == 1 else f"{count} documents"


def _row(entry: InstrumentEntry) -> tuple[str, ...]:
    latest = entry.versions[-1]
    return (
        str(entry.instrument.id),
        entry.instrument.jurisdiction,
        str(len({version.document_id for version in entry.versions})),
        latest.stage.value,
        entry.instrument.edition or "-",
        latest.valid_from.date().isoformat(),
        ", ".join(entry.instrument.references),
        entry.instrument.title,
    )


def _record(entry: InstrumentEntry) -> dict[str, Any]:
    return {
        "id": entry.instrument.id,
        "title": entry.instrument.title,
        "jurisdiction": entry.instrument.jurisdiction,
        "language": entry.instrument.language,
        "edition": entry.instrument.edition,
        "references": list(entry.instrument.references),
        "documents": [_version_record(version) for version in entry.versions],
    }


def _version_record(version: VersionEntry) -> dict[str, Any]:
    return {
        "document": version.document_id,
        "version": version.number,
        "title": version.title,
        "url": version.url,
        "source": version.source_id,
        "stage": version.stage.value,
        "valid_from": version.valid_from.isoformat(),
        "fetched_at": version.fetched_at.isoformat(),
        "effective_on": version.effective_on and version.effective_on.isoformat(),
        "comment_deadline": version.comment_deadline and version.comment_deadline.isoformat(),
        "references": list(version.references),
        "requirements": version.requirements,
        "join_reason": version.join_reason and version.join_reason.value,
        "join_score": None if version.join_score is None else round(version.join_score, 4),
    }


def _print(entry: InstrumentEntry, found: History) -> None:
    out = console()
    instrument = entry.instrument
    known = {text.version_id: text for text in found.texts}
    facts = (instrument.jurisdiction, *instrument.references)
    out.print(Text(f"{instrument.id}  {instrument.title}", style="bold"), Text(f"  {' · '.join(facts)}", style="dim"))
    out.print()
    write_table(
        ("document", "version", "stage", "edition", "since", "in force", "joined by", "score", "title"),
        [_chain_row(version, known[version.id]) for version in entry.versions if version.id in known],
        empty="no document was known on that day",
    )
    out.print()
    out.print(Text(_standing(found), style="bold"))
    for text in found.amended:
        out.print(Text(f"amended {text.holds_from.isoformat()} by {text.title}: what it changes is not worked in here"))
    for each in found.holding:
        _print_requirement(each)
    others = len(found.requirements) - len(found.holding)
    if others:
        out.print(Text(f"{others} more proposed, changed or removed: --format json", style="dim"))


def _chain_row(version: VersionEntry, text: RuleText) -> tuple[str, ...]:
    return (
        str(version.document_id),
        str(version.number),
        version.stage.value,
        text.edition or "-",
        text.published_on.isoformat(),
        text.holds_from.isoformat() if text.is_law else "-",
        "-" if version.join_reason is None else version.join_reason.value,
        "-" if version.join_score is None else f"{version.join_score:.2f}",
        version.title,
    )


def _standing(found: History) -> str:
    """Return one line on what the requirements below are."""
    day = found.as_of.isoformat()
    if found.repealed is not None:
        return f"Nothing holds on {day}: repealed {found.repealed.on.isoformat()} by {found.repealed.title}"
    if found.in_force is None:
        return f"Nothing holds on {day}: no text of it was in force"
    return f"{len(found.holding)} hold on {day}, by {found.in_force.title}"


def _print_requirement(each: RequirementHistory) -> None:
    requirement = each.holds or each.latest
    line = Text()
    line.append(f"{requirement.metric} {requirement.threshold}", style="bold")
    if requirement.subject:
        line.append(f"  {requirement.subject}")
    if requirement.condition:
        line.append(f" ({requirement.condition})")
    line.append(f": {', '.join(_step(milestone) for milestone in each.milestones)}", style="dim")
    console().print(line)


def _step(milestone: Milestone) -> str:
    """Return a milestone in words: `changed to >= 155 Wh/kg in a draft 2024-05-08`."""
    words = milestone.kind.value.replace("_", " ")
    if milestone.previous is not None and milestone.previous.threshold != milestone.requirement.threshold:
        words += f" to {milestone.requirement.threshold}"
    if milestone.kind.value in ("changed", "removed") and not milestone.text.is_law:
        words += " in a draft"
    return f"{words} {milestone.on.isoformat()}"


def _history_record(entry: InstrumentEntry, found: History, *, known_on: date | None) -> dict[str, Any]:
    known = {text.version_id for text in found.texts}
    versions = [version for version in entry.versions if version.id in known]
    return {
        **_record(entry),
        "documents": [_version_record(version) for version in versions],
        "as_of": found.as_of.isoformat(),
        "known_on": known_on and known_on.isoformat(),
        "in_force": None if found.in_force is None else _text_record(found.in_force),
        "repealed": None if found.repealed is None else _repeal_record(found.repealed),
        "amended": [_text_record(text) for text in found.amended],
        "requirements": [
            {
                "key": each.key,
                "holds": each.holds is not None,
                **requirement_record(each.holds or each.latest),
                "history": [_milestone_record(milestone) for milestone in each.milestones],
            }
            for each in found.requirements
        ],
    }


def _text_record(text: RuleText) -> dict[str, Any]:
    return {
        "document": text.document_id,
        "version": text.number,
        "title": text.title,
        "url": text.url,
        "stage": text.stage.value,
        "edition": text.edition,
    }


def _repeal_record(repeal: Repeal) -> dict[str, Any]:
    return {
        "on": repeal.on.isoformat(),
        "title": repeal.title,
        "url": repeal.url,
        "learned_at": repeal.fetched_at.isoformat(),
    }


def _milestone_record(milestone: Milestone) -> dict[str, Any]:
    previous = milestone.previous
    return {
        "kind": milestone.kind.value,
        "on": milestone.on.isoformat(),
        "learned_at": milestone.learned_at.isoformat(),
        "text": _text_record(milestone.text),
        "requirement": requirement_record(milestone.requirement),
        "previous": None if previous is None else requirement_record(previous),
    }
