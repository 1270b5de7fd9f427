"""A document's text at one time, and the facts it states about itself."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from limen.domain.entity import Entity
from limen.domain.issue import Issue
from limen.domain.requirement import Requirement
from limen.domain.sighting import Aside, Sighting
from limen.domain.source import DocumentClass


class Stage(StrEnum):
    """Where the rule stands in its life, by the words of the document."""

    DRAFT = "draft"
    FINAL = "final"
    IN_FORCE = "in_force"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """What a reader makes of the bytes of one page or file.

    `text` is Markdown: `#` headings, `-` or numbered lists, `|` tables. `published` is the publication time that the
    page states in its metadata (never a date from a header widget); None where it states none.
    """

    text: str
    title: str | None = None
    published: datetime | None = None
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """A body that issued a document: its name as printed, and the canonical id that the lexicon gives it."""

    name: str
    canonical: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the extractor found in one text. All offsets count code points of that text."""

    language: str
    requirements: tuple[Requirement, ...] = ()
    entities: tuple[Entity, ...] = ()
    sightings: tuple[Sighting, ...] = ()
    asides: tuple[Aside, ...] = ()
    """The numbers that are no quantities; empty unless they were asked for."""
    stage: Stage = Stage.NONE
    comment_deadline: date | None = None
    effective_on: date | None = None
    references: tuple[str, ...] = ()
    """Official numbers of the document itself, as printed: 公告2024年第14号, RIN 2060-AU37, CELEX 32023R1542."""
    issued_by: tuple[Issuer, ...] = ()
    replaces: tuple[str, ...] = ()
    """Titles or numbers, as printed, of the documents in whose place this one comes."""
    repeals: tuple[str, ...] = ()
    """Titles or numbers, as printed, of the documents that it puts out of force."""
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentVersion:
    """A document's whole text (page and attachments) as it stood from `fetched_at` on.

    `url` identifies the document over its versions. A new version exists only if `text_sha256` differs.
    """

    source_id: str
    url: str
    document_class: DocumentClass
    title: str
    text: str
    language: str
    fetched_at: datetime
    published: datetime | None = None
    snapshots: tuple[str, ...] = ()
    """sha256 of the bytes the text was read from: the page first, then its attachments in order."""
    unread: tuple[str, ...] = ()
    """URLs of the attachments whose text is missing: not fetched, or not readable. Nothing can be said of what they hold."""
    editorial: bool = False
    """The publisher says that this version changes nothing in substance: its changes are kept and never alert."""

    @property
    def text_sha256(self) -> str:
        """Hex digest of the UTF-8 text."""
        return hashlib.sha256(self.text.encode("utf-8")).hexdigest()
