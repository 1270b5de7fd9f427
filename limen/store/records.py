"""Domain values as they are kept: with their ids, and with what only the database knows about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from limen.domain.document import DocumentVersion, Issuer, Stage
from limen.domain.instrument import JoinReason
from limen.domain.issue import Issue
from limen.domain.requirement import Requirement
from limen.domain.review import ReviewState
from limen.domain.snapshot import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSnapshot:
    """The newest bytes of a URL.

    `etag` and `last_modified` are the validators for the next conditional request. `read_at` is None until text was
    made of the bytes. `missing_since` is when the page was found gone, `gone_at` when a second visit confirmed it; None
    while it answers. `held_at` is when the reader put the bytes by, until a second visit finds their text again.
    """

    id: int
    snapshot: Snapshot
    etag: str | None
    last_modified: str | None
    last_confirmed_at: datetime
    read_at: datetime | None
    missing_since: datetime | None = None
    gone_at: datetime | None = None
    held_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredList:
    """The newest answer of a list, feed or sitemap; its body is kept under `sha256`."""

    etag: str | None
    last_modified: str | None
    headers: tuple[tuple[str, str], ...]
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredVersion:
    """A document version and its place: `number` counts the versions of its document from 1.

    `valid_from` is since when the text stood, as far as can be known. `stage` is `none`, and the dates None, until the
    version was extracted (`extracted_at`). `compared_at` is None until it was compared with its predecessor.
    """

    id: int
    document_id: int
    number: int
    instrument_id: int | None
    version: DocumentVersion
    valid_from: datetime
    stage: Stage
    comment_deadline: date | None
    effective_on: date | None
    references: tuple[str, ...]
    issued_by: tuple[Issuer, ...]
    replaces: tuple[str, ...]
    repeals: tuple[str, ...]
    extractor_version: str | None
    extracted_at: datetime | None
    compared_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRequirement:
    """A requirement, its row and `key`, which stays the same over the versions of its rule.

    `mark` is what a decision about it is kept under; `review` is None where nobody needs to look at it.
    """

    id: int
    key: str
    version_id: int
    requirement: Requirement
    mark: str
    review: ReviewState | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredInstrument:
    """A rule with its official numbers. `edition` is the year of its newest edition, None where it has none."""

    id: int
    title: str
    jurisdiction: str
    language: str
    series_key: str | None
    edition: str | None
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where the documents of an instrument stand and who issued them, and what their newest texts replace and repeal."""

    publishers: frozenset[str] = frozenset()
    issuers: frozenset[str] = frozenset()
    replaces: frozenset[str] = frozenset()
    repeals: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinProposal:
    """An instrument that a document may belong to, with why that is thought and how sure it is (0 to 1)."""

    id: int
    document_id: int
    instrument_id: int
    reason: JoinReason
    score: float
    state: ReviewState
    decided_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredIssue:
    """An issue, with how often and when it was seen."""

    id: int
    issue: Issue
    count: int
    first_seen: datetime
    last_seen: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """When a source was crawled; None means never. `next_due_at` None means now."""

    source_id: str
    last_run_at: datetime | None = None
    last_success_at: datetime | None = None
    next_due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlRun:
    """One crawl of one source. `outcome` and `finished_at` are None while it runs, and stay so if it was killed."""

    id: int
    source_id: str
    started_at: datetime
    finished_at: datetime | None
    outcome: str | None
    counters: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedSnapshot:
    """Where a fetch was kept. `is_new` is False if its bytes were those of the fetch before."""

    id: int
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedComparison:
    """A comparison's row and the rows of its changes, in the order of the `Difference`.

    `held_ids` are those of them that nobody may be told of: a side awaits its review, or was rejected.
    """

    id: int
    change_ids: tuple[int, ...]
    held_ids: frozenset[int] = frozenset()

    @property
    def free_ids(self) -> tuple[int, ...]:
        """The changes to be told of."""
        return tuple(each for each in self.change_ids if each not in self.held_ids)
