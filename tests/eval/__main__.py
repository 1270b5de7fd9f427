"""`make eval`: prints how good extraction and comparison are on the annotated corpora."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from limen.nlp.extraction import Extractor
from tests.eval.corpus import PAIRS, passage_files, read_pairs, read_passages
from tests.eval.run import score_passages
from tests.eval.score import Rates, Tally
from tests.eval.score_changes import ChangeTally, score_pairs

_COMMONEST_CAUSES = 12


def main() -> None:
    """Score every corpus there is and print the tables."""
    console, extractor = Console(width=160), Extractor()
    tallies = {path.stem: score_passages(read_passages(path), extractor) for path in passage_files()}
    console.print(accuracy_table(tallies))
    console.print(cause_table(tallies))
    console.print(change_table({name: score_pairs(read_pairs(name), extractor) for name in PAIRS}))


def accuracy_table(tallies: dict[str, Tally]) -> Table:
    """Return one row a file; behind `by` and `previous` stands, with a plus, how many were found where there is none."""
    table = Table(title="Extraction", title_justify="left", box=None)
    table.add_column("file")
    for column in (
        "core P R F1",
        "full P R F1",
        "metric",
        "subject",
        "modality",
        "by",
        "previous",
        "traps",
        "stage",
        "deadline",
    ):
        table.add_column(column, justify="right")
    for name, tally in tallies.items():
        table.add_row(
            name,
            _rates(tally.core_rates),
            _rates(tally.full_rates),
            _share(tally.metric, tally.core),
            _share(tally.subject, tally.core),
            _share(tally.modality, tally.core),
            f"{tally.by}/{tally.by_expected} +{tally.by_invented}",
            f"{tally.previous}/{tally.previous_expected} +{tally.previous_invented}",
            f"{tally.traps}/{tally.traps_expected}",
            _share(tally.stage, tally.passages),
            _share(tally.deadline, tally.passages),
        )
    return table


def cause_table(tallies: dict[str, Tally]) -> Table:
    """Return how often each kind of error occurs in each file."""
    table = Table(title="Errors by cause", title_justify="left", box=None)
    table.add_column("cause")
    for name in tallies:
        table.add_column(name, justify="right")
    totals = sum((tally.causes for tally in tallies.values()), start=type(next(iter(tallies.values())).causes)())
    for cause, _ in totals.most_common(_COMMONEST_CAUSES):
        table.add_row(cause, *(str(tally.causes[cause]) for tally in tallies.values()))
    return table


def change_table(tallies: dict[str, ChangeTally]) -> Table:
    """Return one row a corpus of version pairs."""
    table = Table(title="Changes between versions", title_justify="left", box=None)
    table.add_column("corpus")
    for column in ("pairs", "change P R F1", "kind", "direction", "quiet pairs quiet", "pairs exactly right"):
        table.add_column(column, justify="right")
    for name, tally in tallies.items():
        table.add_row(
            name,
            str(tally.pairs),
            _rates(tally.rates),
            _share(tally.kind, tally.found),
            _share(tally.direction, tally.found),
            f"{tally.quiet_kept}/{tally.quiet}",
            f"{tally.exact}/{tally.pairs}",
        )
    return table


def _rates(rates: Rates) -> str:
    return f"{100 * rates.precision:.1f} {100 * rates.recall:.1f} {100 * rates.f1:.1f}"


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}" if whole else "-"


if __name__ == "__main__":
    main()
