"""How a pass tells what it does: progress while it runs, a summary when it is done."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from limen.alerts.payload import Coverage
from limen.domain.run_faults import RunOutcome

COMPLETED = RunOutcome.COMPLETED.value
"""The outcome of a source that was crawled to its end."""

BROKEN_OFF = "broken_off"
"""The outcome of a source whose crawl ended without a word: the fault is ours, and says nothing about the source."""


class Reporter(Protocol):
    """Hears of progress. Stages run one after the other; each begins, advances and ends once per pass."""

    def begin(self, stage: str, *, total: int | None = None) -> None:
        """A stage begins; `total` is the number of steps where it is known."""

    def advance(self, stage: str, detail: str = "") -> None:
        """One more step is done; `detail` names what it was about."""

    def end(self, stage: str) -> None:
        """The stage is done."""


class Silent:
    """A reporter that tells nothing, for scheduled passes, which log instead."""

    def begin(self, stage: str, *, total: int | None = None) -> None:
        """Do nothing."""

    def advance(self, stage: str, detail: str = "") -> None:
        """Do nothing."""

    def end(self, stage: str) -> None:
        """Do nothing."""


@dataclass(slots=True)
class SourceTally:
    """What a pass did for one source.

    `read` counts the documents of which text was to be made, `with_text` those in which there was any.
    """

    fetched: int = 0
    unchanged: int = 0
    versions: int = 0
    requirements: int = 0
    changes: int = 0
    issues: int = 0
    read: int = 0
    with_text: int = 0
    outcome: str = ""


@dataclass(slots=True)
class PassSummary:
    """What a pass did."""

    sources: dict[str, SourceTally] = field(default_factory=dict)
    sent: int = 0
    postponed: int = 0
    given_up: int = 0
    interrupted: bool = False
    turns: list[str] = field(default_factory=list)
    """The sources whose health has turned, a sentence for each."""

    def tally(self, source_id: str) -> SourceTally:
        """Return the tally of a source, a new one at its first mention."""
        return self.sources.setdefault(source_id, SourceTally())

    def coverage(self) -> Coverage | None:
        """Return how much of what was due this pass has crawled; None if it crawled nothing."""
        crawled = {name: tally.outcome for name, tally in self.sources.items() if tally.outcome}
        if not crawled:
            return None
        unread = tuple(sorted(name for name, outcome in crawled.items() if outcome != COMPLETED))
        return Coverage(sources_read=len(crawled) - len(unread), sources_due=len(crawled), unread=unread)
