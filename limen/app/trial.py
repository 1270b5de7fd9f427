"""A source tried out: a few documents through the whole way, in a place of their own that is gone afterwards."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from limen.app.bootstrap import Application, open_application
from limen.app.config import Config, HealthConfig
from limen.app.passes import choose_sources, run_pass
from limen.app.report import Reporter
from limen.domain.requirement import Requirement
from limen.store import queries
from limen.store.queries import VersionEntry
from limen.store.repositories import issues, readings
from limen.store.repositories import sources as source_repository

SHOWN = 3
"""Requirements of a document that are shown; JSON has them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What a trial brought: documents with their requirements, and the troubles. Days are in the source's `zone`."""

    HEAD: ClassVar = ("published", "language", "class", "stage", "comments until", "requirements", "title", "url")

    documents: tuple[tuple[VersionEntry, tuple[Requirement, ...]], ...]
    issues: tuple[str, ...]
    zone: ZoneInfo

    def rows(self) -> list[tuple[str, ...]]:
        """Return the rows of a table under `HEAD`."""
        return [
            (
                "" if entry.published is None else f"{entry.published.astimezone(self.zone):%Y-%m-%d}",
                entry.language,
                entry.document_class.value,
                entry.stage.value,
                "" if entry.comment_deadline is None else entry.comment_deadline.isoformat(),
                "-" if entry.requirements is None else str(entry.requirements),
                entry.title,
                entry.url,
            )
            for entry, _ in self.documents
        ]

    def lines(self) -> list[str]:
        """Return what is to be said below the table: some requirements of each document, and the troubles."""
        said = [
            f"read: {each.threshold} {each.metric}" + (f", {each.subject}" if each.subject else "")
            for _, requirements in self.documents
            for each in requirements[:SHOWN]
        ]
        return said + [f"issue: {message}" for message in self.issues]

    def as_json(self) -> dict[str, Any]:
        """Return everything as values of JSON."""
        return {
            "documents": [
                {
                    "title": entry.title,
                    "url": entry.url,
                    "published": None if entry.published is None else entry.published.isoformat(),
                    "language": entry.language,
                    "document_class": entry.document_class.value,
                    "stage": entry.stage.value,
                    "comment_deadline": None if entry.comment_deadline is None else entry.comment_deadline.isoformat(),
                    "references": list(entry.references),
                    "requirements": entry.requirements,
                    "quotes": [each.evidence.quote for each in requirements],
                }
                for entry, requirements in self.documents
            ],
            "issues": list(self.issues),
        }


def tried(application: Application, *, count: int) -> Tried:
    """Return what a trial has stored and read."""
    with application.store.reading() as session:
        found = queries.documents(session, limit=count)
        read = [tuple(each.requirement for each in readings.requirements(session, entry.id)) for entry in found]
        troubles = tuple(each.issue.message for each in issues.load(session))
        source = None if not found else source_repository.get(session, found[0].source_id)
    zone = ZoneInfo("UTC" if source is None else source.timezone)
    return Tried(documents=tuple(zip(found, read, strict=True)), issues=troubles, zone=zone)


@contextmanager
def trial(config: Config, name: str, *, count: int, reporter: Reporter) -> Iterator[Application]:
    """Yield an application in which `count` documents of a source were fetched politely and read.

    It has a database of its own, since what is tried must not look like a first run of the real one, and nobody hears of
    it. The answers of all lists are kept. Nothing waits for attachments that cannot be had.

    Raises:
        UnknownSource: there is no source of this name.
        CrawlFailed: the crawl process broke.
    """
    with tempfile.TemporaryDirectory(prefix="limen-try-") as scratch:
        crawl = config.crawl.model_copy(update={"settings": {**config.crawl.settings, "LIMEN_KEEP_ALL_LISTS": True}})
        alone = config.model_copy(
            update={
                "data_dir": Path(scratch),
                "database": None,
                "crawl": crawl,
                "read": config.read.model_copy(update={"attachment_patience_hours": 0.0}),
                "subscriptions": (),
                "health": HealthConfig(),
            }
        )
        with open_application(alone) as application:
            run_pass(application, choose_sources(application, [name]), reporter=reporter, max_items=count)
            yield application
