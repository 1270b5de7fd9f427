"""`limen press`: what the news says of a rule, beside what the rule says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from limen.app.cli.context import opened_store
from limen.app.cli.options import LARGEST_ID, FormatOption, LimitOption, SourceOption
from limen.app.cli.terminal import Format, write_json, write_table
from limen.domain.press_check import Verdict
from limen.domain.record import requirement_record

if TYPE_CHECKING:
    from limen.store.press_queries import ArticleEntry, ClaimEntry, LinkEntry, Passage

app = typer.Typer(
    no_args_is_help=True, help="The news beside its source: numbers confirmed, contradicted or not stated."
)


@app.command("list")
def list_claims(
    context: typer.Context,
    *,
    verdict: Annotated[Verdict | None, typer.Option(help="Only this verdict.")] = None,
    source: SourceOption = None,
    limit: LimitOption = 50,
    form: FormatOption = Format.TABLE,
) -> None:
    """List the numbers of the news that were set beside a rule, the newest article first."""
    from limen.store import press_queries

    with opened_store(context) as store, store.reading() as session:
        entries = press_queries.claims(session, verdict=verdict, source_id=source, limit=limit)
    if form is Format.JSON:
        write_json([_record(entry) for entry in entries])
        return
    write_table(
        ("document", "day", "verdict", "press", "official", "metric", "subject", "rule", "title"),
        [_row(entry) for entry in entries],
        empty="no such number of the news was set beside a rule"
        if verdict or source
        else "no number of the news was set beside a rule",
    )


@app.command("show")
def show(
    context: typer.Context,
    document: Annotated[
        int, typer.Argument(metavar="DOCUMENT", min=1, max=LARGEST_ID, help="As `limen press list` shows it.")
    ],
    *,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show one article: the rules it reports on, and each number with its verdict and both sentences."""
    from limen.store import press_queries

    with opened_store(context) as store, store.reading() as session:
        entry = press_queries.article(session, document)
    if form is Format.JSON:
        write_json(_article_record(entry))
        return
    write_table(("", ""), _article_lines(entry), empty="")
    for link in entry.links:
        typer.echo()
        write_table(("", ""), _link_lines(link), empty="")


def _row(entry: ClaimEntry) -> tuple[str, ...]:
    claim = entry.claim.requirement
    return (
        str(entry.document_id),
        entry.claim.valid_from.date().isoformat(),
        entry.verdict.value,
        str(claim.threshold),
        "-" if entry.official is None else str(entry.official.requirement.threshold),
        claim.metric,
        claim.subject or "",
        entry.instrument,
        entry.claim.title,
    )


def _article_lines(entry: ArticleEntry) -> list[tuple[str, str]]:
    lines = [
        ("document", str(entry.document_id)),
        ("title", entry.title),
        ("source", entry.source_id),
        ("url", entry.url),
        ("day", entry.valid_from.date().isoformat()),
    ]
    return lines if entry.links else [*lines, ("reports on", "no rule that is known here")]


def _link_lines(link: LinkEntry) -> list[tuple[str, str]]:
    lines = [
        ("reports on", f"{link.instrument} ({link.jurisdiction}, rule {link.instrument_id})"),
        ("because", f"{link.reason.value}, {link.score:.2f}"),
    ]
    for entry in link.claims:
        lines += [
            ("", ""),
            (entry.verdict.value, str(entry.claim.requirement.threshold)),
            ("press", entry.claim.sentence),
        ]
        if entry.official is not None:
            official = entry.official
            lines += [
                ("official", official.sentence),
                ("in", f"{official.title} ({official.valid_from.date().isoformat()}) {official.url}"),
            ]
    return lines


def _record(entry: ClaimEntry) -> dict[str, Any]:
    return {
        "document": entry.document_id,
        "source": entry.source_id,
        "instrument": entry.instrument_id,
        "instrument_title": entry.instrument,
        "verdict": entry.verdict.value,
        "claim": _passage_record(entry.claim),
        "official": None if entry.official is None else _passage_record(entry.official),
        "checked_at": entry.checked_at.isoformat(),
    }


def _passage_record(passage: Passage) -> dict[str, Any]:
    return {
        **requirement_record(passage.requirement),
        "sentence": passage.sentence,
        "version": passage.version_id,
        "title": passage.title,
        "url": passage.url,
        "valid_from": passage.valid_from.isoformat(),
    }


def _article_record(entry: ArticleEntry) -> dict[str, Any]:
    return {
        "document": entry.document_id,
        "source": entry.source_id,
        "title": entry.title,
        "url": entry.url,
        "valid_from": entry.valid_from.isoformat(),
        "links": [
            {
                "instrument": link.instrument_id,
                "title": link.instrument,
                "jurisdiction": link.jurisdiction,
                "reason": link.reason.value,
                "score": link.score,
                "claims": [_record(each) for each in link.claims],
            }
            for link in entry.links
        ],
    }
