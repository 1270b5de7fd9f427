"""How good a comparison of two versions is, as `docs/requirements.md` (Version pairs) defines the changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from limen.domain.joint import Version, compare
from limen.nlp.extraction import Extractor
from limen.nlp.output import change_record
from tests.eval.corpus import VersionPair
from tests.eval.score import Rates, Record, core_equal, overlap

METRIC_OVERLAP = 0.4


@dataclass(slots=True)
class ChangeTally:
    """Counts over version pairs."""

    pairs: int = 0
    expected: int = 0
    predicted: int = 0
    found: int = 0
    kind: int = 0
    direction: int = 0
    quiet: int = 0
    quiet_kept: int = 0
    exact: int = 0

    @property
    def rates(self) -> Rates:
        """Both sides of a change right."""
        return Rates.of(found=self.found, predicted=self.predicted, expected=self.expected)


def score_pairs(pairs: Iterable[VersionPair], extractor: Extractor) -> ChangeTally:
    """Return the counts for the pairs, read and compared as `limen diff` does."""
    tally = ChangeTally()
    for pair in pairs:
        old, new = (
            Version(text=text, reading=extractor.read(text, language=pair.language)) for text in (pair.old, pair.new)
        )
        difference = compare(old, new)
        count_changes(tally, pair.changes, [change_record(change) for change in difference.changes])
    return tally


def count_changes(tally: ChangeTally, expected: Sequence[Record], predicted: Sequence[Record]) -> None:
    """Add one pair of versions."""
    left = list(predicted)
    found = 0
    for wanted in expected:
        options = [change for change in left if _matches(wanted, change)]
        if not options:
            continue
        best = max(options, key=lambda change: (_subjects(wanted, change), change.get("kind") == wanted["kind"]))
        left.remove(best)
        found += 1
        tally.kind += best.get("kind") == wanted["kind"]
        tally.direction += best.get("direction") == wanted["direction"]
    tally.pairs += 1
    tally.expected += len(expected)
    tally.predicted += len(predicted)
    tally.found += found
    tally.exact += found == len(expected) and not left
    tally.quiet += not expected
    tally.quiet_kept += not expected and not predicted


def _matches(wanted: Record, change: Record) -> bool:
    if not all(_side_equal(wanted.get(side), change.get(side)) for side in ("old", "new")):
        return False
    old, new = wanted.get("old"), wanted.get("new")
    unmoved = old is not None and new is not None and core_equal(old, new)
    return not unmoved or bool(wanted["kind"] == change.get("kind"))


def _side_equal(wanted: Record | None, found: Record | None) -> bool:
    if wanted is None or found is None:
        return wanted is None and found is None
    return core_equal(wanted, found) and overlap(wanted["metric"], found.get("metric")) >= METRIC_OVERLAP


def _subjects(wanted: Record, change: Record) -> float:
    sides = [(wanted[side], change.get(side) or {}) for side in ("old", "new") if wanted.get(side)]
    return sum(overlap(one.get("subject"), other.get("subject")) for one, other in sides)
