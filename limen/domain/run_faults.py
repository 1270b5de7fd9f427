"""What is wrong with one crawl of a source: its counts against what the catalogue expects, as sentences to act on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

FEWEST_PAGES = 3
"""A share of fewer pages proves nothing: one page that stays broken is an issue of its own, not of its source."""

SILENT_CADENCES = 3
"""How many times the usual gap a source may say nothing new."""


class RunOutcome(StrEnum):
    """How a crawl of a source ended."""

    COMPLETED = "completed"
    FAILED = "failed"
    """The source gave nothing to go on with: as a rule, none of its lists could be read."""
    INTERRUPTED = "interrupted"
    """We stopped it, or broke off ourselves: it says nothing about the source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a healthy run of a source yields, from its catalogue entry."""

    min_items: int = 1
    """Documents that its lists name together."""
    min_yield: float = 0.5
    """Share of the read documents in which text is found."""
    cadence: timedelta | None = None
    """How often something new usually appears; None where nobody knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlReport:
    """What came of one crawl of a source."""

    outcome: RunOutcome
    at: datetime
    """When it ended."""
    lists_read: int = 1
    lists_failed: int = 0
    listed: int | None = None
    """Documents named by the lists; None if nobody counted."""
    new: int = 0
    """Documents that came and had never been fetched before."""
    fetched: int = 0
    unchanged: int = 0
    failed: int = 0
    blocked: int = 0
    """Pages for which a challenge or a refusal came."""
    gone: int = 0
    limited: bool = False
    """Whether a limit cut the run short: then its counts are lower bounds."""
    text_yield: float | None = None
    """Share of the documents read of late in which text was found; None if too few were read to tell."""

    @property
    def pages(self) -> int:
        """Pages that were asked for."""
        return self.fetched + self.unchanged + self.failed + self.blocked + self.gone


class Gravity(IntEnum):
    """How much a fault takes away."""

    PART = 1
    """Something came, but less than should."""
    ALL = 2
    """Nothing came of the run."""
    BLIND = 3
    """Nothing came, and not even a list could be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong: the fact in a few words, and what a person may do about it."""

    gravity: Gravity
    fact: str
    advice: str

    @property
    def sentence(self) -> str:
        """Fact and advice; the fact holds no colon."""
        return f"{self.fact}: {self.advice}"


def fact_of(sentence: str) -> str:
    """Return the fact of a fault's sentence, for headlines."""
    return sentence.partition(": ")[0]


def faults(run: CrawlReport, *, expected: Expected, quiet_since: datetime) -> tuple[Fault, ...]:
    """Return what is wrong with a run, the gravest first; nothing if it is as expected.

    `quiet_since` is when the source last brought something new, this run included; if it never did, since when it is watched.
    """
    if run.lists_read == 0 and not run.listed:
        return (_BLIND,)
    found = (
        _early_end(run),
        _too_few_listed(run, expected),
        _lists_failed(run),
        _blocked(run),
        _failed(run),
        _without_text(run, expected),
        _silent(run, expected, quiet_since),
    )
    return tuple(sorted(filter(None, found), key=lambda fault: -fault.gravity))


_BLIND = Fault(
    gravity=Gravity.BLIND,
    fact="no list could be read",
    advice="the site may be down, have moved or refuse us; see limen issue list",
)


def _early_end(run: CrawlReport) -> Fault | None:
    if run.outcome is not RunOutcome.FAILED:
        return None
    return Fault(
        gravity=Gravity.PART,
        fact="the run ended before its time",
        advice="see limen issue list, and crawl.log in the data directory",
    )


def _too_few_listed(run: CrawlReport, expected: Expected) -> Fault | None:
    if run.listed is None or run.listed >= expected.min_items or (run.limited and run.listed):
        return None
    return Fault(
        gravity=Gravity.PART if run.listed else Gravity.ALL,
        fact=f"listed {run.listed} of at least {expected.min_items} documents",
        advice="the list's layout may have changed; see limen issue list",
    )


def _lists_failed(run: CrawlReport) -> Fault | None:
    if not run.lists_failed:
        return None
    return Fault(
        gravity=Gravity.PART,
        fact=f"{run.lists_failed} of {run.lists_read + run.lists_failed} lists could not be read",
        advice="part of the site may have moved; see limen issue list",
    )


def _blocked(run: CrawlReport) -> Fault | None:
    if run.pages < FEWEST_PAGES or run.blocked * 2 <= run.pages:
        return None
    return Fault(
        gravity=Gravity.ALL if run.blocked == run.pages else Gravity.PART,
        fact=f"{run.blocked} of {run.pages} pages were blocked",
        advice="the site takes us for a robot it does not want; crawl it more gently, or ask its webmaster",
    )


def _failed(run: CrawlReport) -> Fault | None:
    none_came = run.failed > 0 and run.failed + run.blocked == run.pages
    if not none_came and (run.pages < FEWEST_PAGES or run.failed * 2 <= run.pages):
        return None
    return Fault(
        gravity=Gravity.ALL if none_came else Gravity.PART,
        fact=f"{run.failed} of {run.pages} pages could not be fetched",
        advice="their addresses may have changed; see limen issue list",
    )


def _without_text(run: CrawlReport, expected: Expected) -> Fault | None:
    if run.text_yield is None or run.text_yield >= expected.min_yield:
        return None
    return Fault(
        gravity=Gravity.PART,
        fact=f"text was found in {run.text_yield:.0%} of the documents instead of at least {expected.min_yield:.0%}",
        advice="their layout or format may have changed; see limen issue list",
    )


def _silent(run: CrawlReport, expected: Expected, quiet_since: datetime) -> Fault | None:
    if expected.cadence is None or run.at - quiet_since <= SILENT_CADENCES * expected.cadence:
        return None
    return Fault(
        gravity=Gravity.PART,
        fact=f"nothing new for {length(run.at - quiet_since)} where something comes every {length(expected.cadence)}",
        advice="open the list by hand and see if it still grows",
    )


def length(span: timedelta) -> str:
    """Return a span of time in its largest whole unit: `9 days`, `36 hours`."""
    minutes = int(span.total_seconds() // 60)
    for size, unit in ((2 * 1440, "day"), (120, "hour")):
        if minutes >= size:
            count = minutes // (size // 2)
            return f"{count} {unit}s"
    return f"{minutes} minutes"
