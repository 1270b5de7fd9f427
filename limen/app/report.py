"""How a pass tells what it does: progress while it runs, a summary when it is done."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

COMPLETED = "completed"
"""The outcome of a source that was crawled to its end."""


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
    """What a pass did for one source."""

    fetched: int = 0
    unchanged: int = 0
    versions: int = 0
    requirements: int = 0
    changes: int = 0
    issues: int = 0
    outcome: str = ""


@dataclass(slots=True)
class PassSummary:
    """What a pass did."""

    sources: dict[str, SourceTally] = field(default_factory=dict)
    sent: int = 0
    postponed: int = 0
    given_up: int = 0
    interrupted: bool = False

    def tally(self, source_id: str) -> SourceTally:
        """Return the tally of a source, a new one at its first mention."""
        return self.sources.setdefault(source_id, SourceTally())
