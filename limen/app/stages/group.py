"""Document versions to groups of near duplicates: the same story under other titles is one group with all its members."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from limen.app.bootstrap import Application
from limen.app.report import PassSummary, Reporter
from limen.app.stages.troubles import save_trouble
from limen.domain.errors import LimenError
from limen.domain.source import DocumentClass
from limen.nlp.near_duplicates import ALIKE, bands, likeness, same_numbers, signature
from limen.store.records import StoredVersion
from limen.store.repositories import near_duplicates
from limen.store.repositories.near_duplicates import SignedDocument

BATCH = 50
"""Texts held in memory at a time."""

_log = logging.getLogger(__name__)


def group(application: Application, *, summary: PassSummary, reporter: Reporter) -> None:
    """Find the near duplicates of every document whose newest text is new. Ends early when the pass is to stop."""
    reporter.begin("group")
    failed: set[int] = set()
    while not application.stop.is_set():
        with application.store.reading() as session:
            pending = near_duplicates.pending(session, limit=BATCH + len(failed))
        versions = [version for version in pending if version.id not in failed]
        if not versions:
            break
        texts = (version.version.text for version in versions)
        signed = []
        for version, outcome in zip(versions, application.workers.map(sign, texts), strict=True):
            if outcome.result is not None:
                signed.append((version, outcome.result))
            elif outcome.error is not None:
                _save_failure(application, version, outcome.error, summary=summary)
                failed.add(version.id)
            reporter.advance("group", version.version.title)
        _save(application, signed)
    reporter.end("group")


def sign(text: str) -> bytes:
    """Return the signature of a text, empty for one too short to judge. Runs in a worker process."""
    return signature(text) or b""


def is_same_story(first: SignedDocument, second: SignedDocument) -> bool:
    """Tell whether two documents tell the same story.

    News goes with news, also where a number differs: that is worth seeing side by side. Official documents go together
    only with the same numbers, and a draft with drafts only: a draft and its final text, or two versions of a rule, say
    nearly the same and are not one document.
    """
    if not first.signature or not second.signature or _kind(first) != _kind(second):
        return False
    if likeness(first.signature, second.signature) < ALIKE:
        return False
    return not first.document_class.is_official or same_numbers(first.signature, second.signature)


def _kind(document: SignedDocument) -> tuple[bool, bool]:
    return document.document_class.is_official, document.document_class is DocumentClass.DRAFT


def _save(application: Application, signed: Iterable[tuple[StoredVersion, bytes]]) -> None:
    """Keep signatures and groups, all in one transaction: each of them is made in a few milliseconds."""
    with application.store.transaction() as session:
        for version, minhash in signed:
            found = bands(minhash) if minhash else ()
            near_duplicates.save(session, version, signature=minhash, bands=found)
            near_duplicates.join(session, version.document_id, resembles=is_same_story)


def _save_failure(application: Application, version: StoredVersion, error: LimenError, *, summary: PassSummary) -> None:
    """Record that a text could not be compared with others in this pass; the next one tries again."""
    document = version.version
    save_trouble(application, error, source_id=document.source_id, url=document.url, summary=summary)
    _log.warning("grouping_failed", extra={"version": version.id, "error": str(error)})
