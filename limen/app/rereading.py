"""Stored bytes read anew: what today's readers make of a version, and how that is kept.

A version is evidence and keeps its text. Where today's readers make another one of the same bytes, it is kept behind it as
a version that `rereads` it: that takes over its keys, is compared with nothing, and stands for it from then on.
"""

from __future__ import annotations

from dataclasses import replace
from email.message import Message

from sqlalchemy.orm import Session

from limen.app.assembly import Assembled, AssemblyJob, Part, assemble
from limen.app.bootstrap import Application
from limen.app.workers import Outcome, WorkFailed
from limen.domain.diff import diff
from limen.domain.document import DocumentVersion
from limen.domain.errors import LimenError
from limen.nlp.text.reader import READER_VERSION
from limen.store.errors import StoreError
from limen.store.records import StoredSnapshot, StoredVersion
from limen.store.repositories import changes, documents, readings, snapshots, sources


class NotReadAnew(LimenError):
    """No text can be made of the bytes of a version any more. It stays as it is; the message says why."""


def part(application: Application, stored: StoredSnapshot, *, label: str | None) -> Part:
    """Return a page, or an attachment with the words of the link to it, for the readers. Raises `StoreError` if it is lost."""
    snapshot = stored.snapshot
    header = Message()
    header["content-type"] = snapshot.header("content-type") or ""
    return Part(
        url=snapshot.url,
        label=label,
        body=application.blobs.get(snapshot.sha256),
        media_type=header.get_content_type() if snapshot.header("content-type") else None,
        charset=header.get_content_charset(),
    )


def assembly_job(application: Application, stored: StoredVersion) -> AssemblyJob:
    """Return the work of making the text of a version anew.

    Raises:
        NotReadAnew: its bytes are lost.
    """
    version = stored.version
    try:
        with application.store.reading() as session:
            source = sources.get(session, version.source_id)
            fetched = snapshots.of_version(session, version)
            labels = [
                snapshots.label_of(session, version.source_id, version.url, each.snapshot.url) for each in fetched
            ]
        parts = tuple(part(application, each, label=label) for each, label in zip(fetched, labels, strict=True))
    except StoreError as error:
        raise NotReadAnew(
            f"version {stored.number} of {version.url} cannot be read anew: {error}; it stays as it was read"
        ) from error
    assert source is not None
    return AssemblyJob(source_id=version.source_id, timezone=source.timezone, parts=parts)


def anew(stored: StoredVersion, outcome: Outcome[AssemblyJob, Assembled]) -> DocumentVersion:
    """Return a version with the text that today's readers made of its bytes.

    Raises:
        NotReadAnew: they could make none, or could not read an attachment of which there was a text before.
        WorkFailed: a worker failed on the bytes.
    """
    before, read = stored.version, outcome.result
    if isinstance(outcome.error, WorkFailed):
        raise outcome.error
    if read is None:
        raise NotReadAnew(
            f"version {stored.number} of {before.url} cannot be read anew: {outcome.error}; it stays as it was read"
        ) from outcome.error
    fetched = {each.url for each in outcome.job.parts}
    unread = (*(url for url in before.unread if url not in fetched), *read.unread)
    lost = sorted(set(unread) - set(before.unread))
    if lost:
        raise NotReadAnew(
            f"version {stored.number} of {before.url} cannot be read anew without losing the text of {', '.join(lost)}, "
            "which cannot be read now; it stays as it was read"
        )
    return replace(before, title=read.title or before.title, text=read.text, language=read.language, unread=unread)


def todays_text(application: Application, stored: StoredVersion) -> DocumentVersion:
    """Return a version with today's text, within the limits of a worker. Raises `NotReadAnew`, and `WorkFailed`."""
    job = assembly_job(application, stored)
    (outcome,) = application.workers.map(assemble, [job])
    return anew(stored, outcome)


def keep_text(session: Session, stored: StoredVersion, version: DocumentVersion) -> StoredVersion:
    """Keep today's text of a version, and return the version that has it: a re-reading, or itself if the text is its own."""
    if version.text_sha256 != stored.version.text_sha256:
        return documents.add_rereading(session, stored, version, reader_version=READER_VERSION)
    documents.mark_read_by(session, stored.id, READER_VERSION)
    return replace(stored, reader_version=READER_VERSION)


def take_over(application: Application, session: Session, stored: StoredVersion) -> None:
    """Let a re-reading that was extracted take over the keys of the version that it reads anew, and mark it as compared."""
    assert stored.rereads is not None
    former = documents.by_id(session, stored.rereads)
    old, new = (
        tuple(each.requirement for each in readings.requirements(session, side.id)) for side in (former, stored)
    )
    changes.take_over(
        session,
        old_version_id=former.id,
        new_version_id=stored.id,
        difference=diff(old, new, old_text=former.version.text, new_text=stored.version.text),
        at=application.clock(),
    )
