"""What a search finds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from limen.domain.document import Stage
from limen.domain.requirement import Requirement
from limen.domain.source import DocumentClass


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """A stretch of a text. `marks` are half-open offsets into `text` of what was looked for."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentHit:
    """A document version that answers a query."""

    document_id: int
    version_id: int
    number: int
    title: str
    url: str
    source_id: str
    publisher: str
    jurisdiction: str
    language: str
    document_class: DocumentClass
    stage: Stage
    published: datetime | None
    valid_from: datetime
    comment_deadline: date | None
    effective_on: date | None
    snippet: Snippet


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementHit:
    """A requirement that answers a query. The snippet of `document` is the text around its quote, which is marked."""

    id: int
    key: str
    requirement: Requirement
    document: DocumentHit


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResults:
    """One page of answers, and how many there are in all.

    A query that only a requirement can meet (a number, a metric, a modality) has no documents among its answers.
    """

    requirements: tuple[RequirementHit, ...]
    requirement_count: int
    documents: tuple[DocumentHit, ...]
    document_count: int
